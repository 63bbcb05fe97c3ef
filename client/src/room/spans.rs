//! Which parts of a log are held. What is between them is a gap, always.

use protocol::Seq;

/// Parts that are held: older ones, and the live one that ends at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spans {
    /// Both ends held, ascending, not touching each other nor the live one.
    older: Vec<(Seq, Seq)>,
    /// From here to the cursor; one beyond the cursor when nothing is held.
    live_from: Seq,
}

impl Spans {
    /// Nothing is held; the next entry will be `next`.
    pub(crate) const fn empty(next: Seq) -> Self {
        Self {
            older: Vec::new(),
            live_from: next,
        }
    }

    pub(crate) const fn live_from(&self) -> Seq {
        self.live_from
    }

    /// Where the oldest part begins.
    pub(crate) fn first(&self) -> Seq {
        self.older.first().map_or(self.live_from, |&(from, _)| from)
    }

    /// `from..=to` is held now.
    pub(crate) fn cover(&mut self, from: Seq, to: Seq) {
        if from > to {
            return;
        }
        let (mut from, mut to) = (from, to);
        self.older.retain(|&(a, b)| {
            let touches = a <= to.saturating_add(1) && from <= b.saturating_add(1);
            if touches {
                from = from.min(a);
                to = to.max(b);
            }
            !touches
        });
        if to.saturating_add(1) >= self.live_from {
            self.live_from = self.live_from.min(from);
        } else {
            let at = self.older.partition_point(|&(a, _)| a < from);
            self.older.insert(at, (from, to));
        }
    }

    /// Nothing before `from` is held any more.
    pub(crate) fn cut_before(&mut self, from: Seq) {
        self.older.retain_mut(|(a, b)| {
            *a = (*a).max(from);
            *a <= *b
        });
        self.live_from = self.live_from.max(from);
    }

    /// What is between the two is not held any more.
    pub(crate) fn cut_between(&mut self, last_kept: Seq, first_kept: Seq) {
        let whole = std::mem::take(&mut self.older);
        for (from, to) in whole.into_iter().chain(std::iter::once((
            self.live_from,
            first_kept.saturating_sub(1),
        ))) {
            let parts = [(from, to.min(last_kept)), (from.max(first_kept), to)];
            self.older.extend(parts.into_iter().filter(|(a, b)| a <= b));
        }
        self.live_from = self.live_from.max(first_kept);
    }

    /// The live part becomes an older one that ends at `cursor`; nothing is held from `next` on.
    pub(crate) fn detach(&mut self, cursor: Seq, next: Seq) {
        if self.live_from <= cursor {
            self.older.push((self.live_from, cursor));
        }
        self.live_from = next;
    }

    /// The gaps: the last held entry before each, and the first after it.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = (Seq, Seq)> {
        let begins = self
            .older
            .iter()
            .skip(1)
            .map(|&(from, _)| from)
            .chain(std::iter::once(self.live_from));
        self.older.iter().map(|&(_, to)| to).zip(begins)
    }

    /// The part that holds `seq`, when the live one ends at `cursor`; `seq` alone where it is in none.
    pub(crate) fn around(&self, seq: Seq, cursor: Seq) -> (Seq, Seq) {
        let live = (self.live_from, cursor.max(seq));
        let mut parts = self.older.iter().copied().chain(std::iter::once(live));
        let part = parts.find(|&(from, to)| from <= seq && seq <= to);
        part.unwrap_or((seq, seq))
    }

    /// Whether all of `from..=to` is held, when the live part ends at `cursor`.
    pub(crate) fn holds(&self, from: Seq, to: Seq, cursor: Seq) -> bool {
        (self.live_from <= from && to <= cursor)
            || self.older.iter().any(|&(a, b)| a <= from && to <= b)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_grow_together() {
        let mut spans = Spans::empty(101);
        spans.cover(80, 100);
        assert_eq!((spans.first(), spans.gaps().count()), (80, 0));
        spans.cover(10, 20);
        spans.cover(40, 50);
        assert_eq!(spans.gaps().collect::<Vec<_>>(), [(20, 40), (50, 80)]);
        spans.cover(21, 39);
        assert_eq!(spans.gaps().collect::<Vec<_>>(), [(50, 80)]);
        spans.cover(45, 85);
        assert_eq!((spans.first(), spans.gaps().count()), (10, 0));
    }

    #[test]
    fn cutting() {
        let mut spans = Spans::empty(101);
        spans.cover(1, 100);
        spans.cut_between(30, 90);
        assert_eq!(spans.gaps().collect::<Vec<_>>(), [(30, 90)]);
        spans.cut_before(20);
        assert_eq!(spans.first(), 20);
        spans.detach(100, 501);
        assert_eq!(spans.gaps().collect::<Vec<_>>(), [(30, 90), (100, 501)]);
        spans.cut_before(95);
        assert_eq!(spans.gaps().collect::<Vec<_>>(), [(100, 501)]);
        spans.cut_before(600);
        assert_eq!((spans.first(), spans.gaps().count()), (600, 0));
    }

    proptest! {
        #[test]
        fn spans_are_a_set(covers in prop::collection::vec((1_u64..60, 0_u64..12), 0..12)) {
            let cursor = 50;
            let mut spans = Spans::empty(cursor + 1);
            let mut model = BTreeSet::new();
            for (from, length) in covers {
                spans.cover(from, from + length);
                model.extend(from..=from + length);
            }
            model.retain(|&seq| seq <= cursor);
            for seq in 1..=cursor {
                prop_assert_eq!(spans.holds(seq, seq, cursor), model.contains(&seq), "{} {:?}", seq, spans);
            }
            let gaps: Vec<_> = spans.gaps().collect();
            for &(after, before) in &gaps {
                prop_assert!(after + 1 < before, "{:?}", spans);
                prop_assert!(model.contains(&after));
                prop_assert!((after + 1..before.min(cursor + 1)).all(|seq| !model.contains(&seq)));
            }
        }
    }
}
