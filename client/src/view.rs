//! The view of a room, for drawing.

use std::sync::Arc;

use protocol::{ErrorCode, MessageId, Reaction, Replies, RoomSetting, Seq, ThreadPlace, UserId};

/// A room as it is now, or a thread of one.
#[derive(Clone, Copy, Debug)]
pub struct RoomView<'s> {
    pub(crate) room: &'s crate::room::Room,
    pub(crate) around: crate::room::Around<'s>,
}

/// What a room says, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Messages, notes and gaps, oldest first; what is not stored yet stands at the end.
    pub items: Vec<TimelineItem>,
    /// What stands right above them, when they are a part of what is held.
    pub above: Option<Above>,
    /// Whether something stands below them, because they are a part of what is held.
    pub below: bool,
    /// Messages that those among the items answer, as far as they are known, with their places.
    pub quoted: Vec<(Seq, Arc<MessageView>)>,
    /// Whether the first page is there. Before, a skeleton is drawn; after, an empty timeline is an empty room.
    pub loaded: bool,
    /// Whether older messages exist that are not held.
    pub more: bool,
    /// How loading of the first page or of older messages goes.
    pub load: Load,
}

/// A part of a room that is drawn, by the places of its first and last entry. By default all that is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Nothing before this entry; none: from the oldest that is held.
    pub from: Option<Seq>,
    /// Nothing after this entry; none: to the end, with what comes there.
    pub to: Option<Seq>,
}

/// What stands right above a [`Window`]: it is not drawn, but what is drawn below depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Above {
    /// The entry above, and the gap after it, if there is one.
    pub items: Vec<TimelineItem>,
    /// The place of the oldest entry that is held.
    pub first: Seq,
    /// Whether the place of the "New" line is above the drawn part.
    pub new: bool,
}

/// How loading goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Load {
    /// Nothing is under way.
    #[default]
    Idle,
    /// It was asked for, or will be once the connection is back.
    Loading,
    /// The server refused it.
    Failed {
        /// The server's code.
        code: ErrorCode,
        /// Why, in the server's words.
        message: String,
    },
}

/// One thing of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimelineItem {
    /// Somebody said something.
    Message(Arc<MessageView>),
    /// Somebody came or went, or the room changed.
    Note(TimelineNote),
    /// Entries that are not held.
    Gap(Gap),
}

/// A message as it stands, one's own changes that are on their way included.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageView {
    /// Its place in the log; none while it is not stored.
    pub seq: Option<Seq>,
    /// The id its author minted; unique with `by`.
    pub id: MessageId,
    /// Its author.
    pub by: UserId,
    /// When it was stored, or given, in milliseconds since the epoch.
    pub at: u64,
    /// Its text; none once deleted.
    pub text: Option<String>,
    /// The message that it answers.
    pub reply_to: Option<Seq>,
    /// When it was last edited, in milliseconds since the epoch.
    pub edited_at: Option<u64>,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Its reactions, in the order in which each was first given.
    pub reactions: Vec<Reaction>,
    /// Whether it is pinned in its room.
    pub pinned: bool,
    /// Where it stands in a thread. Of what is not stored yet the number is 0.
    pub thread: Option<ThreadPlace>,
    /// The thread that it is the first message of.
    pub replies: Option<Replies>,
    /// Whether it names this user or everybody; never for one's own.
    pub to_me: bool,
    /// Where it is on its way.
    pub state: SendState,
    /// Whether an edit or deletion of it is on its way.
    pub changing: bool,
}

/// Where a message is on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SendState {
    /// Stored, durably.
    #[default]
    Stored,
    /// On its way, or about to be.
    Pending,
    /// Went out over a connection that lives, and has no answer for long. It goes out again by itself, or by [`crate::Input::Retry`].
    Late,
    /// Waits: for the connection, for the server to take more, or for the one before it.
    Waiting {
        /// Why the server wants it later; none when the connection is down.
        why: Option<ErrorCode>,
        /// When it goes out again, in [`crate::Now::mono_ms`]; none when that is not known.
        until_ms: Option<u64>,
    },
    /// Refused; its author decides.
    Failed {
        /// The server's code.
        code: ErrorCode,
        /// Why, in the server's words.
        message: String,
        /// Whether the same message may pass later: then "Try again" is offered.
        retry: bool,
    },
}

/// An entry that is not a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineNote {
    /// Its place in the log.
    pub seq: Seq,
    /// When, in milliseconds since the epoch.
    pub at: u64,
    /// Who did it.
    pub by: UserId,
    /// The change: who came or went, the new topic, or the setting.
    pub kind: NoteKind,
}

/// What a note tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// Somebody became a member.
    Join {
        /// The user.
        user: UserId,
    },
    /// Somebody is no longer a member.
    Leave {
        /// The user.
        user: UserId,
    },
    /// The topic changed.
    Topic {
        /// The new one; may be empty.
        text: String,
    },
    /// The room is called otherwise, or is otherwise.
    Set(RoomSetting),
}

/// Entries between two places that are not held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The last entry before it.
    pub after: Seq,
    /// The first entry after it.
    pub before: Seq,
    /// Entries in it; messages are not more than that.
    pub count: u64,
    /// How filling it goes. One from a lost event fills itself; others when asked.
    pub load: Load,
}

/// Where the "New" line stands: fixed when the room is opened, until one leaves or takes it away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewMark {
    /// What was read: the line stands before the first message of others after this entry.
    pub after: Seq,
    /// How many messages were unread, as the room's count was when the line was fixed.
    pub count: u64,
}
