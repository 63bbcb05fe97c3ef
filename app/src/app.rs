//! The root of the page.

use leptos::prelude::*;

#[cfg(not(feature = "hydrate"))]
use crate::pages::{
    first::first,
    join::join,
    missing::{foreign, missing, trouble},
    sign_in::sign_in,
};
use crate::{
    boot::{Boot, Page},
    pages::{chat::chat_page, devices::devices, you::you},
};
use view::View;

/// The element in the body that holds the page. What extensions put beside it is theirs, and in nobody's way.
pub(crate) const ROOT: &str = "page";

/// The page that the boot names.
pub(crate) fn app(boot: Boot) -> View {
    provide_context(boot.clone());
    match boot.page {
        Page::Rooms { .. } | Page::Room { .. } | Page::People { .. } => chat_page(),
        Page::Devices { sign_ins } => devices(sign_ins),
        Page::You => you(),
        page => auth_pages(page),
    }
}

/// What works as the server draws it.
#[cfg(not(feature = "hydrate"))]
fn auth_pages(page: Page) -> View {
    match page {
        Page::First { form, code } => first(&form, code),
        Page::SignIn { form, next } => sign_in(&form, next),
        Page::Join {
            code,
            invitation,
            form,
        } => join(&code, invitation.as_ref(), &form),
        Page::Trouble { .. } => trouble(),
        Page::Foreign { from, own } => foreign(&from, &own),
        _ => missing(),
    }
}

/// Such a page does not load the module ([`Page::is_alive`]).
#[cfg(feature = "hydrate")]
fn auth_pages(_: Page) -> View {
    View::Nothing
}
