//! What becomes of a write.

use protocol::{Ack, Event, ReadPosition, Role, RoomId, Seq, UserId};

use super::{Begun, Named, Rotated, Used, rules::FollowRow};
use crate::error::Refusal;

/// What became of one write.
pub type WriteOutcome = Result<Done, Refusal>;

/// A write that was stored, or was stored before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What to tell who asked.
    pub reply: Reply,
    /// The entries that it made, in the order of their places. None for a repeat.
    pub events: Vec<Event>,
    /// Whom a message that was sent names.
    pub named: Named,
    /// The thread of the message that was sent or changed, for those who follow it.
    pub thread: Option<Box<ThreadNews>>,
}

/// What an entry means for those who follow a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadNews {
    /// The thread's first message.
    pub root: Seq,
    /// Who follows it now, whoever made the entry among them.
    pub followers: Vec<UserId>,
    /// Whom the entry made follow the thread, but for those who hear of a new reply.
    pub followed: Vec<(UserId, FollowRow)>,
}

/// What to tell who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A command with an id.
    Ack {
        /// The ack, the same for ever.
        ack: Ack,
        /// Whether the id was acked before.
        repeat: bool,
    },
    /// A read position.
    Read {
        /// Where it is now.
        position: ReadPosition,
        /// Whether it moved.
        moved: bool,
    },
    /// How somebody stands to a thread.
    Thread {
        /// Whether they follow it, and how far they have read.
        follow: FollowRow,
        /// Whether this was changed.
        changed: bool,
    },
    /// Rooms were read to their ends: those where something was unread, by id.
    ReadAll(Vec<(RoomId, ReadPosition)>),
    /// A room was made, found or changed.
    Room {
        /// The room.
        room: RoomId,
        /// Its people, where the hub must tell them.
        members: Vec<UserId>,
        /// Whether it is new.
        created: bool,
    },
    /// A room is back.
    RoomBack {
        /// Its people.
        members: Vec<UserId>,
    },
    /// A membership began, ended, or was so already.
    Member {
        /// The user.
        user: UserId,
        /// Whether something changed.
        changed: bool,
    },
    /// An account was made.
    Account {
        /// The user.
        user: UserId,
        /// The first one is the owner's.
        role: Role,
        /// The rooms that it joined.
        rooms: Vec<RoomId>,
    },
    /// A display name, a role, an invite, a reset, what somebody wants of a room, saved, or nothing that anybody is told of.
    Stored,
    /// These sign-ins are over.
    Ended(Vec<u64>),
    /// A sign-in began.
    SignedIn(Begun),
    /// What became of a refresh token.
    Rotated(Rotated),
    /// The uses that were noted.
    Used(Vec<Used>),
}

impl Done {
    /// A reply with entries that name nobody.
    pub fn of(reply: Reply, events: Vec<Event>) -> Self {
        Self {
            reply,
            events,
            named: Named::default(),
            thread: None,
        }
    }

    /// A reply without entries.
    pub fn quiet(reply: Reply) -> Self {
        Self::of(reply, Vec::new())
    }
}
