//! Placeholders while messages load, in the transcript's columns. The style sheet shows it after 300 ms.

use crate::ui::Ui;
use view::{Part, View, tag};

/// Three rows.
pub(crate) fn skeleton() -> View {
    let words = &Ui::here().words.room;
    let row = |one: &'static str, other: &'static str| {
        tag::div("msg first")
            .attr("aria-hidden", "true")
            .child(tag::span("who").child(tag::span("bone w60")))
            .child(tag::span("avatar bone"))
            .child(
                tag::div("what stack")
                    .child(tag::div("").attr("class", format!("bone {one}")))
                    .child(tag::div("").attr("class", format!("bone {other}"))),
            )
    };
    tag::div("skeleton")
        .attr("role", "status")
        .child(tag::span("sr").child(words.skeleton))
        .child(row("w90", "w60"))
        .child(row("w75", "w45"))
        .child(row("w60", "w30"))
        .view()
}
