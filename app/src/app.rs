//! The root of the page.

use leptos::prelude::*;

use crate::boot::Boot;

/// The page that the boot in the context names.
#[component]
pub(crate) fn App() -> impl IntoView {
    let boot = expect_context::<Boot>();
    view! { <main>{boot.server.name}</main> }
}
