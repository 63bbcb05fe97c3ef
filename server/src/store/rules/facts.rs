//! What rules are told of rows, and what they ask to be kept.

use protocol::{
    EventKind, MessageId, ReadPosition, Role, RoomId, RoomKind, Seq, ThreadPlace, UserId,
};

use crate::{
    auth::rights::Place,
    store::{Authored, Named},
};

/// How a user stands to a room.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// What decides about rights.
    pub place: Place,
    /// Up to where a member has read; the beginning for others.
    pub read: ReadPosition,
    /// Where the room's log ends.
    pub head: LogEnd,
}

/// A room that was deleted, and can be brought back.
#[derive(Clone, Debug)]
pub struct HiddenRoom {
    /// How the user who asks stands to it.
    pub seat: Seat,
    /// When it was deleted, in milliseconds since the epoch.
    pub at: u64,
    /// Who deleted it.
    pub by: UserId,
    /// What it was called.
    pub name: String,
}

/// Where a room's log ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogEnd {
    /// The newest entry; 0 for none.
    pub seq: Seq,
    /// The room's own messages in the log ([`EventKind::counts_in_room`]), deleted ones too.
    pub said: u64,
}

/// A message that a command changes, or answers.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Who said it.
    pub author: UserId,
    /// When, in milliseconds since the epoch.
    pub at: u64,
    /// Whether it was deleted.
    pub deleted: bool,
    /// The first message of the thread that it stands in.
    pub thread: Option<Seq>,
    /// Whether it is one of the room's own ([`EventKind::counts_in_room`]).
    pub in_room: bool,
}

/// How somebody follows a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FollowRow {
    /// Whether they do; who did once has a row as well.
    pub on: bool,
    /// How far they have read it.
    pub read: ReadPosition,
}

/// How an emoji stands under a message, for one user.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reacted {
    /// Whether the user gives it, by which entry, and when that was stored; none if the user never did.
    pub mine: Option<(bool, Seq, u64)>,
    /// Since which entry anybody gives it; none if nobody does.
    pub since: Option<Seq>,
    /// How many different emoji the message carries.
    pub different: usize,
}

/// How a user's emoji under a message stands.
#[derive(Clone, Copy, Debug)]
pub struct ReactionRow {
    /// Whether it is given.
    pub on: bool,
    /// The entry that made it so.
    pub seq: Seq,
    /// The entry that brought this emoji under this message.
    pub since: Seq,
}

/// How a message stands among the pinned ones of its room.
#[derive(Clone, Copy, Debug, Default)]
pub struct PinFacts {
    /// Whether it is pinned, by which entry, and when that was stored; none if it never was.
    pub stands: Option<(bool, Seq, u64)>,
    /// How many messages of its room are pinned.
    pub pinned: u32,
}

/// A message on its way into a log.
#[derive(Clone, Copy, Debug)]
pub struct MessageRow<'a> {
    /// The command that says it.
    pub one: &'a Authored,
    /// Its text.
    pub text: &'a str,
    /// What it answers.
    pub reply_to: Option<Seq>,
    /// Its place, and how many of the room's own messages there are up to it.
    pub at: LogEnd,
    /// Where it stands in a thread.
    pub thread: Option<ThreadPlace>,
    /// Whom it names.
    pub named: &'a Named,
}

/// An entry on its way into a log.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'a> {
    /// The room.
    pub room: RoomId,
    /// Who makes it.
    pub by: UserId,
    /// When, in milliseconds since the epoch.
    pub at: u64,
    /// The id of the command that makes it.
    pub id: Option<MessageId>,
    /// What it says.
    pub kind: &'a EventKind,
}

/// A room to be made.
#[derive(Clone, Copy, Debug)]
pub struct RoomRow<'a> {
    /// Whether it is public, private or direct.
    pub kind: RoomKind,
    /// Its name; empty for a direct one.
    pub name: &'a str,
    /// Its topic.
    pub topic: &'a str,
    /// The people of a direct room, sorted.
    pub people: &'a [UserId],
    /// Who makes it.
    pub by: UserId,
    /// When, in milliseconds since the epoch.
    pub at: u64,
}

/// An account to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewUser<'a> {
    /// Its name.
    pub name: &'a str,
    /// What is shown.
    pub display_name: &'a str,
    /// The password's hash.
    pub password: &'a str,
    /// On the whole server.
    pub role: Role,
    /// When, in milliseconds since the epoch.
    pub at: u64,
}

/// How a message stands among those that somebody saved.
#[derive(Clone, Copy, Debug, Default)]
pub struct SavedFacts {
    /// Whether it is one of them.
    pub is: bool,
    /// How many there are.
    pub count: u32,
}

/// A room of which a member has not read all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadRoom {
    /// The room.
    pub room: RoomId,
    /// Up to where the member has read.
    pub read: ReadPosition,
    /// Where its log ends.
    pub end: Seq,
}
