//! The people of a room, and who of them is here.

use leptos::{ev, prelude::*};
use protocol::{RoomId, RoomKind};

use super::people_list::people_list;
use crate::text::isolated;
use crate::{
    live::{Dialog, Live, members::BACK},
    route::Route,
    ui::icon,
};
use view::{Part, View, derived, dynamic, tag};

/// The pane. On a phone it is a page of its own.
pub(crate) fn people_pane(room: RoomId) -> View {
    let live = Live::here();
    let words = &live.ui().words.room;
    let label = move || {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| (words.people_in)(&isolated(&open.name)))
        })
    };
    let as_of = move || {
        let at = live.link().with(|link| link.live_at_ms);
        (words.as_of)(&live.clock().get().time(at))
    };
    tag::section("side people")
        .attr("id", "side")
        .attr("aria-label", label)
        .child(
            tag::div("side-head")
                .child(
                    tag::a("icon-btn drawer-only")
                        .attr("id", BACK)
                        .attr("href", Route::Room(room, None).path())
                        .attr("aria-label", words.back_to_room)
                        .child(icon("left")),
                )
                .child(tag::h2("").child(words.people))
                .child(
                    tag::span("grow")
                        .child(move || {
                            live.members().with(|members| {
                                let known = members.room == Some(room);
                                known.then(|| crate::i18n::number(members.total))
                            })
                        })
                        .child(tag::span("down").child(as_of)),
                )
                .child(add(live, room)),
        )
        .child(people_list(live))
        .view()
}

/// Whoever is in a private room may bring others in.
fn add(live: Live, room: RoomId) -> View {
    let words = &live.ui().words.room;
    let may = derived(move || {
        live.open().with(|open| {
            open.as_ref()
                .is_some_and(|open| open.kind == RoomKind::Private && open.member)
        })
    });
    dynamic(move || {
        may.get().then(|| {
            tag::button("icon-btn s js-only")
                .attr("type", "button")
                .attr("aria-label", words.add_people)
                .attr("title", words.add_people)
                .on(ev::click, move |_| {
                    live.dialog().set(Some(Dialog::AddPeople(room)));
                })
                .child(icon("plus"))
        })
    })
}
