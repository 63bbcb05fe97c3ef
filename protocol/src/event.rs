//! The entries of a room's log.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use thiserror::Error;

use crate::{
    ActKind, Changes, MessageId, RoomId, RoomSetting, Seq, ThreadPlace, UserId, summary::is_false,
};

/// One entry of a room's log, as it is pushed, replayed and returned by `log` (contract, "Events").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Flat")]
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// The message in the same room that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Seq>,
        /// Whether it was deleted since.
        #[serde(default, skip_serializing_if = "is_false")]
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

/// An entry as it stands on the wire: the fields of all kinds side by side. Read this way, an entry needs no buffer of values
/// between its text and itself. A kind that this build does not know may use the same names for something else.
#[derive(Deserialize)]
struct Flat {
    room: RoomId,
    seq: Seq,
    at: u64,
    by: UserId,
    kind: String,
    #[serde(default)]
    id: Scalar,
    #[serde(default)]
    text: Scalar,
    #[serde(default)]
    reply_to: Scalar,
    #[serde(default)]
    deleted: Scalar,
    #[serde(default)]
    of: Scalar,
    #[serde(default)]
    emoji: Scalar,
    #[serde(default)]
    on: Scalar,
    #[serde(default)]
    user: Scalar,
    #[serde(default)]
    what: Scalar,
    #[serde(default)]
    value: Scalar,
    #[serde(default)]
    thread: Scalar,
    #[serde(default)]
    n: Scalar,
    #[serde(default)]
    also: Scalar,
}

/// An entry whose field is missing, or is something else than its kind says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is missing or does not fit")]
struct Unfit(&'static str);

impl TryFrom<Flat> for Event {
    type Error = Unfit;

    fn try_from(flat: Flat) -> Result<Self, Unfit> {
        let kind = match flat.kind.as_str() {
            "message" => EventKind::Message {
                id: flat.id.text("id")?.parse().map_err(|_| Unfit("id"))?,
                text: flat.text.some(|text| text.text("text"))?,
                reply_to: flat.reply_to.some(|seq| seq.number("reply_to"))?,
                deleted: flat.deleted.or_false("deleted")?,
                thread: match flat.thread.some(|root| root.number("thread"))? {
                    Some(root) => Some(ThreadPlace {
                        root,
                        n: flat.n.number("n")?,
                        also: flat.also.or_false("also")?,
                    }),
                    None => None,
                },
            },
            "edit" => EventKind::Edit {
                of: flat.of.number("of")?,
                text: flat.text.some(|text| text.text("text"))?,
                deleted: flat.deleted.or_false("deleted")?,
            },
            "delete" => EventKind::Delete {
                of: flat.of.number("of")?,
            },
            "reaction" => EventKind::Reaction {
                of: flat.of.number("of")?,
                emoji: flat.emoji.text("emoji")?,
                on: flat.on.bool("on")?,
            },
            "pin" => EventKind::Pin {
                of: flat.of.number("of")?,
                on: flat.on.bool("on")?,
            },
            "join" => EventKind::Join {
                user: flat.user.user()?,
            },
            "leave" => EventKind::Leave {
                user: flat.user.user()?,
            },
            "topic" => EventKind::Topic {
                text: flat.text.text("text")?,
            },
            "set" => match &*flat.what.text("what")? {
                "name" => EventKind::Set(RoomSetting::Name(flat.value.text("value")?)),
                "read_only" => EventKind::Set(RoomSetting::ReadOnly(flat.value.bool("value")?)),
                "archived" => EventKind::Set(RoomSetting::Archived(flat.value.bool("value")?)),
                // A setting of a newer server.
                _ => EventKind::Unknown,
            },
            _ => EventKind::Unknown,
        };
        Ok(Self {
            room: flat.room,
            seq: flat.seq,
            at: flat.at,
            by: flat.by,
            kind,
        })
    }
}

/// The value of a field, whatever it is.
#[derive(Default)]
enum Scalar {
    /// Left out, or `null`.
    #[default]
    Nothing,
    Bool(bool),
    Number(u64),
    Text(String),
    /// Something that no kind here has.
    Other,
}

impl Scalar {
    fn some<T>(self, read: impl FnOnce(Self) -> Result<T, Unfit>) -> Result<Option<T>, Unfit> {
        match self {
            Self::Nothing => Ok(None),
            value => read(value).map(Some),
        }
    }

    fn text(self, field: &'static str) -> Result<String, Unfit> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(Unfit(field)),
        }
    }

    const fn number(&self, field: &'static str) -> Result<u64, Unfit> {
        match self {
            Self::Number(number) => Ok(*number),
            _ => Err(Unfit(field)),
        }
    }

    const fn bool(&self, field: &'static str) -> Result<bool, Unfit> {
        match self {
            Self::Bool(on) => Ok(*on),
            _ => Err(Unfit(field)),
        }
    }

    fn or_false(self, field: &'static str) -> Result<bool, Unfit> {
        Ok(self.some(|value| value.bool(field))?.unwrap_or_default())
    }

    fn user(&self) -> Result<UserId, Unfit> {
        UserId::new(self.number("user")?).ok_or(Unfit("user"))
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyEvent)
    }
}

/// Takes any value for a [`Scalar`].
struct AnyEvent;

impl<'de> Visitor<'de> for AnyEvent {
    type Value = Scalar;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_bool<E>(self, on: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(on))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}
