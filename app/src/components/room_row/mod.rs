//! A row of the list of rooms: mark, name, what is new.

mod tail;

use leptos::prelude::*;
use protocol::{NotifyLevel, RoomId, RoomKind, RoomSummary};

use super::{
    avatar::{avatar_with, presence},
    fold::row_id,
    thread::thread_count,
};
use crate::{
    live::Live,
    route::Route,
    ui::{bdi, icon},
};
pub(super) use tail::to_me;
use tail::{counts, pencil, silent, tail_of};
use view::{Derived, Part, View, derived, dynamic, tag};

/// The row of a room.
pub(crate) fn room_row(room: RoomId, tab: Derived<Option<RoomId>>) -> View {
    let live = Live::here();
    let summary = derived(move || {
        live.rooms()
            .with(|rooms| rooms.iter().find(|one| one.id == room).cloned())
    });
    let is =
        move |test: fn(&RoomSummary) -> bool| summary.with(|room| room.as_ref().is_some_and(test));
    let unread = move || is(|room| room.unread > 0 && !room.muted);
    let muted = derived(move || is(|room| room.muted));
    let open = move || live.route().get().room() == Some(room);
    // One stop for Tab: the open room, or the first. The arrows walk the rest. Without scripts all are.
    let stop = move || {
        let tab = tab.get() == Some(room);
        (live.ui().alive.get() && !tab).then_some("-1")
    };
    let nothing = derived(move || is(|room| room.notify == NotifyLevel::Nothing));
    let name = derived(move || {
        summary.with(|room| {
            room.as_ref()
                .map(|room| room.name.clone())
                .unwrap_or_default()
        })
    });
    let tail = derived(move || summary.with(|room| room.as_ref().map(tail_of)));
    let draft = derived(move || {
        !open()
            && live
                .compose()
                .drafts
                .with(|drafts| drafts.contains_key(&(room, None)))
    });
    tag::li("")
        .child(
            tag::a("row")
                .class_when("unread", unread)
                .class_when("muted", move || muted.get())
                .attr("id", row_id(room))
                .attr("tabindex", stop)
                .attr("href", Route::Room(room, None).path())
                .attr("aria-current", move || open().then_some("page"))
                .child(mark(live, summary))
                .child(tag::span("name").child(move || name.with(|name| bdi(name))))
                .child(
                    tag::span("tail")
                        .child(move || {
                            let says = live.ui().words.room.muted;
                            muted.get().then(|| tag::span("sr").child(says))
                        })
                        .child(move || nothing.get().then(|| silent(live.ui().words)))
                        .child(move || draft.get().then(|| pencil(live.ui().words)))
                        .child(thread_count(live, room))
                        .child(move || tail.get().map(|tail| counts(live.ui().words, tail))),
                ),
        )
        .view()
}

/// A hash, a lock, or the avatar of the other one.
fn mark(live: Live, summary: Derived<Option<RoomSummary>>) -> View {
    let me = live.me().with_untracked(|me| me.id);
    let shape = derived(move || {
        summary.with(|room| {
            let room = room.as_ref()?;
            let other = room
                .users
                .iter()
                .copied()
                .find(|user| *user != me)
                .or(room.users.first().copied());
            Some((room.kind, other.filter(|_| room.kind == RoomKind::Direct)))
        })
    });
    dynamic(move || match shape.get() {
        Some((_, Some(other))) => {
            let person = live.people().person(other);
            let drawn = person.get();
            avatar_with(other, &drawn.name, "", presence(drawn.state)).view()
        }
        Some((RoomKind::Direct, None)) => icon("person").view(),
        Some((RoomKind::Private, _)) => icon("lock").view(),
        _ => icon("hash").view(),
    })
}
