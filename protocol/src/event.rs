//! The entries of a room's log.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    ActKind, Changes, MessageId, RoomId, RoomSetting, Seq, ThreadPlace, UserId,
    fields::{self, Fields, FromFields, ReadError},
    summary::is_false,
};

/// One entry of a room's log, as it is pushed, replayed and returned by `log` (contract, "Events").
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// Somebody said something.
    Message {
        /// The id its sender minted.
        id: MessageId,
        /// What was said; none once deleted.
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// The message in the same room that it answers.
        #[serde(skip_serializing_if = "Option::is_none")]
        reply_to: Option<Seq>,
        /// Whether it was deleted since.
        #[serde(skip_serializing_if = "is_false")]
        deleted: bool,
        /// Where it stands in a thread.
        #[serde(flatten)]
        thread: Option<ThreadPlace>,
    },
    /// The author changed a message.
    Edit {
        /// The message.
        of: Seq,
        /// Its new text; none once the message is deleted.
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// Whether the message was deleted since.
        #[serde(skip_serializing_if = "is_false")]
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
    /// A message was pinned or unpinned.
    Pin {
        /// The message.
        of: Seq,
        /// Pinned, or unpinned.
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
    /// A setting of the room has another value.
    Set(RoomSetting),
    /// A kind that this build does not know: it takes its place in the log and changes nothing.
    Unknown,
}

impl EventKind {
    /// The kind of act that made it; none for an entry that no command makes, or that this build does not know.
    pub const fn act(&self) -> Option<ActKind> {
        match self {
            Self::Message { .. } => Some(ActKind::Send),
            Self::Edit { .. } => Some(ActKind::Edit),
            Self::Delete { .. } => Some(ActKind::Delete),
            Self::Reaction { .. } => Some(ActKind::React),
            Self::Pin { .. } => Some(ActKind::Pin),
            Self::Join { .. }
            | Self::Leave { .. }
            | Self::Topic { .. }
            | Self::Set(_)
            | Self::Unknown => None,
        }
    }

    /// Whether it stands in a timeline as a note: what happened to the room, and not to a message.
    pub const fn is_note(&self) -> bool {
        matches!(
            self,
            Self::Join { .. } | Self::Leave { .. } | Self::Topic { .. } | Self::Set(_)
        )
    }

    /// Whether it is one of the room's own messages, and so unread there for the other members: a reply that stands in its thread alone is not.
    pub fn counts_in_room(&self) -> bool {
        let counts = self.act().is_some_and(|act| act.rules().counts);
        counts && ThreadPlace::counts_in_room(self.thread())
    }

    /// Where a message stands in a thread.
    pub const fn thread(&self) -> Option<ThreadPlace> {
        match self {
            Self::Message { thread, .. } => *thread,
            _ => None,
        }
    }

    /// What it changes in what is held of the room's messages; none for an entry that no command makes.
    pub fn changes(&self) -> Option<Changes> {
        Some(self.act()?.rules().changes)
    }

    /// The message that it changes.
    pub const fn of(&self) -> Option<Seq> {
        match self {
            Self::Edit { of, .. }
            | Self::Delete { of }
            | Self::Reaction { of, .. }
            | Self::Pin { of, .. } => Some(*of),
            _ => None,
        }
    }
}

impl FromFields for Event {
    fn from_fields(fields: &mut Fields<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            room: fields.must("room")?,
            seq: fields.must("seq")?,
            at: fields.must("at")?,
            by: fields.must("by")?,
            kind: EventKind::from_fields(fields)?,
        })
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        fields::read(from)
    }
}

/// Only the fields of its kind are looked at: one that this build does not know may use the same names for something else.
impl FromFields for EventKind {
    fn from_fields(fields: &mut Fields<'_>) -> Result<Self, ReadError> {
        let kind: String = fields.must("kind")?;
        Ok(match kind.as_str() {
            "message" => Self::Message {
                id: fields.must("id")?,
                text: fields.may("text")?.unwrap_or_default(),
                reply_to: fields.may("reply_to")?.unwrap_or_default(),
                deleted: fields.may("deleted")?.unwrap_or_default(),
                thread: match fields.may("thread")?.unwrap_or_default() {
                    Some(root) => Some(ThreadPlace {
                        root,
                        n: fields.must("n")?,
                        also: fields.may("also")?.unwrap_or_default(),
                    }),
                    None => None,
                },
            },
            "edit" => Self::Edit {
                of: fields.must("of")?,
                text: fields.may("text")?.unwrap_or_default(),
                deleted: fields.may("deleted")?.unwrap_or_default(),
            },
            "delete" => Self::Delete {
                of: fields.must("of")?,
            },
            "reaction" => Self::Reaction {
                of: fields.must("of")?,
                emoji: fields.must("emoji")?,
                on: fields.must("on")?,
            },
            "pin" => Self::Pin {
                of: fields.must("of")?,
                on: fields.must("on")?,
            },
            "join" => Self::Join {
                user: fields.must("user")?,
            },
            "leave" => Self::Leave {
                user: fields.must("user")?,
            },
            "topic" => Self::Topic {
                text: fields.must("text")?,
            },
            "set" => {
                let what: String = fields.must("what")?;
                match what.as_str() {
                    "name" => Self::Set(RoomSetting::Name(fields.must("value")?)),
                    "read_only" => Self::Set(RoomSetting::ReadOnly(fields.must("value")?)),
                    "archived" => Self::Set(RoomSetting::Archived(fields.must("value")?)),
                    // A setting of a newer server.
                    _ => Self::Unknown,
                }
            }
            _ => Self::Unknown,
        })
    }
}
