//! Commands with an id: what a member does in a room.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    EventKind, InThread, MessageId, RoomId, Seq, ThreadPlace,
    fields::{self, Fields, FromFields, ReadError},
    rights::{By, Needs},
};

/// What a member does in a room, once and for ever under one id (contract, "Commands"). The outbox, the frames, the write queue and the
/// stores share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Minted by the author; of this command, not of the message that it changes. The same id again gets the same ack.
    pub id: MessageId,
    /// The room.
    pub room: RoomId,
    /// What is done there.
    pub act: Act,
}

impl Command {
    /// The entry that it makes in the room's log (contract, "Events"). `n` is which reply of its thread a send is; it means nothing for others.
    pub fn entry(&self, n: u64) -> EventKind {
        match self.act.clone() {
            Act::Send {
                text,
                reply_to,
                thread,
            } => EventKind::Message {
                id: self.id,
                text: Some(text),
                reply_to,
                deleted: false,
                thread: thread.map(|InThread { root, also }| ThreadPlace { root, n, also }),
            },
            Act::Edit { of, text } => EventKind::Edit {
                of,
                text: Some(text),
                deleted: false,
            },
            Act::Delete { of } => EventKind::Delete { of },
            Act::React { of, emoji, on } => EventKind::Reaction { of, emoji, on },
            Act::Pin { of, on } => EventKind::Pin { of, on },
        }
    }
}

/// What a command does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Say something.
    Send {
        /// The text; see [`crate::validate_text`].
        text: String,
        /// The message in the same room that it answers.
        reply_to: Option<Seq>,
        /// The thread that it stands in.
        #[serde(skip_serializing_if = "Option::is_none")]
        thread: Option<InThread>,
    },
    /// Change one's own message.
    Edit {
        /// The message.
        of: Seq,
        /// Its new text; see [`crate::validate_text`].
        text: String,
    },
    /// Take a message back, or remove one as a moderator.
    Delete {
        /// The message.
        of: Seq,
    },
    /// Give or take back a reaction.
    React {
        /// The message.
        of: Seq,
        /// One emoji; see `text::reaction_key`.
        emoji: String,
        /// Give, or take back.
        on: bool,
    },
    /// Pin a message for everybody in the room, or unpin it.
    Pin {
        /// The message.
        of: Seq,
        /// Pin, or unpin.
        on: bool,
    },
}

/// As the browser's storage keeps it: `{"send": {…}}`.
impl FromFields for Act {
    fn from_fields(fields: &mut Fields<'_>) -> Result<Self, ReadError> {
        let (name, mut act) = fields.only()?;
        Ok(match &*name {
            "send" => Self::Send {
                text: act.must("text")?,
                reply_to: act.may("reply_to")?.unwrap_or_default(),
                thread: act.may("thread")?.unwrap_or_default(),
            },
            "edit" => Self::Edit {
                of: act.must("of")?,
                text: act.must("text")?,
            },
            "delete" => Self::Delete {
                of: act.must("of")?,
            },
            "react" => Self::React {
                of: act.must("of")?,
                emoji: act.must("emoji")?,
                on: act.must("on")?,
            },
            "pin" => Self::Pin {
                of: act.must("of")?,
                on: act.must("on")?,
            },
            _ => return Err(ReadError::custom("an act is expected")),
        })
    }
}

impl<'de> Deserialize<'de> for Act {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        fields::read(from)
    }
}

/// What kind of act it is. Its name is the frame's `t`, its number is what an id was used for in the store: neither ever changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActKind {
    /// [`Act::Send`].
    Send = 0,
    /// [`Act::Edit`].
    Edit = 1,
    /// [`Act::Delete`].
    Delete = 2,
    /// [`Act::React`].
    React = 3,
    /// [`Act::Pin`].
    Pin = 7,
}

