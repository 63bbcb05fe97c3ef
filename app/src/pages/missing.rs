//! Pages that are not there, or cannot be shown now.

use leptos::prelude::*;

use crate::{components::empty::Empty, ui::Ui};

/// Nothing here, or nothing that the viewer may know of.
#[component]
pub(crate) fn Missing() -> AnyView {
    let words = &Ui::here().words.common;
    view! {
        <main class="alone">
            <Empty title=words.missing_title.to_owned() text=words.missing level=1>
                <a class="btn primary" href="/">
                    {words.to_rooms}
                </a>
            </Empty>
        </main>
    }
    .into_any()
}

/// The server could not do what was asked.
#[component]
pub(crate) fn Trouble() -> AnyView {
    let words = &Ui::here().words.common;
    view! {
        <main class="alone">
            <Empty title=words.trouble_title.to_owned() text=words.trouble level=1>
                <a class="btn primary" href="">
                    {words.try_again}
                </a>
            </Empty>
        </main>
    }
    .into_any()
}
