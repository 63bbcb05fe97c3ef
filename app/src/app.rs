//! The root of the page.

use leptos::prelude::*;

#[cfg(not(feature = "hydrate"))]
use crate::pages::{
    devices::devices,
    first::first,
    governing::governing,
    join::join,
    missing::{foreign, missing, trouble},
    reset::reset,
    sign_in::sign_in,
    you::you,
};
use crate::{
    boot::{Boot, BootPage},
    pages::chat::chat_page,
};
use view::View;

/// The element in the body that holds the page. What extensions put beside it is theirs, and in nobody's way.
pub(crate) const ROOT: &str = "page";

/// The page that the boot names.
pub(crate) fn app(boot: &Boot) -> View {
    provide_context(boot.clone());
    match &boot.page {
        BootPage::Rooms { .. }
        | BootPage::Room { .. }
        | BootPage::List { .. }
        | BootPage::Thread { .. }
        | BootPage::People { .. } => chat_page(),
        #[cfg(not(feature = "hydrate"))]
        page => server_pages(page.clone()),
    }
}

/// What works as the server draws it, and does not load the module ([`BootPage::is_alive`]).
#[cfg(not(feature = "hydrate"))]
fn server_pages(page: BootPage) -> View {
    match page {
        BootPage::First { form, code } => first(&form, code),
        BootPage::SignIn { form, next } => sign_in(&form, next),
        BootPage::Join {
            code,
            invitation,
            form,
        } => join(&code, invitation.as_ref(), &form),
        BootPage::Reset { code, person, form } => reset(&code, person.as_ref(), &form),
        BootPage::Devices(page) => devices(&page),
        BootPage::You(page) => you(&page),
        BootPage::Governing(page) => governing(page),
        BootPage::Trouble { .. } => trouble(),
        BootPage::Foreign { from, own } => foreign(&from, &own),
        _ => missing(),
    }
}
