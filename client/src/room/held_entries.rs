//! Entries that are held, by their place: messages as they stand, and notes.

use std::collections::{BTreeMap, btree_map::Range};

use protocol::{Event, EventKind, Seq};

use super::message::HeldMessage;
use crate::{NoteKind, TimelineNote, people::People};

/// An entry that is held.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Message(HeldMessage),
    Note(TimelineNote),
}

impl Entry {
    /// Whether it is a message that is shown though it missed entries.
    const fn is_stale(&self) -> bool {
        matches!(self, Self::Message(held) if held.stale)
    }
}

/// Messages and notes by their place.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeldEntries {
    pub(crate) all: BTreeMap<Seq, Entry>,
}

impl HeldEntries {
    /// Entries from one place to another, which is not among them. (Every caller uses this kind of range: each other kind would be
    /// compiled as one more search into the Wasm.)
    pub(crate) fn between(&self, from: Seq, to: Seq) -> Range<'_, Seq, Entry> {
        self.all.range(from..to.max(from))
    }

    pub(crate) fn message(&self, seq: Seq) -> Option<&HeldMessage> {
        match self.all.get(&seq) {
            Some(Entry::Message(held)) => Some(held),
            _ => None,
        }
    }

    /// A message as it was before the entry `seq`; none where a page brought it with that entry in it: such a page is newer than the log was seen here,
    /// and says how the message is, not how it was (whether a deleted one named this user, say).
    pub(crate) fn surely(&self, of: Seq, seq: Seq) -> Option<&HeldMessage> {
        let held = self.message(of)?;
        (!held.stale && seq > held.asof).then_some(held)
    }

    /// Adds who came, went or changed the room. Whether that is news.
    pub(super) fn note(&mut self, event: &Event) -> bool {
        let kind = match &event.kind {
            EventKind::Join { user } => NoteKind::Join { user: *user },
            EventKind::Leave { user } => NoteKind::Leave { user: *user },
            EventKind::Topic { text } => NoteKind::Topic { text: text.clone() },
            EventKind::Set(setting) => NoteKind::Set(setting.clone()),
            _ => return false,
        };
        let note = TimelineNote {
            seq: event.seq,
            at: event.at,
            by: event.by,
            kind,
        };
        self.all.insert(event.seq, Entry::Note(note)).is_none()
    }

    /// Removes what is still stale in a part that a page told all of.
    pub(super) fn drop_stale(&mut self, from: Seq, to: Seq) {
        self.all
            .retain(|seq, entry| !(entry.is_stale() && (from..=to).contains(seq)));
    }

    /// The first and the last message that are shown though they missed entries.
    pub(super) fn stale(&self) -> Option<(Seq, Seq)> {
        let mut stale = self.all.iter().filter(|(_, entry)| entry.is_stale());
        let (&first, _) = stale.next()?;
        Some((first, stale.next_back().map_or(first, |(&seq, _)| seq)))
    }

    /// How many messages are held that missed no entry.
    pub(crate) fn messages(&self) -> usize {
        let current = |entry: &&Entry| matches!(entry, Entry::Message(held) if !held.stale);
        self.all.values().filter(current).count()
    }

    /// Messages of others from one place up to and with another, and whether each names this user; and whether all of them are certain to be as they
    /// stand before the entry `next`.
    pub(super) fn unread(
        &self,
        (from, to): (Seq, Seq),
        next: Seq,
        people: &People,
    ) -> (Vec<(Seq, bool)>, bool) {
        let (mut unread, mut sure) = (Vec::new(), true);
        for (&seq, entry) in self.between(from, to + 1) {
            match entry {
                Entry::Message(held) if !held.view.deleted && !people.is_me(held.view.by) => {
                    unread.push((seq, held.view.to_me));
                    sure &= self.surely(seq, next).is_some();
                }
                _ => {}
            }
        }
        (unread, sure)
    }
}
