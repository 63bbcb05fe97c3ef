//! Unread messages that are known one by one.

use protocol::Seq;

use crate::sorted::SortedSet;

/// Unread messages, and which of them name this user. Both numbers are at hand: they are asked for with each entry of the log.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnreadSet {
    all: SortedSet<Seq>,
    named: SortedSet<Seq>,
}

impl UnreadSet {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The oldest one.
    pub(crate) fn first(&self) -> Option<Seq> {
        self.all.iter().next().copied()
    }

    pub(crate) fn named(&self) -> usize {
        self.named.len()
    }

    /// A message is unread. What is known of it already stays.
    pub(crate) fn add(&mut self, seq: Seq, to_me: bool) {
        if self.all.insert(seq) && to_me {
            self.named.insert(seq);
        }
    }

    /// Whether it was among them.
    pub(crate) fn remove(&mut self, seq: Seq) -> bool {
        self.named.remove(&seq);
        self.all.remove(&seq)
    }

    /// A message says something else now. Whether it is among them.
    pub(crate) fn change(&mut self, seq: Seq, to_me: bool) -> bool {
        let known = self.all.contains(&seq);
        if known && to_me {
            self.named.insert(seq);
        } else {
            self.named.remove(&seq);
        }
        known
    }

    /// All up to and with `seq` are read.
    pub(crate) fn read_to(&mut self, seq: Seq) {
        self.all = self.all.split_off(&(seq + 1));
        self.named = self.named.split_off(&(seq + 1));
    }

    /// Takes the oldest one out.
    pub(crate) fn pop(&mut self) -> Option<(Seq, bool)> {
        let seq = self.all.pop_first()?;
        Some((seq, self.named.remove(&seq)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numbers_stay_true() {
        let mut unread = UnreadSet::default();
        for seq in 1..=10 {
            unread.add(seq, seq % 2 == 0);
        }
        unread.add(1, true);
        assert_eq!((unread.len(), unread.named()), (10, 5));
        assert!(unread.change(3, true) && unread.change(4, false) && !unread.change(11, true));
        assert!(unread.remove(2) && !unread.remove(2));
        assert_eq!((unread.len(), unread.named()), (9, 4));
        assert_eq!(
            (unread.pop(), unread.pop()),
            (Some((1, false)), Some((3, true)))
        );
        unread.read_to(8);
        assert_eq!((unread.len(), unread.named()), (2, 1));
    }
}
