//! The snapshot that a session starts from when a page was rendered by the server.

use protocol::{Event, Message, Page, RoomId, RoomSummary, Seq, UserSummary};
use serde::{Deserialize, Serialize};

/// What the server knew when it rendered the page. Messages must be read after the rooms, or in one transaction with
/// them: the session takes it that they are at least as new as their room's `last_seq`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Who one is.
    pub me: UserSummary,
    /// One's rooms.
    pub rooms: Vec<RoomSummary>,
    /// People: those who wrote, and those who are here.
    pub users: Vec<UserSummary>,
    /// The room that is looked at.
    pub open: Option<RoomSnapshot>,
    /// The thread of it that is looked at too.
    #[serde(default)]
    pub thread: Option<ThreadSnapshot>,
}

/// The replies of the open thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadSnapshot {
    /// Its newest replies, or those around the linked one, with its first message and how one stands to it.
    pub page: Page,
    /// The reply that the link names.
    pub around: Option<Seq>,
}

/// The messages of the open room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSnapshot {
    /// The room; one of [`Snapshot::rooms`].
    pub room: RoomId,
    /// Its newest messages, or those around the linked one; oldest first.
    pub messages: Vec<Message>,
    /// Joins, leaves and topics among them.
    #[serde(default)]
    pub notes: Vec<Event>,
    /// What they answer, as far as it is not among them.
    #[serde(default)]
    pub quoted: Vec<Message>,
    /// The end of the room's log when they were read: what was changed up to it is in them, and what later, is not.
    pub last_seq: Seq,
    /// Whether there are older ones.
    pub more: bool,
    /// Whether there are newer ones (only around a linked message).
    #[serde(default)]
    pub more_after: bool,
    /// The message that the link names.
    #[serde(default)]
    pub around: Option<Seq>,
}
