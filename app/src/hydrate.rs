//! From the server's document to a living page.

use leptos::prelude::*;

use crate::{app::App, boot::Boot};

/// Takes over the page that the server rendered from `boot`.
pub fn hydrate(boot: Boot) {
    leptos::mount::hydrate_body(move || {
        provide_context(boot);
        view! { <App /> }
    });
}
