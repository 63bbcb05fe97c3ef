//! Where a room would be, when none is open.

use leptos::prelude::*;

use super::empty::Empty;
use crate::live::{Dialog, Live};

/// "Choose a room", or what to do without any.
#[component]
pub(crate) fn Choose() -> AnyView {
    let live = Live::here();
    let words = &live.ui().words.rooms;
    let none = move || live.rooms().with(Vec::is_empty);
    view! {
        <section class="room choose" aria-label=words.choose>
            {move || {
                let title = if none() { words.none } else { words.choose };
                let text = if none() { "" } else { words.choose_more };
                view! {
                    <Empty title=title.to_owned() text=text>
                        <button
                            class="btn js-only"
                            type="button"
                            on:click=move |_| live.dialog().set(Some(Dialog::Browse))
                        >
                            {words.browse}
                        </button>
                    </Empty>
                }
            }}
        </section>
    }
    .into_any()
}
