//! The entries of a room's log.

use serde::{Deserialize, Serialize};

use crate::{MessageId, RoomId, Seq, UserId, summary::is_false};

/// One entry of a room's log, as it is pushed, replayed and returned by `log` (contract, "Events").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The room whose log it is in.
    pub room: RoomId,
    /// Its place there: 1 for the first, no holes.
    pub seq: Seq,
    /// When it was stored, in milliseconds since the epoch; its ack's `at`.
    pub at: u64,
    /// Who did it.
    pub by: UserId,
    /// What was done.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What an entry did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// Somebody said something.
    Message {
        /// The id its sender minted.
        id: MessageId,
        /// What was said; none once deleted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// The message in the same room that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Seq>,
        /// Whether it was deleted since.
        #[serde(default, skip_serializing_if = "is_false")]
        deleted: bool,
    },
    /// The author changed a message.
    Edit {
        /// The message.
        of: Seq,
        /// Its new text; none once the message is deleted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// Whether the message was deleted since.
        #[serde(default, skip_serializing_if = "is_false")]
        deleted: bool,
    },
    /// A message was taken back, or removed by a moderator.
    Delete {
        /// The message.
        of: Seq,
    },
    /// A reaction was given or taken back.
    Reaction {
        /// The message.
        of: Seq,
        /// The emoji.
        emoji: String,
        /// Given, or taken back.
        on: bool,
    },
    /// Somebody became a member.
    Join {
        /// Who; the one who added them is the entry's `by`.
        user: UserId,
    },
    /// Somebody is no longer a member.
    Leave {
        /// Who; the one who removed them is the entry's `by`.
        user: UserId,
    },
    /// The room's topic changed.
    Topic {
        /// The new topic; may be empty.
        text: String,
    },
    /// A kind that this build does not know: it takes its place in the log and changes nothing.
    #[serde(other)]
    Unknown,
}
