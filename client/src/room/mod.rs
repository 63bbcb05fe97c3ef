//! One room: its log, what is held of it, its counts.

mod counts;
mod held;
mod log;
pub(crate) mod message;
mod passing;
mod project;
mod quoted;
mod seen;
mod spans;
mod typing;
mod unread;
mod window;

use std::sync::Arc;

use protocol::{Event, EventKind, RoomSummary, Seq};

pub(crate) use counts::{Counts, Known, Step};
pub(crate) use held::{Entry, Fetched, Held, said};
pub(crate) use log::{Log, Taken};
pub(crate) use message::view_of;
pub(crate) use project::{Around, waiting};
pub(crate) use quoted::Quoted;
pub(crate) use seen::Seen;
pub(crate) use typing::Typists;

use crate::{
    Failure, MessageView, NewMark, OutboxEntry, people::People, requests::Want, sorted::SortedMap,
};

/// Held entries that stay to be seen, until they are loaded again, when too many were missed in a row.
const KEEP_STALE: usize = 100;

/// A room, as one user sees it.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    /// With the counts and the last entry as they are now.
    pub(crate) summary: RoomSummary,
    pub(crate) log: Log,
    pub(crate) held: Held,
    pub(crate) counts: Counts,
    pub(crate) typing: Typists,
    pub(crate) new_mark: Option<NewMark>,
    /// Own messages that are stored, beyond the cursor.
    pub(crate) early: SortedMap<Seq, Arc<MessageView>>,
    /// Own changes that are stored, beyond the cursor.
    pub(crate) settling: Vec<(Seq, OutboxEntry)>,
    /// What could not be loaded.
    pub(crate) failed: Vec<(Want, Failure)>,
    /// The entry that one reads at, when that is not the end: what is far from both is held no longer.
    pub(crate) reading: Option<Seq>,
    /// What is answered and not held.
    pub(crate) quoted: Quoted,
    /// What of it was in view.
    pub(crate) seen: Seen,
    /// How far it was watched by somebody who stays at its end.
    pub(crate) watched: Option<Seq>,
    /// When to count unread messages anew.
    pub(crate) recount: Due,
    /// When to tell the read position, if it is not told yet.
    pub(crate) read: Due,
    /// When one's own typing was told.
    pub(crate) typed_ms: Option<u64>,
    /// The summary's name and topic are as of this entry.
    told: Seq,
}

/// Something to do later.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Due {
    pub(crate) at_ms: Option<u64>,
    pub(crate) times: u32,
    /// When it was done last.
    pub(crate) done_ms: Option<u64>,
}

impl Due {
    /// Whether it is to be done now. Then it is not due any more.
    pub(crate) fn take(&mut self, now_ms: u64) -> bool {
        let over = self.at_ms.is_some_and(|at| at <= now_ms);
        if over {
            self.at_ms = None;
            self.done_ms = Some(now_ms);
        }
        over
    }
}

impl Room {
    /// A room of which nothing is held.
    pub(crate) fn new(summary: RoomSummary) -> Self {
        let cursor = summary.last_seq;
        let mut counts = Counts::default();
        counts.tell(&summary, cursor);
        Self {
            log: Log::new(cursor),
            held: Held::new(cursor),
            counts,
            typing: Typists::default(),
            new_mark: None,
            early: SortedMap::default(),
            settling: Vec::new(),
            failed: Vec::new(),
            reading: None,
            quoted: Quoted::default(),
            seen: Seen::default(),
            watched: None,
            recount: Due::default(),
            read: Due::default(),
            typed_ms: None,
            told: cursor,
            summary,
        }
    }

    /// The server's word on the room, as it was at `last_seq`. Held entries stay.
    pub(crate) fn tell(&mut self, summary: RoomSummary) {
        self.counts.tell(&summary, self.log.cursor());
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
        let summary = &mut self.summary;
        let before = (
            summary.last_seq,
            summary.read_seq,
            summary.unread,
            summary.mentions,
        );
        summary.last_seq = self.log.head();
        summary.read_seq = self.counts.read();
        summary.unread = self.counts.unread();
        summary.mentions = self.counts.mentions();
        before
            != (
                summary.last_seq,
                summary.read_seq,
                summary.unread,
                summary.mentions,
            )
    }

