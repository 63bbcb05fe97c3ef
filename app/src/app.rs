//! The root of the page.

use leptos::prelude::*;

use crate::{
    boot::{Boot, Page},
    pages::{
        devices::Devices,
        first::First,
        hub::HubPage,
        join::join,
        missing::{Missing, Trouble},
        sign_in::SignIn,
        you::You,
    },
};

/// The page that the boot names.
#[component]
pub(crate) fn App(boot: Boot) -> impl IntoView {
    provide_context(boot.clone());
    match boot.page {
        Page::First { form } => view! { <First form=form /> }.into_any(),
        Page::SignIn { form, next } => view! { <SignIn form=form next=next /> }.into_any(),
        Page::Join {
            code,
            invitation,
            form,
        } => join(&code, invitation.as_ref(), &form).into_any(),
        Page::Rooms { .. } | Page::Room { .. } | Page::People { .. } => {
            view! { <HubPage /> }.into_any()
        }
        Page::Devices { sign_ins } => view! { <Devices sign_ins=sign_ins /> }.into_any(),
        Page::You => view! { <You /> }.into_any(),
        Page::Missing => view! { <Missing /> }.into_any(),
        Page::Trouble { .. } => view! { <Trouble /> }.into_any(),
    }
}
