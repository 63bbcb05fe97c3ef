//! Latencies: when each event of a room was begun, and when the last of all members had it.

use std::collections::VecDeque;

use protocol::Seq;

/// Events that may be under way: far more than any window, so that a fault does not fill the memory.
const MAX_UNDER_WAY: usize = 65_536;

#[derive(Clone, Copy, Debug, Default)]
struct Arrival {
    /// How many members have it.
    have: usize,
    /// When it was due, or sent; none until its ack tells which entry it is.
    begun_ns: Option<u64>,
    /// When the last member had it.
    all_ns: Option<u64>,
}

/// An event that all members have, and whose ack came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The entry's number.
    pub seq: Seq,
    /// From the time it was begun to the time the last member had it, in nanoseconds.
    pub took_ns: u64,
}

/// Events of one room, told to `members` listeners.
#[derive(Debug)]
pub struct Arrivals {
    members: usize,
    /// The `seq` of the first entry that is not finished.
    first: Seq,
    open: VecDeque<Arrival>,
    /// Finished, and not asked for yet.
    done: VecDeque<Finished>,
}

impl Arrivals {
    /// After `head`, nothing is known.
    pub fn new(members: usize, head: Seq) -> Self {
        Self {
            members,
            first: head + 1,
            open: VecDeque::new(),
            done: VecDeque::new(),
        }
    }

    fn entry(&mut self, seq: Seq) -> Option<&mut Arrival> {
        let at = usize::try_from(seq.checked_sub(self.first)?).ok()?;
        if at >= MAX_UNDER_WAY {
            return None;
        }
        if at >= self.open.len() {
            self.open.resize(at + 1, Arrival::default());
        }
        self.open.get_mut(at)
    }

    /// A member has it. True once the last one has.
    #[inline]
    pub fn heard(&mut self, seq: Seq, now_ns: impl FnOnce() -> u64) -> bool {
        let members = self.members;
        let Some(entry) = self.entry(seq) else {
            return false;
        };
        entry.have += 1;
        if entry.have < members {
            return false;
        }
        entry.all_ns = Some(now_ns());
        self.finish();
        true
    }

    /// The ack told which entry it is that was begun at this time.
    pub fn began(&mut self, seq: Seq, begun_ns: u64) {
        if let Some(entry) = self.entry(seq) {
            entry.begun_ns = Some(begun_ns);
        }
        self.finish();
    }

    /// The last member to get it may be faster than the ack, so both are waited for.
    fn finish(&mut self) {
        while let Some(&Arrival {
            begun_ns: Some(begun),
            all_ns: Some(all),
            ..
        }) = self.open.front()
        {
            self.open.pop_front();
            if self.done.len() < MAX_UNDER_WAY {
                self.done.push_back(Finished {
                    seq: self.first,
                    took_ns: all.saturating_sub(begun),
                });
            }
            self.first += 1;
        }
    }

    /// Events that some have and some have not, or whose ack is not there.
    pub fn unfinished(&self) -> usize {
        self.open.len()
    }

    /// The next entry that all have and that is acked; each is told once.
    pub fn finished(&mut self) -> Option<Finished> {
        self.done.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_there_when_its_last_member_has_it_and_its_ack_came() {
        let mut arrivals = Arrivals::new(2, 10);
        assert!(!arrivals.heard(11, || unreachable!()));
        assert!(!arrivals.heard(12, || unreachable!()));
        assert!(arrivals.heard(11, || 500));
        assert_eq!(arrivals.finished(), None);
        arrivals.began(11, 100);
        assert_eq!(
            arrivals.finished(),
            Some(Finished {
                seq: 11,
                took_ns: 400
            })
        );
        arrivals.began(12, 200);
        assert!(arrivals.heard(12, || 300));
        assert_eq!(
            arrivals.finished(),
            Some(Finished {
                seq: 12,
                took_ns: 100
            })
        );
        assert_eq!((arrivals.finished(), arrivals.unfinished()), (None, 0));
        // One from before, and one far ahead, change nothing.
        assert!(!arrivals.heard(3, || 0));
        assert!(!arrivals.heard(10_000_000, || 0));
        assert_eq!(arrivals.unfinished(), 0);
    }
}
