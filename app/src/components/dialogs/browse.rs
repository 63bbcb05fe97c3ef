//! The open rooms: join one, open one, or make one.

use leptos::{ev, prelude::*};
use protocol::{RoomKind, RoomSummary};

use super::{harmless, title};
use crate::text::isolated;
use crate::{
    live::{Dialog, Live},
    route::Route,
    ui::{bdi, icon},
};
use view::{Part, View, many, tag};

/// The list.
pub(crate) fn browse() -> View {
    let live = Live::here();
    let words = live.ui().words;
    let rooms = RwSignal::new(None::<Vec<RoomSummary>>);
    let failed = RwSignal::new(false);
    live.room_actions().all_rooms(move |all| match all {
        Some(all) => {
            let names: Vec<String> = all.iter().map(|room| room.name.clone()).collect();
            let order = live.driver().in_order(&names);
            let in_order = order.into_iter().filter_map(|at| all.get(at));
            let open = in_order.filter(|room| room.kind == RoomKind::Public);
            // Those that one is not in come first.
            let (joined, mut open): (Vec<_>, Vec<_>) = open.cloned().partition(|room| room.member);
            open.extend(joined);
            rooms.set(Some(open));
        }
        None => failed.set(true),
    });
    let list = move || match rooms.get() {
        None if failed.get() => tag::p("").child(words.common.failed).view(),
        None => tag::p("").child(words.dialog.loading).view(),
        Some(rooms) => {
            let all_joined = rooms.iter().all(|room| room.member);
            many()
                .child(all_joined.then(|| tag::p("").child(words.dialog.browse_none)))
                .child(
                    tag::ul("lines").child(
                        rooms
                            .into_iter()
                            .map(|room| one(live, room))
                            .collect::<Vec<_>>(),
                    ),
                )
                .view()
        }
    };
    many()
        .child(title(words.dialog.browse.to_owned()))
        .child(tag::div("dialog-scroll").child(list))
        .child(
            tag::div("ends")
                .child(harmless(live, words.common.close))
                .child(
                    tag::button("btn primary")
                        .attr("type", "button")
                        .on(ev::click, move |_| live.dialog().set(Some(Dialog::NewRoom)))
                        .child(words.dialog.new_room),
                ),
        )
        .view()
}

fn one(live: Live, room: RoomSummary) -> View {
    let words = &live.ui().words.dialog;
    let (name, topic, member, id) = (room.name.clone(), room.topic.clone(), room.member, room.id);
    let act = move |_| {
        if member {
            live.close_dialog();
            live.navigation().go(Route::Room(id, None));
        } else {
            live.room_actions().join(room.clone());
        }
    };
    let label = if member {
        format!("{} {}", words.open, isolated(&name))
    } else {
        (words.join_named)(&isolated(&name))
    };
    tag::li("")
        .child(tag::span("mark").child(icon("hash")))
        .child(
            tag::span("")
                .child(
                    tag::b("")
                        .child(bdi(&name))
                        .child(member.then(|| tag::span("tag this").child(words.joined))),
                )
                .child(tag::small("").attr("dir", "auto").child(topic)),
        )
        .child(
            tag::button("btn small")
                .attr("type", "button")
                .attr("aria-label", label)
                .on(ev::click, act)
                .child(if member {
                    words.open
                } else {
                    live.ui().words.dialog.join
                }),
        )
        .view()
}
