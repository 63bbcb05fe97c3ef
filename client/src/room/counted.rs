//! Entries of the log, as they matter to what is unread.

use protocol::{Event, EventKind, UserId};

use super::Held;
use crate::people::People;

/// What is known of a message that an entry changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) mine: bool,
    pub(crate) deleted: bool,
    pub(crate) to_me: bool,
}

/// An entry as it matters here.
pub(crate) struct CountedEntry<'e> {
    pub(crate) event: &'e Event,
    pub(crate) me: Option<UserId>,
    /// Whether a message of it is one of those that are counted.
    pub(crate) counts: bool,
    /// Whether a text names this user.
    pub(crate) to_me: bool,
    /// The message that it changes, as it was before, where it is held.
    pub(crate) target: Option<Known>,
}

impl<'e> CountedEntry<'e> {
    /// The next entry of a log of which this is held.
    pub(super) fn new(event: &'e Event, held: &Held, people: &People) -> Self {
        let of = event.kind.of();
        let target = of.and_then(|of| held.entries.surely(of, event.seq));
        let to_me = match &event.kind {
            EventKind::Message {
                text: Some(text), ..
            }
            | EventKind::Edit {
                text: Some(text), ..
            } => people.names_me(event.by, text),
            _ => false,
        };
        Self {
            event,
            me: people.my_id(),
            counts: held.has(event.kind.thread()),
            to_me,
            target: target.map(|held| Known {
                mine: people.is_me(held.view.by),
                deleted: held.view.deleted,
                to_me: held.view.to_me,
            }),
        }
    }
}