impl ActKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Send, Self::Edit, Self::Delete, Self::React, Self::Pin];

    /// The rules of its acts.
    pub const fn rules(self) -> ActRules {
        match self {
            Self::Send => ActRules {
                by: By::Member,
                needs: Needs::Writable,
                spends_rate: true,
                needs_living: false,
                counts: true,
                changes: Changes::Adds,
            },
            Self::Edit => ActRules {
                by: By::Author,
                needs: Needs::Unarchived,
                spends_rate: true,
                needs_living: true,
                counts: false,
                changes: Changes::Text,
            },
            Self::Delete => ActRules {
                by: By::AuthorOrModerator,
                needs: Needs::Any,
                spends_rate: true,
                needs_living: true,
                counts: false,
                changes: Changes::Erases,
            },
            Self::React => ActRules {
                by: By::Member,
                needs: Needs::Unarchived,
                spends_rate: true,
                needs_living: true,
                counts: false,
                changes: Changes::Reactions,
            },
            Self::Pin => ActRules {
                by: By::Member,
                needs: Needs::Unarchived,
                spends_rate: true,
                needs_living: true,
                counts: false,
                changes: Changes::Pins,
            },
        }
    }

    /// The type of its frame (contract, "Commands").
    pub const fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::React => "react",
            Self::Pin => "pin",
        }
    }
}

/// The rules of a kind of act, in one table for server, client and page (contract, "Commands", "Rights", "Unread").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActRules {
    /// Which members may do it.
    pub by: By,
    /// What their room must be for it.
    pub needs: Needs,
    /// Whether it spends the send rate of its author. A repeat of an acked id spends nothing.
    pub spends_rate: bool,
    /// Whether the message that it changes must not be deleted.
    pub needs_living: bool,
    /// Whether its entry is unread for the other members.
    pub counts: bool,
    /// What its entry changes in what is held of the room.
    pub changes: Changes,
}

/// What an entry changes in what is held of a room: pages of messages, frames of its log, quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// One more message, the newest.
    Adds,
    /// The text of its message, and whom that names.
    Text,
    /// Its message has no text any more: whatever holds the text forgets it.
    Erases,
    /// The reactions to its message.
    Reactions,
    /// Whether its message is pinned.
    Pins,
}

impl Act {
    /// A message of the room that answers none.
    pub fn say(text: impl Into<String>) -> Self {
        Self::Send {
            text: text.into(),
            reply_to: None,
            thread: None,
        }
    }

    /// Its kind.
    pub const fn kind(&self) -> ActKind {
        match self {
            Self::Send { .. } => ActKind::Send,
            Self::Edit { .. } => ActKind::Edit,
            Self::Delete { .. } => ActKind::Delete,
            Self::React { .. } => ActKind::React,
            Self::Pin { .. } => ActKind::Pin,
        }
    }

    /// The message that it changes; none for a new one.
    pub const fn of(&self) -> Option<Seq> {
        match self {
            Self::Send { .. } => None,
            Self::Edit { of, .. }
            | Self::Delete { of }
            | Self::React { of, .. }
            | Self::Pin { of, .. } => Some(*of),
        }
    }

    /// The text of a message that it makes or changes.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Send { text, .. } | Self::Edit { text, .. } => Some(text),
            Self::Delete { .. } | Self::React { .. } | Self::Pin { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry says of what act it is, and so by which rules it came.
    #[test]
    fn an_entry_leads_back_to_its_act() {
        let acts = [
            Act::Send {
                text: "hi".into(),
                reply_to: Some(1),
                thread: None,
            },
            Act::Edit {
                of: 1,
                text: "ho".into(),
            },
            Act::Delete { of: 1 },
            Act::React {
                of: 1,
                emoji: "👍".into(),
                on: true,
            },
            Act::Pin { of: 1, on: true },
        ];
        let kinds = acts.clone().map(|act| act.kind());
        assert_eq!(kinds, ActKind::ALL);
        for act in acts {
            let command = Command {
                id: MessageId::from_u128(7),
                room: RoomId::new(1).unwrap(),
                act: act.clone(),
            };
            let entry = command.entry(0);
            assert_eq!(entry.act(), Some(act.kind()));
            assert_eq!(entry.of(), act.of());
            assert_eq!(entry.changes(), Some(act.kind().rules().changes));
            // What changes a message changes one that is there; a new one adds to what is unread.
            assert_eq!(entry.of().is_none(), entry.counts_in_room());
        }
    }
}
