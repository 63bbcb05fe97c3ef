//! The line above the composer's field, while one replies or edits.

use leptos::{ev, prelude::*};

use crate::{
    live::{Live, compose::ComposeMode},
    text::first_words,
    ui::{bdi, icon, icon_small},
};
use view::{Part, View, dynamic, many, tag};

/// What one replies to or edits, and a button to stop.
pub(super) fn mode_line(live: Live) -> View {
    let words = &live.ui().words.composer;
    let leave = move |_| live.composer().leave_mode();
    let close = move |says: &'static str| {
        tag::button("icon-btn s")
            .attr("type", "button")
            .attr("aria-label", says)
            .attr("title", says)
            .on(ev::click, leave)
            .child(icon("x"))
    };
    dynamic(move || match live.compose().mode.get() {
        ComposeMode::Plain => ().view(),
        ComposeMode::Reply(seq) => tag::div("over")
            .child(icon_small("reply"))
            .child(tag::span("grow").child(replying_to(live, seq)))
            .child(close(words.stop_replying))
            .view(),
        ComposeMode::Edit(seq) => {
            let time = live
                .composer()
                .said(seq)
                .map(|(_, at, _)| live.clock().get_untracked().time(at))
                .unwrap_or_default();
            tag::div("over")
                .child(icon_small("edit"))
                .child(tag::span("grow").child((words.editing_of)(&time)))
                .child(tag::kbd("").attr("aria-hidden", "true").child("Esc"))
                .child(close(words.stop_editing))
                .view()
        }
    })
}

/// "Replying to 周明 · 加了 keepalive"
fn replying_to(live: Live, seq: u64) -> View {
    let words = &live.ui().words.composer;
    let Some((by, _, text)) = live.composer().said(seq) else {
        return ().view();
    };
    let name = live.people().name(by);
    let says = (words.replying_to)(&name);
    let (before, after) = says.split_once(&name).unwrap_or((&says, ""));
    many()
        .child(before.to_owned())
        .child(tag::b("").child(bdi(&name)))
        .child(after.to_owned())
        .child(live.ui().words.common.dot)
        .child(tag::span("").attr("dir", "auto").child(first_words(&text)))
        .view()
}
