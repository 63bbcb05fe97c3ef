//! The root of the page.

use leptos::prelude::*;

use crate::view::View;
use crate::{
    boot::{Boot, Page},
    pages::{
        devices::devices,
        first::first,
        hub::hub_page,
        join::join,
        missing::{foreign, missing, trouble},
        sign_in::sign_in,
        you::you,
    },
};

/// The element in the body that holds the page. What extensions put beside it is theirs, and in nobody's way.
pub(crate) const ROOT: &str = "page";

/// The page that the boot names.
pub(crate) fn app(boot: Boot) -> View {
    provide_context(boot.clone());
    match boot.page {
        Page::First { form, code } => first(&form, code),
        Page::SignIn { form, next } => sign_in(&form, next),
        Page::Join {
            code,
            invitation,
            form,
        } => join(&code, invitation.as_ref(), &form),
        Page::Rooms { .. } | Page::Room { .. } | Page::People { .. } => hub_page(),
        Page::Devices { sign_ins } => devices(sign_ins),
        Page::You => you(),
        Page::Missing => missing(),
        Page::Trouble { .. } => trouble(),
        Page::Foreign { from, own } => foreign(&from, &own),
    }
}
