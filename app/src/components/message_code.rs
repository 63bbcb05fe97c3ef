//! A block of code in a message.

use leptos::{ev, prelude::*};

use crate::{live::Live, ui::icon_small};
use view::{Part, View, tag};

/// How long one sees that it was copied, in milliseconds.
const COPIED_MS: u64 = 2_000;

/// The block, with the name of its language where it has one, and a button that copies it.
pub(super) fn code_block(
    live: Live,
    active: &ArcRwSignal<bool>,
    language: &str,
    lines: &str,
) -> View {
    let words = &live.ui().words.message;
    let label = if language.is_empty() {
        words.code.to_owned()
    } else {
        format!("{}, {language}", words.code)
    };
    tag::div("code")
        .child(
            tag::div("about")
                .child((!language.is_empty()).then(|| tag::span("lang").child(language.to_owned())))
                .child(copy_button(live, active.clone(), lines.to_owned())),
        )
        .child(
            tag::pre("")
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-label", label)
                .child(lines.to_owned()),
        )
        .view()
}

fn copy_button(live: Live, active: ArcRwSignal<bool>, lines: String) -> View {
    let words = &live.ui().words.message;
    let copied = ArcRwSignal::new(false);
    let is_copied = copied.clone();
    tag::button("icon-btn s js-only")
        .attr("type", "button")
        .attr("aria-label", words.copy_code)
        .attr("title", words.copy_code)
        .attr("tabindex", move || live.inner_tab(active.get()))
        .on(ev::click, move |_| {
            let copied = copied.clone();
            live.copy_and(&lines, move || {
                copied.set(true);
                live.ui().browser(|browser| {
                    browser.after(COPIED_MS, Box::new(move || copied.set(false)));
                });
            });
        })
        .child(move || icon_small(if is_copied.get() { "check" } else { "copy" }))
        .view()
}
