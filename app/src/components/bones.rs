//! What is loading, in the transcript's columns. The style sheet shows it after 300 ms.

use leptos::prelude::*;

use crate::ui::Ui;

/// Three rows.
pub(crate) fn bones() -> AnyView {
    let words = &Ui::here().words.room;
    let row = |one: &'static str, other: &'static str| {
        view! {
            <div class="msg first" aria-hidden="true">
                <span class="who">
                    <span class="bone w60"></span>
                </span>
                <span class="seal bone"></span>
                <div class="what stack">
                    <div class=format!("bone {one}")></div>
                    <div class=format!("bone {other}")></div>
                </div>
            </div>
        }
    };
    view! {
        <div class="bones" role="status">
            <span class="sr">{words.bones}</span>
            {row("w90", "w60")}
            {row("w75", "w45")}
            {row("w60", "w30")}
        </div>
    }
    .into_any()
}
