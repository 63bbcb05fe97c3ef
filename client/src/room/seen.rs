//! The parts of a room that were in view.

use protocol::Seq;

use super::{Entry, Held};

/// Parts that were in view, with unseen ones between them, that are remembered. Of more the newest are forgotten: they are
/// farthest from what is read next.
const MAX_PARTS: usize = 64;

/// Parts of a log that were in view, ascending, not touching each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SeenSpans(Vec<(Seq, Seq)>);

impl SeenSpans {
    /// `from..=to` was in view.
    pub(crate) fn add(&mut self, from: Seq, to: Seq) {
        if from > to {
            return;
        }
        let (mut from, mut to) = (from, to);
        self.0.retain(|&(a, b)| {
            let touches = a <= to.saturating_add(1) && from <= b.saturating_add(1);
            if touches {
                from = from.min(a);
                to = to.max(b);
            }
            !touches
        });
        let at = self.0.partition_point(|&(a, _)| a < from);
        self.0.insert(at, (from, to));
        self.0.truncate(MAX_PARTS);
    }

    /// How far everything from `seq` on was in view; none when `seq` was not.
    pub(crate) fn from(&self, seq: Seq) -> Option<Seq> {
        let part = self.0.iter().find(|&&(a, b)| a <= seq && seq <= b);
        part.map(|&(_, to)| to)
    }
}

impl Held {
    /// Messages from `first` to `last`, which are drawn one below the other, with the entries around and between them that
    /// show no message, of a log that was seen up to `cursor`: whoever saw the messages missed nothing of it.
    pub(crate) fn shown_as_one(&self, first: Seq, last: Seq, cursor: Seq) -> (Seq, Seq) {
        let is_message =
            |(&seq, entry): (&Seq, &Entry)| matches!(entry, Entry::Message(_)).then_some(seq);
        let above = self.entries.between(0, first).rev().find_map(is_message);
        let below = self
            .entries
            .between(last + 1, Seq::MAX)
            .find_map(is_message);
        let from = above.map_or(1, |seq| seq + 1);
        let to = below.map_or(cursor, |seq| seq - 1).max(last);
        let (begin, _) = self.spans.around(first, cursor);
        let (_, end) = self.spans.around(last, cursor);
        (from.max(begin), to.min(end))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_read_grows_only_without_a_hole() {
        let mut seen = SeenSpans::default();
        seen.add(90, 100);
        assert_eq!(seen.from(40), None);
        seen.add(40, 60);
        assert_eq!(
            (seen.from(40), seen.from(39), seen.from(61)),
            (Some(60), None, None)
        );
        seen.add(55, 89);
        assert_eq!(seen.from(41), Some(100));
        seen.add(9, 3);
        assert_eq!(seen.0, [(40, 100)]);
    }

    #[test]
    fn it_is_bounded_and_forgets_what_is_farthest() {
        let mut seen = SeenSpans::default();
        (0..1_000).for_each(|n| seen.add(n * 10, n * 10 + 1));
        assert_eq!(seen.0.len(), MAX_PARTS);
        assert_eq!(seen.from(0), Some(1));
    }

    proptest! {
        #[test]
        fn it_is_a_set(parts in prop::collection::vec((0_u64..60, 0_u64..9), 0..20)) {
            let (mut seen, mut model) = (SeenSpans::default(), std::collections::BTreeSet::new());
            for (from, length) in parts {
                seen.add(from, from + length);
                model.extend(from..=from + length);
            }
            for seq in 0..70 {
                let run = (seq..100).take_while(|seq| model.contains(seq)).last();
                prop_assert_eq!(seen.from(seq), run);
            }
        }
    }
}
