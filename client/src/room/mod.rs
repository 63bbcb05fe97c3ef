//! One room: its log, what is held of it, its counts.

mod counted;
mod counts;
mod due;
mod entries;
mod fetching;
mod held;
mod held_entries;
mod log;
pub(crate) mod message;
mod pages;
mod passing;
mod pending;
mod project;
mod quoted;
mod reading;
mod scope;
mod seen;
mod set_back;
mod settling;
mod spans;
mod thread;
mod typing;
mod unread;
mod window;

use std::sync::Arc;

use protocol::{Event, EventKind, RoomCounts, RoomSummary, Seq};

pub(crate) use counts::UnreadCounts;
pub(crate) use due::Due;
pub(crate) use entries::Following;
pub(crate) use fetching::Fetching;
pub(crate) use held::{FetchedPage, Held, said};
pub(crate) use held_entries::Entry;
pub(crate) use log::{RoomLog, TakenEntry};
pub(crate) use message::view_of;
pub(crate) use project::{Around, Projection};
pub(crate) use quoted::Quoted;
pub(crate) use reading::{ReadState, RoomReader};
pub(crate) use scope::Scope;
pub(crate) use seen::SeenSpans;
pub(crate) use settling::Settling;
pub(crate) use thread::ThreadState;
pub(crate) use typing::Typists;

use self::counted::CountedEntry;
use crate::{Failure, MessageView, NewMark, people::People, requests::Want};

/// How long an entry that is known to exist may take to come by itself, in milliseconds.
const GRACE_MS: u64 = 1_000;

/// Held entries that stay to be seen, until they are loaded again, when too many were missed in a row.
const KEEP_STALE: usize = 100;

/// A room as one user sees it, or a thread of it: that is the same log, of which other messages are shown.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    /// With the counts and the last entry as they are now.
    pub(crate) summary: RoomSummary,
    pub(crate) log: RoomLog,
    pub(crate) held: Held,
    pub(crate) counts: UnreadCounts,
    pub(crate) typing: Typists,
    /// Own commands that are stored, beyond the cursor.
    pub(crate) settling: Settling,
    /// What could not be loaded.
    pub(crate) failed: Vec<(Want, Failure)>,
    /// What is answered and not held.
    pub(crate) quoted: Quoted,
    pub(crate) reading: ReadState,
    /// What a thread has and a room has not.
    pub(crate) thread: Option<Box<ThreadState>>,
    /// The summary's name, topic and settings are as of this entry.
    told: Seq,
    /// What was said in threads that are not known is not unread up to here.
    pub(crate) threads_read: Seq,
}

impl Room {
    /// A room of which nothing is held.
    pub(crate) fn new(summary: RoomSummary) -> Self {
        let cursor = summary.last_seq;
        let mut counts = UnreadCounts::default();
        counts.tell(RoomCounts::from(&summary), cursor);
        Self {
            log: RoomLog::new(cursor),
            held: Held::new(cursor, None),
            counts,
            typing: Typists::default(),
            settling: Settling::default(),
            failed: Vec::new(),
            quoted: Quoted::default(),
            reading: ReadState::default(),
            thread: None,
            told: cursor,
            threads_read: cursor,
            summary,
        }
    }

    /// The server's word on the room, as it was at `last_seq`. Held entries stay. `asked` is as in [`Room::take_counts`].
    pub(crate) fn tell(&mut self, summary: RoomSummary, asked: bool) {
        self.take_counts(RoomCounts::from(&summary), asked);
        let newer = summary.last_seq >= self.told;
        self.log.exists(summary.last_seq);
        if newer {
            self.told = summary.last_seq;
            self.summary = summary;
        }
        self.recap();
    }

    /// Writes the counts into the summary. Whether they changed.
    pub(crate) fn recap(&mut self) -> bool {
        let counted = self.counted();
        let summary = &mut self.summary;
        let before = (
            summary.last_seq,
            summary.read_seq,
            summary.generation,
            summary.unread,
            summary.mentions,
        );
        summary.last_seq = self.log.head();
        let position = self.counts.position();
        (summary.read_seq, summary.generation) = (position.seq, position.generation);
        (summary.unread, summary.mentions) = counted;
        before
            != (
                summary.last_seq,
                summary.read_seq,
                summary.generation,
                summary.unread,
                summary.mentions,
            )
    }

