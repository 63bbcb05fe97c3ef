//! Threads: replies to one message of a room, which stand beside the room's timeline (contract, "Threads").

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Message, ReadPosition, RoomId, Seq, UserId,
    summary::{is_default, is_false},
};

/// The people of a thread that its root names: those who wrote last.
pub const THREAD_WRITERS: usize = 3;

/// That a message is to stand in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct InThread {
    /// The thread's first message: one of the same room that stands in no thread.
    pub root: Seq,
    /// Whether it stands in the room's timeline too.
    #[serde(skip_serializing_if = "is_false")]
    pub also: bool,
}

reads!(InThread { root } { also });

impl InThread {
    /// From the fields of a frame or a body; none for a message of the room.
    pub fn of(thread: Option<Seq>, also: bool) -> Option<Self> {
        match thread {
            Some(root) => Some(Self { root, also }),
            // There is no message 0: a reply without a thread is refused as one that names none.
            None => also.then_some(Self { root: 0, also }),
        }
    }

    /// As `thread` and `also` stand on the wire.
    pub fn fields(this: Option<Self>) -> (Option<Seq>, bool) {
        this.map_or((None, false), |this| (Some(this.root), this.also))
    }
}

/// Where a message stands in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ThreadPlace {
    /// The thread's first message.
    #[serde(rename = "thread")]
    pub root: Seq,
    /// Which reply of the thread it is, from 1; deleted ones are counted.
    pub n: u64,
    /// Whether it stands in the room's timeline too.
    #[serde(skip_serializing_if = "is_false")]
    pub also: bool,
}

impl ThreadPlace {
    /// Whether a message at this place is one of the room's own: it stands in the room's timeline, and counts as unread there. What stands in
    /// a thread alone counts for those who follow the thread.
    pub const fn counts_in_room(this: Option<Self>) -> bool {
        match this {
            None => true,
            Some(place) => place.also,
        }
    }
}

/// The replies to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Replies {
    /// How many there are, deleted ones counted.
    pub n: u64,
    /// The newest.
    #[schema(value_type = u64)]
    pub last_seq: Seq,
    /// When it was stored, in milliseconds since the epoch.
    pub last_at: u64,
    /// Who wrote last, each once, the last one first; at most [`THREAD_WRITERS`].
    pub by: Vec<UserId>,
}

reads!(Replies {
    n,
    last_seq,
    last_at,
    by
});

impl Replies {
    /// With the reply `n` at `seq`. As `n` is absolute, one that is counted already changes nothing.
    #[must_use]
    pub fn with(this: Option<Self>, n: u64, (seq, at): (Seq, u64), by: UserId) -> Self {
        let mut replies = this.unwrap_or(Self {
            n: 0,
            last_seq: 0,
            last_at: 0,
            by: Vec::new(),
        });
        if n <= replies.n {
            return replies;
        }
        replies.by.retain(|known| *known != by);
        replies.by.insert(0, by);
        replies.by.truncate(THREAD_WRITERS);
        Self {
            n,
            last_seq: seq,
            last_at: at,
            by: replies.by,
        }
    }
}

/// A thread as one user sees it, as it was at the `last_seq` of its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ThreadSummary {
    /// Its room.
    pub room: RoomId,
    /// Its first message.
    #[schema(value_type = u64)]
    pub root: Seq,
    /// How many replies there are, deleted ones counted.
    pub n: u64,
    /// The newest reply; 0 for none.
    #[schema(value_type = u64)]
    pub last_seq: Seq,
    /// How far this user has read it.
    #[schema(value_type = u64)]
    pub read_seq: Seq,
    /// How often the position was set back; left out for never.
    #[serde(rename = "gen", skip_serializing_if = "is_default")]
    pub generation: u64,
    /// Replies of others after `read_seq`, deleted ones not counted; counted up to [`crate::limits::THREAD_UNREAD`]. 0 for who does not
    /// follow it.
    pub unread: u64,
    /// Those of them that name this user, or everybody; counted as far.
    pub mentions: u64,
    /// Whether this user follows it.
    #[serde(skip_serializing_if = "is_false")]
    pub following: bool,
}

reads!(ThreadSummary { room, root, n, last_seq, read_seq, unread, mentions } { generation as "gen", following });

impl ThreadSummary {
    /// How far this user has read it.
    pub const fn position(&self) -> ReadPosition {
        ReadPosition {
            generation: self.generation,
            seq: self.read_seq,
        }
    }
}

/// `GET /threads`: the threads that one follows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadList {
    /// Those with something unread first; then the one with the newest reply.
    pub threads: Vec<ThreadRow>,
    /// Where the next page starts; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

reads!(ThreadList { threads } { next });

/// A thread in a list, with its first message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ThreadRow {
    /// The thread.
    pub thread: ThreadSummary,
    /// Its first message as it stands now.
    pub message: Message,
}

reads!(ThreadRow { thread, message });

/// `thread`: a thread of the user's own changed: a reply in one that they follow, whether they follow it, how far they have read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ThreadChange {
    /// The room.
    pub room: RoomId,
    /// The thread's first message.
    pub root: Seq,
    /// A new reply of somebody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// Whether the user follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub following: Option<bool>,
    /// How far the user has read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_seq: Option<Seq>,
    /// The generation of this position; left out for the first, 0.
    #[serde(rename = "gen", skip_serializing_if = "is_default")]
    pub generation: u64,
}

reads!(ThreadChange { room, root } { seq, following, read_seq, generation as "gen" });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_counted_once_and_name_who_wrote_last() {
        let user = |id| UserId::new(id).unwrap();
        let mut replies = None;
        for (n, by) in [(1, 7), (2, 8), (3, 7), (4, 9), (5, 6)] {
            let added = Replies::with(replies, n, (n + 10, n + 100), user(by));
            let again = Replies::with(Some(added.clone()), n, (99, 99), user(3));
            assert_eq!(added, again);
            replies = Some(again);
        }
        let replies = replies.unwrap();
        assert_eq!((replies.n, replies.last_seq, replies.last_at), (5, 15, 105));
        assert_eq!(replies.by, [user(6), user(9), user(7)]);
    }

    #[test]
    fn a_reply_counts_in_its_room_only_where_it_stands_there() {
        let place = |also| ThreadPlace {
            root: 5,
            n: 1,
            also,
        };
        assert!(ThreadPlace::counts_in_room(None));
        assert!(ThreadPlace::counts_in_room(Some(place(true))));
        assert!(!ThreadPlace::counts_in_room(Some(place(false))));
        assert_eq!(InThread::of(None, false), None);
        assert_eq!(InThread::of(None, true).map(|it| it.root), Some(0));
    }
}
