//! One command of the outbox, as the browser's storage keeps it.

use protocol::{ClientFrame, Delete, Edit, ErrorCode, MessageId, React, RoomId, Send, Seq, UserId};
use serde::{Deserialize, Serialize};

/// A command without an answer. It is kept until it is acked, refused or discarded, over reloads and crashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// Minted here; makes every repeat harmless.
    pub id: MessageId,
    /// Its place in the outbox: entries of a room go out in this order.
    pub order: u64,
    /// Whose it is. Somebody else who signs in on the same browser does not send it.
    pub by: Option<UserId>,
    /// Where.
    pub room: RoomId,
    /// What.
    pub command: Command,
    /// When it was given, in milliseconds since the epoch.
    pub at: u64,
    /// How often it was sent so far.
    #[serde(default)]
    pub attempts: u32,
    /// Why it failed, if it did: then it waits for its author to decide.
    #[serde(default)]
    pub failed: Option<Failure>,
}

/// What a person asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Say something.
    Send {
        /// What.
        text: String,
        /// The message in the same room that it answers.
        #[serde(default)]
        reply_to: Option<Seq>,
    },
    /// Change one's own message.
    Edit {
        /// The message.
        of: Seq,
        /// Its new text.
        text: String,
    },
    /// Take a message back.
    Delete {
        /// The message.
        of: Seq,
    },
    /// Give or take back a reaction.
    React {
        /// The message.
        of: Seq,
        /// One emoji.
        emoji: String,
        /// Give, or take back.
        on: bool,
    },
}

impl Command {
    /// The message that it changes; none for a new one.
    pub const fn of(&self) -> Option<Seq> {
        match self {
            Self::Send { .. } => None,
            Self::Edit { of, .. } | Self::Delete { of } | Self::React { of, .. } => Some(*of),
        }
    }
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The server's code.
    pub code: ErrorCode,
    /// The server's words.
    pub message: String,
}

impl OutboxEntry {
    /// The entry as it goes over the wire.
    pub(crate) fn frame(&self) -> ClientFrame {
        let (id, room) = (self.id, self.room);
        match self.command.clone() {
            Command::Send { text, reply_to } => ClientFrame::Send(Send {
                id,
                room,
                text,
                reply_to,
            }),
            Command::Edit { of, text } => ClientFrame::Edit(Edit { id, room, of, text }),
            Command::Delete { of } => ClientFrame::Delete(Delete { id, room, of }),
            Command::React { of, emoji, on } => ClientFrame::React(React {
                id,
                room,
                of,
                emoji,
                on,
            }),
        }
    }
}