    /// Applies the next entry of the log. `expecting` tells that a page is on its way. Whether the timeline changed.
    pub(crate) fn apply(&mut self, event: &Event, people: &People, expecting: bool) -> bool {
        self.count(event, people);
        if let EventKind::Topic { text } = &event.kind
            && event.seq > self.told
        {
            self.summary.topic.clone_from(text);
        }
        let changed = self.held.apply(event, people, expecting);
        let quoted = self.quoted.apply(event);
        let settled = self.settle();
        changed || quoted || settled
    }

    fn count(&mut self, event: &Event, people: &People) {
        let target = event
            .kind
            .of()
            .and_then(|of| self.held.surely(of, event.seq));
        let target = target.map(|held| Known {
            mine: people.is_me(held.view.by),
            deleted: held.view.deleted,
            to_me: held.view.to_me,
        });
        let to_me = match &event.kind {
            EventKind::Message {
                text: Some(text), ..
            }
            | EventKind::Edit {
                text: Some(text), ..
            } => people.names_me(event.by, text),
            _ => false,
        };
        self.counts.apply(&Step {
            event,
            me: people.my_id(),
            to_me,
            target,
        });
    }

    /// Own commands whose entries were reached need no stand-in any more. Whether there was one.
    pub(crate) fn settle(&mut self) -> bool {
        let cursor = self.log.cursor();
        let before = (self.early.len(), self.settling.len());
        self.early.retain(|&seq, _| seq > cursor);
        self.settling.retain(|&(seq, _)| seq > cursor);
        before != (self.early.len(), self.settling.len())
    }

    /// What follows `seq` and shows nothing of its own, such as a reaction, is seen with it.
    pub(crate) fn with_unseen(&self, seq: Seq) -> Seq {
        let (next, cursor) = (seq + 1, self.log.cursor());
        let nothing = self.held.spans.holds(next, cursor, cursor)
            && self.held.between(next, Seq::MAX).next().is_none();
        if nothing { seq.max(cursor) } else { seq }
    }

    /// The read position grows to `seq`; what of the told counts it passes is looked up among what is held.
    pub(crate) fn read_to(&mut self, seq: Seq, people: &People) -> bool {
        if seq <= self.counts.read() {
            return false;
        }
        let (from, cursor) = (self.counts.read() + 1, self.log.cursor());
        // What is held may stand in for the told number where both are of the same moment.
        let upto = self
            .counts
            .told_upto()
            .filter(|&upto| seq < upto && upto <= cursor);
        let counted = upto.filter(|_| self.held.spans.holds(from, seq, cursor));
        let counted = counted.map(|_| self.unread_in(from, seq, people));
        let sure = counted.is_none_or(|(_, sure)| sure);
        let grew = self
            .counts
            .read_to(seq, counted.map(|(counted, _)| counted));
        // The number goes down at once; what was not certain is counted anew.
        self.counts.doubtful |= grew && !sure;
        grew
    }

    /// Messages of others among held entries, and mentions among them; and whether all of them are certain.
    fn unread_in(&self, from: Seq, to: Seq, people: &People) -> ((u64, u64), bool) {
        let next = self.log.cursor() + 1;
        let (mut counted, mut sure) = ((0, 0), true);
        for (&seq, entry) in self.held.between(from, to + 1) {
            match entry {
                Entry::Message(held) if !held.view.deleted && !people.is_me(held.view.by) => {
                    counted.0 += 1;
                    counted.1 += u64::from(held.view.to_me);
                    sure &= self.held.surely(seq, next).is_some();
                }
                _ => {}
            }
        }
        (counted, sure)
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
        self.reading = None;
        self.watched = None;
        let next = self.log.skip_to(last);
        self.settle();
        self.recap();
        next
    }

    /// The log is another one than before, and ends at `last`: nothing that is held counts.
    pub(crate) fn restart(&mut self, last: Seq) {
        self.log.restart(last);
        self.held.reset(last);
        self.early.clear();
        self.settling.clear();
        self.failed.clear();
        self.reading = None;
        self.seen = Seen::default();
        self.watched = None;
        self.quoted = Quoted::default();
        self.new_mark = None;
        self.counts.restart(last);
        self.recap();
    }
}

#[cfg(test)]
mod tests;
