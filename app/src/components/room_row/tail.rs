//! What stands at the end of a room's row: how much is new, and its marks.

use protocol::{RoomKind, RoomSummary};

use crate::{
    i18n::{Words, number},
    live::{Live, lists::to_me as to_me_of},
    ui::icon_small,
};
use view::{Part, View, many, tag};

/// What stands at the end of a row. Only what is to you has a badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tail {
    /// Said to you: mentions, or the messages of a direct room.
    mine: u64,
    /// Unread beyond those.
    unread: u64,
    direct: bool,
}

/// A muted room tells only who names you.
pub(super) fn tail_of(room: &RoomSummary) -> Tail {
    let direct = room.kind == RoomKind::Direct && !room.muted;
    let mine = to_me_of(room);
    let shows = room.unread > mine && !room.muted;
    Tail {
        mine,
        unread: if shows { room.unread } else { 0 },
        direct,
    }
}

/// It tells nothing: a ring with a bar.
pub(super) fn silent(words: &'static Words) -> View {
    many()
        .child(icon_small("stop"))
        .child(tag::span("sr").child(words.room.tells_nothing))
        .view()
}

pub(super) fn pencil(words: &'static Words) -> View {
    many()
        .child(icon_small("edit"))
        .child(tag::span("sr").child(words.rooms.draft))
        .view()
}

/// How many messages are to one in all rooms, as a badge.
pub(in crate::components) fn to_me(live: Live) -> View {
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

pub(super) fn counts(words: &'static Words, tail: Tail) -> View {
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
    use protocol::RoomId;

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
