//! The parts of an entry that never change.

use std::hash::{DefaultHasher, Hasher as _};

use protocol::{Event, EventKind, MessageId, UserId};

/// An entry, without the text that a deletion takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Print {
    pub(crate) by: UserId,
    pub(crate) at: u64,
    /// Of a message.
    pub(crate) id: Option<MessageId>,
    /// Kind and fields.
    rest: u64,
    /// None once it is deleted.
    text: Option<u64>,
}

pub(crate) fn hash(of: impl std::hash::Hash) -> u64 {
    // The default keys are the same ones within a process: prints can be compared.
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

impl Print {
    pub(crate) fn of(event: &Event) -> Self {
        let (id, rest, text) = match &event.kind {
            EventKind::Message {
                id,
                text,
                reply_to,
                thread,
                ..
            } => {
                let place = thread.map(|place| (place.root, place.n, place.also));
                let rest = hash(("message", id, reply_to, place));
                (Some(*id), rest, text.as_ref())
            }
            EventKind::Edit { of, text, .. } => (None, hash(("edit", of)), text.as_ref()),
            EventKind::Delete { of } => (None, hash(("delete", of)), None),
            EventKind::Reaction { of, emoji, on } => {
                (None, hash(("reaction", of, emoji, on)), None)
            }
            EventKind::Pin { of, on } => (None, hash(("pin", of, on)), None),
            EventKind::Join { user } => (None, hash(("join", user)), None),
            EventKind::Leave { user } => (None, hash(("leave", user)), None),
            EventKind::Topic { text } => (None, hash("topic"), Some(text)),
            EventKind::Set(setting) => (None, hash(("set", format!("{setting:?}"))), None),
            EventKind::Unknown => (None, 0, None),
        };
        Self {
            by: event.by,
            at: event.at,
            id,
            rest,
            text: text.map(hash),
        }
    }

    /// Whether both are the same entry; a text may be gone since.
    pub(crate) fn agrees(&mut self, other: &Self) -> bool {
        let texts = match (self.text, other.text) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        self.text = self.text.or(other.text);
        texts
            && (self.by, self.at, self.id, self.rest) == (other.by, other.at, other.id, other.rest)
    }
}
