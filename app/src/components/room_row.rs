//! A row of the list of rooms: mark, name, what is new.

use leptos::prelude::*;
use protocol::{NotifyLevel, RoomId, RoomKind, RoomSummary};

use super::{
    avatar::{avatar_with, presence},
    fold::row_id,
    thread::thread_count,
};
use crate::{
    i18n::{Words, number},
    live::{Live, lists::to_me as to_me_of},
    route::Route,
    ui::{bdi, icon, icon_small},
};
use view::{Derived, Part, View, derived, dynamic, many, tag};

/// What stands at the end of a row. Only what is to you has a badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tail {
    /// Said to you: mentions, or the messages of a direct room.
    mine: u64,
    /// Unread beyond those.
    unread: u64,
    direct: bool,
}

/// A muted room tells only who names you.
fn tail_of(room: &RoomSummary) -> Tail {
    let direct = room.kind == RoomKind::Direct && !room.muted;
    let mine = to_me_of(room);
    let shows = room.unread > mine && !room.muted;
    Tail {
        mine,
        unread: if shows { room.unread } else { 0 },
        direct,
    }
}

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

/// It tells nothing: a ring with a bar.
fn silent(words: &'static Words) -> View {
    many()
        .child(icon_small("stop"))
        .child(tag::span("sr").child(words.room.tells_nothing))
        .view()
}

fn pencil(words: &'static Words) -> View {
    many()
        .child(icon_small("edit"))
        .child(tag::span("sr").child(words.rooms.draft))
        .view()
}

/// How many messages are to one in all rooms, as a badge.
pub(super) fn to_me(live: Live) -> View {
    let mine = live.to_me();
    number_of("mine", mine, (live.ui().words.rooms.unread)(mine))
}

fn number_of(class: &'static str, n: u64, says: String) -> View {
    (n > 0)
        .then(|| {
            tag::span("")
                .class(class)
                .child(tag::span("").attr("aria-hidden", "true").child(number(n)))
                .child(tag::span("sr").child(says))
        })
        .view()
}

fn counts(words: &'static Words, tail: Tail) -> View {
    let mine = if tail.direct {
        (words.rooms.messages)(tail.mine)
    } else {
        (words.rooms.mentions)(tail.mine)
    };
    many()
        .child(number_of("mine", tail.mine, mine))
        .child(number_of(
            "count",
            tail.unread,
            (words.rooms.unread)(tail.unread),
        ))
        .view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_to_you_has_a_badge() {
        let room = |kind, unread, mentions| RoomSummary {
            last_seq: 9,
            read_seq: 1,
            unread,
            mentions,
            ..RoomSummary::new(RoomId::new(1).unwrap(), kind, String::new())
        };
        let tail = |kind, unread, mentions| {
            let tail = tail_of(&room(kind, unread, mentions));
            (tail.mine, tail.unread)
        };
        assert_eq!(tail(RoomKind::Public, 12, 0), (0, 12));
        assert_eq!(tail(RoomKind::Public, 27, 3), (3, 27));
        assert_eq!(tail(RoomKind::Private, 1, 1), (1, 0));
        assert_eq!(tail(RoomKind::Direct, 2, 0), (2, 0));
        let muted = |kind| {
            let tail = tail_of(&RoomSummary {
                muted: true,
                ..room(kind, 5, 1)
            });
            (tail.mine, tail.unread)
        };
        assert_eq!(muted(RoomKind::Public), (1, 0));
        assert_eq!(muted(RoomKind::Direct), (1, 0));
    }
}
