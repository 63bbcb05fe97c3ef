//! The cursor of a room's log: up to where it was seen without a hole, and what came beyond one.

use protocol::{Event, Seq};

use crate::sorted::SortedMap;

/// Entries beyond a hole that are kept until it is filled. More of them are asked for in their turn.
const MAX_AHEAD: usize = 2_000;

/// The log of a room, as far as it was seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoomLog {
    /// Everything up to here was seen, or is accounted for by what is loaded and by gaps.
    cursor: Seq,
    /// The last entry that is known to exist.
    head: Seq,
    /// What came beyond a hole.
    ahead: SortedMap<Seq, Event>,
    /// When to ask for what is missing, if it did not come by then.
    pub(crate) due_ms: Option<u64>,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TakenEntry {
    /// Seen before.
    Known,
    /// It stands beyond a hole.
    Ahead,
    /// These are next, in order: it, and what stood beyond it.
    Next(Vec<Event>),
}

impl RoomLog {
    pub(crate) fn new(cursor: Seq) -> Self {
        Self {
            cursor,
            head: cursor,
            ..Self::default()
        }
    }

    pub(crate) const fn cursor(&self) -> Seq {
        self.cursor
    }

    pub(crate) const fn head(&self) -> Seq {
        self.head
    }

    /// Whether entries are known to exist that were not seen.
    pub(crate) const fn is_behind(&self) -> bool {
        self.cursor < self.head
    }

    /// Entries beyond the hole, in order.
    pub(crate) fn ahead(&self) -> impl Iterator<Item = &Event> {
        self.ahead.values()
    }

    /// This entry is known to exist. Whether that is news.
    pub(crate) fn exists(&mut self, seq: Seq) -> bool {
        let news = seq > self.head;
        self.head = self.head.max(seq);
        news
    }

    pub(crate) fn take(&mut self, event: Event) -> TakenEntry {
        let seq = event.seq;
        if seq <= self.cursor || self.ahead.contains_key(&seq) {
            return TakenEntry::Known;
        }
        self.head = self.head.max(seq);
        if seq > self.cursor + 1 {
            if self.ahead.len() < MAX_AHEAD {
                self.ahead.insert(seq, event);
            }
            return TakenEntry::Ahead;
        }
        self.cursor = seq;
        let mut next = vec![event];
        next.append(&mut self.drain());
        TakenEntry::Next(next)
    }

    /// Somebody else keeps the log, and saw it up to `cursor`; it is known to reach up to `head`.
    pub(crate) fn seen(&mut self, cursor: Seq, head: Seq) {
        self.cursor = cursor;
        self.head = self.head.max(head);
    }

    fn drain(&mut self) -> Vec<Event> {
        let mut next = Vec::new();
        while let Some(event) = self.ahead.remove(&(self.cursor + 1)) {
            self.cursor = event.seq;
            next.push(event);
        }
        next
    }

    /// All up to `seq` is accounted for otherwise. What follows it without a hole is returned.
    pub(crate) fn skip_to(&mut self, seq: Seq) -> Vec<Event> {
        self.cursor = seq;
        self.head = self.head.max(seq);
        self.ahead = self.ahead.split_off(&(seq + 1));
        self.due_ms = None;
        self.drain()
    }

    /// Begins again at `seq`: the log is another one than before.
    pub(crate) fn restart(&mut self, seq: Seq) {
        *self = Self::new(seq);
    }
}

#[cfg(test)]
mod tests {
    use protocol::{EventKind, RoomId, UserId};

    use super::*;

    fn event(seq: Seq) -> Event {
        let (room, by) = (RoomId::new(1).unwrap(), UserId::new(1).unwrap());
        Event {
            room,
            seq,
            at: seq,
            by,
            kind: EventKind::Unknown,
        }
    }

    fn seqs(taken: &TakenEntry) -> Vec<Seq> {
        match taken {
            TakenEntry::Next(events) => events.iter().map(|event| event.seq).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn order_comes_out_whatever_goes_in() {
        let mut log = RoomLog::new(10);
        assert_eq!(log.take(event(10)), TakenEntry::Known);
        assert_eq!(log.take(event(13)), TakenEntry::Ahead);
        assert_eq!(log.take(event(13)), TakenEntry::Known);
        assert_eq!(log.take(event(12)), TakenEntry::Ahead);
        assert!(log.is_behind());
        assert_eq!((log.cursor(), log.head()), (10, 13));
        assert_eq!(seqs(&log.take(event(11))), [11, 12, 13]);
        assert!(!log.is_behind());
    }

    #[test]
    fn pages_take_the_place_of_entries() {
        let mut log = RoomLog::new(10);
        log.take(event(15));
        log.take(event(17));
        assert_eq!(
            log.skip_to(14)
                .iter()
                .map(|event| event.seq)
                .collect::<Vec<_>>(),
            [15]
        );
        assert_eq!((log.cursor(), log.head()), (15, 17));
        log.restart(3);
        assert_eq!((log.cursor(), log.head(), log.ahead().count()), (3, 3, 0));
    }

    #[test]
    fn what_stands_beyond_a_hole_is_bounded() {
        let mut log = RoomLog::new(0);
        let last = MAX_AHEAD as Seq + 100;
        for seq in 2..=last {
            assert_eq!(log.take(event(seq)), TakenEntry::Ahead);
        }
        assert_eq!((log.ahead().count(), log.head()), (MAX_AHEAD, last));
        assert_eq!(seqs(&log.take(event(1))).len(), MAX_AHEAD + 1);
        assert!(log.is_behind());
    }
}