    /// Applies the next entry of the log. `expecting` tells that a page is on its way. Whether the timeline changed.
    pub(crate) fn apply(&mut self, event: &Event, people: &People, expecting: bool) -> bool {
        let counted = CountedEntry::new(event, &self.held, people);
        self.counts.apply(&counted);
        match &event.kind {
            EventKind::Topic { text } if event.seq > self.told => {
                self.summary.topic.clone_from(text);
            }
            EventKind::Set(setting) if event.seq > self.told => setting.apply(&mut self.summary),
            _ => {}
        }
        let first = self.thread.as_deref_mut();
        let first = first.is_some_and(|thread| thread.apply(event, people));
        let changed = self.held.kept && self.held.apply(event, people, expecting);
        let quoted = self.quoted.apply(event);
        let settled = self.settling.reach(self.log.cursor());
        first || changed || quoted || settled
    }

    /// The read position grows to `seq`: held messages that it passes are subtracted from the server's count. Where that is not certain, the count is
    /// in doubt.
    pub(crate) fn read_to(&mut self, seq: Seq, people: &People) -> bool {
        if seq <= self.counts.read() {
            return false;
        }
        let (from, cursor) = (self.counts.read() + 1, self.log.cursor());
        // What is held may stand in for the told number where both are of the same moment: a page may be newer than the log was seen here.
        let upto = self
            .counts
            .told_upto()
            .filter(|&upto| seq < upto && upto <= cursor);
        let counted = upto.filter(|_| self.held.holds(from, seq, cursor));
        let counted = counted.map(|_| self.held.entries.unread((from, seq), cursor + 1, people));
        let sure = counted.as_ref().is_none_or(|(_, sure)| *sure);
        let counted = counted.map(|(unread, _)| {
            let to_me = unread.iter().filter(|(_, to_me)| *to_me).count();
            (unread.len() as u64, to_me as u64)
        });
        let grew = self.counts.read_to(seq, counted);
        // The number goes down at once; what was not certain is counted anew.
        self.counts.doubtful |= grew && !sure;
        grew
    }

    /// Entries up to `last` will not be seen one by one. `stays` tells that what is seen now stays to be seen. Entries that follow
    /// `last` without a hole and were seen are returned; they are next.
    pub(crate) fn skip_to(&mut self, last: Seq, stays: bool) -> Vec<Event> {
        if stays && self.held.loaded {
            self.held.detach(self.log.cursor(), last + 1, KEEP_STALE);
        } else {
            self.held.reset(last);
        }
        self.failed.clear();
        self.reading.at = None;
        self.reading.watched = None;
        let next = self.log.skip_to(last);
        self.settling.reach(self.log.cursor());
        self.recap();
        next
    }

    /// The log is another one than before, and ends at `last`: nothing that is held counts.
    pub(crate) fn restart(&mut self, last: Seq) {
        self.log.restart(last);
        self.held.reset(last);
        self.settling = Settling::default();
        self.failed.clear();
        self.reading.leave();
        self.reading.set_back = None;
        self.quoted = Quoted::default();
        self.counts.restart(last);
        self.recap();
    }

    /// Holds no more than it may.
    pub(crate) fn trim(&mut self, scope: &Scope<'_, '_>) {
        let reading = self.reading.at.filter(|_| scope.open);
        self.held.trim(scope.keep(), self.log.cursor(), reading);
    }

    /// Entries up to `seq` exist; those that do not come by themselves are asked for after a while.
    pub(crate) fn heard_of(&mut self, seq: Seq, scope: &Scope<'_, '_>) {
        self.log.exists(seq);
        if self.log.is_behind() && self.log.due_ms.is_none() {
            self.log.due_ms = Some(scope.ctx.after(GRACE_MS));
        }
    }

    /// Fixes the "New" line where the room was read to, if something in it is unread.
    pub(crate) fn mark_new(&mut self) {
        let (after, (count, _)) = (self.counts.read(), self.counted());
        self.reading.new_mark = (count > 0).then_some(NewMark { after, count });
    }

    /// A message that is stored, as it is known: held, or one's own that was stored a moment ago.
    pub(crate) fn known(&self, seq: Seq) -> Option<&Arc<MessageView>> {
        match self.held.entries.all.get(&seq) {
            Some(Entry::Message(held)) => Some(&held.view),
            Some(Entry::Note(_)) => None,
            None => {
                let settling = self.settling.messages().get(&seq);
                settling.or_else(|| self.quoted.get(seq))
            }
        }
    }
}

#[cfg(test)]
mod tests;
