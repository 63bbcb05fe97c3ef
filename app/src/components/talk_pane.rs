//! A direct room before its first message: it is made when that is sent.

use leptos::prelude::*;

use super::{
    composer::composer, connection_banner::connection_banner, empty::empty, picker::picker,
    typing::typing,
};
use crate::text::isolated;
use crate::{
    live::Live,
    ui::{bdi, icon},
};
use view::{Part, View, derived, tag};

/// The pane: who it is with, and where to write.
pub(crate) fn talk_pane() -> View {
    let live = Live::here();
    let words = &live.ui().words.room;
    let name = derived(move || {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| open.name.clone())
                .unwrap_or_default()
        })
    });
    let head = tag::header("room-head")
        .child(
            tag::a("icon-btn phone-only")
                .attr("href", "/")
                .attr("aria-label", words.back)
                .child(icon("left")),
        )
        .child(tag::h2("at").child(tag::span("").child(move || name.with(|name| bdi(name)))));
    let start = move || {
        empty(
            (words.start_direct)(&isolated(&name.get())),
            words.direct_more,
            2,
            (),
        )
    };
    tag::section("room")
        .attr("aria-label", move || name.get())
        .child(head)
        .child(tag::div("timeline").child(tag::div("log").child(start)))
        .child(
            tag::div("dock")
                .child(connection_banner())
                .child(typing())
                .child(composer()),
        )
        .child(picker())
        .view()
}
