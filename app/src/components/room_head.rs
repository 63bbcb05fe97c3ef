//! The head of a room: its name, its topic, its people, its menu.

use leptos::prelude::*;
use protocol::{RoomId, RoomKind};

use super::{people_link::people_link, room_menu::room_menu};
use crate::{
    live::Live,
    text::lang_of,
    ui::{bdi, icon},
};
use view::{Part, View, derived, tag};

/// The head.
pub(crate) fn room_head(room: RoomId) -> View {
    let live = Live::here();
    let words = &live.ui().words.room;
    let kind = derived(move || live.open().with(|open| open.as_ref().map(|open| open.kind)));
    let name = derived(move || {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| open.name.clone())
                .unwrap_or_default()
        })
    });
    let topic = derived(move || {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| open.topic.clone())
                .unwrap_or_default()
        })
    });
    tag::header("room-head")
        .child(
            tag::a("icon-btn phone-only")
                .attr("href", "/")
                .attr("aria-label", words.back)
                .child(icon("left")),
        )
        .child(
            tag::h2("at")
                // Of a page that was emptied, as its sign-in ended, nothing is said.
                .attr("hidden", move || {
                    name.with(|name| name.is_empty().then_some(""))
                })
                .child(move || match kind.get() {
                    Some(RoomKind::Public) => Some(icon("hash")),
                    Some(RoomKind::Private) => Some(icon("lock")),
                    _ => None,
                })
                .child(tag::span("").child(move || name.with(|name| bdi(name)))),
        )
        .child(
            tag::p("topic wide-only")
                .attr("title", words.topic)
                .attr("dir", "auto")
                .attr("lang", move || topic.with(|topic| lang_of(topic)))
                .child(move || topic.get()),
        )
        .child(
            tag::div("acts")
                .child(people_link(live, room))
                .child(room_menu(live)),
        )
        .view()
}
