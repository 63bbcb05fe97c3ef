//! Windows: the parts of what is held that are drawn of a long room.

use protocol::Seq;

use super::Held;
use crate::Window;

impl Held {
    /// The newest `count` entries that are held, and what comes. It goes beyond a gap only where it may go `across`.
    pub(crate) fn window_at_end(&self, count: usize, across: bool) -> Window {
        let mut newest = self.entries.all.keys().rev();
        let from = newest.nth(count.saturating_sub(1)).copied();
        let gap = self.spans.gaps().last().filter(|_| !across);
        Window {
            from: from.max(gap.map(|(_, before)| before)),
            to: None,
        }
    }

    /// The held entries around `seq`, so many before it and so many from it on. Where fewer are held, as far as those reach; up
    /// to the next gaps, where it may not go `across`.
    pub(crate) fn window_around(&self, seq: Seq, half: usize, across: bool) -> Window {
        let half = half.max(1);
        let mut before = self.entries.between(0, seq).rev();
        let mut after = self.entries.between(seq, Seq::MAX);
        let from = before.nth(half - 1).map(|(&seq, _)| seq);
        let to = after.nth(half - 1).map(|(&seq, _)| seq);
        let gaps = || self.spans.gaps().filter(|_| !across);
        let above = gaps().filter(|&(_, before)| before <= seq).last();
        let below = gaps().find(|&(after, _)| after >= seq);
        let to = match (to, below) {
            (Some(to), Some((after, _))) => Some(to.min(after)),
            (to, below) => to.or(below.map(|(after, _)| after)),
        };
        Window {
            from: from.max(above.map(|(_, before)| before)),
            to: to.filter(|&to| self.goes_on_after(to)),
        }
    }

    /// Whether a window has entries on both sides of a gap.
    pub(crate) fn crosses_gap(&self, window: Window) -> bool {
        let (from, to) = (window.from.unwrap_or(0), window.to.unwrap_or(Seq::MAX));
        let inside = |(after, before)| from <= after && before <= to;
        self.spans.gaps().any(inside)
    }

    /// How many held entries a window has.
    pub(crate) fn window_size(&self, window: Window) -> usize {
        let to = window.to.map_or(Seq::MAX, |to| to + 1);
        self.entries.between(window.from.unwrap_or(0), to).count()
    }

    /// Whether something stands below a window that ends with this entry, and with the gap that follows it at once.
    pub(super) fn goes_on_after(&self, seq: Seq) -> bool {
        self.entries.between(seq + 1, Seq::MAX).next().is_some()
            || self.spans.gaps().any(|(after, _)| after > seq)
    }
}
