//! Parts of what is held: what is drawn of a long room, and what stands around it.

use std::sync::Arc;

use protocol::{Seq, UserId};

use super::{Around, Entry, Room};
use crate::{Above, Item, MessageView, Window};

impl Room {
    /// The newest `count` entries that are held, and what comes. It goes beyond a gap only where it may go `across`.
    pub(crate) fn window_at_end(&self, count: usize, across: bool) -> Window {
        let mut newest = self.held.entries.keys().rev();
        let from = newest.nth(count.saturating_sub(1)).copied();
        let gap = self.held.spans.gaps().last().filter(|_| !across);
        Window {
            from: from.max(gap.map(|(_, before)| before)),
            to: None,
        }
    }

    /// The held entries around `seq`, so many before it and so many from it on. Where fewer are held, as far as those reach; up
    /// to the next gaps, where it may not go `across`.
    pub(crate) fn window_around(&self, seq: Seq, half: usize, across: bool) -> Window {
        let half = half.max(1);
        let mut before = self.held.between(0, seq).rev();
        let mut after = self.held.between(seq, Seq::MAX);
        let from = before.nth(half - 1).map(|(&seq, _)| seq);
        let to = after.nth(half - 1).map(|(&seq, _)| seq);
        let gaps = || self.held.spans.gaps().filter(|_| !across);
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
        self.held.spans.gaps().any(inside)
    }

    /// How many held entries a window has.
    pub(crate) fn window_size(&self, window: Window) -> usize {
        let to = window.to.map_or(Seq::MAX, |to| to + 1);
        self.held.between(window.from.unwrap_or(0), to).count()
    }

    /// The first and the last place of a window among what was seen without a hole.
    pub(super) fn bounds(&self, window: Window) -> (Seq, Seq) {
        let cursor = self.log.cursor();
        let to = window.to.map_or(cursor, |to| to.min(cursor));
        (window.from.unwrap_or(0), to)
    }

    /// Whether something stands below a window that ends with this entry, and with the gap that follows it at once.
    pub(super) fn goes_on_after(&self, seq: Seq) -> bool {
        self.held.between(seq + 1, Seq::MAX).next().is_some()
            || self.held.spans.gaps().any(|(after, _)| after > seq)
    }

    /// What stands right above a window that begins with `from`.
    pub(super) fn above(&self, around: &Around<'_>, from: Seq) -> Option<Above> {
        let mut before = self.held.between(0, from).rev();
        let (&seq, entry) = before.next()?;
        let mut gaps = self.held.spans.gaps();
        // A gap that ends with the window's first entry is the window's own.
        let gap = gaps.find(|&(after, before)| seq <= after && before < from);
        let gap = gap.map(|(after, before)| self.gap(around, after, before));
        Some(Above {
            items: std::iter::once(entry.item()).chain(gap).collect(),
            first: self.held.entries.keys().next().copied().unwrap_or(seq),
            new: self.new_is_above(around.people.my_id(), from),
        })
    }

    /// Whether the first message of others after the mark, or a gap that may hold it, stands before `from`.
    fn new_is_above(&self, me: Option<UserId>, from: Seq) -> bool {
        let Some(after) = self.new_mark.map(|mark| mark.after + 1) else {
            return false;
        };
        let of_others = |(_, entry): (&Seq, &Entry)| matches!(entry, Entry::Message(held) if Some(held.view.by) != me);
        let mut gaps = self.held.spans.gaps();
        let between = self.held.between(after, from).any(of_others);
        between || gaps.any(|(_, before)| before > after && before < from)
    }

    /// Whether the newest entries are held.
    pub(crate) fn holds_end(&self) -> bool {
        self.held.holds_end(self.log.cursor())
    }

    /// Whether an entry is among those that are held.
    pub(crate) fn holds(&self, seq: Seq) -> bool {
        self.held.spans.holds(seq, seq, self.log.cursor())
    }

    /// The first message after the "New" line, where it is held.
    pub(crate) fn first_new(&self, me: Option<UserId>) -> Option<&Arc<MessageView>> {
        let after = self.new_mark?.after;
        let mut entries = self.held.between(after + 1, Seq::MAX);
        let first = entries.find_map(|(_, entry)| match entry {
            Entry::Message(held) if Some(held.view.by) != me => Some(&held.view),
            _ => None,
        });
        let (_, end) = self.held.spans.around(after + 1, self.log.cursor());
        first.filter(|first| self.holds(after + 1) && first.seq.is_some_and(|seq| seq <= end))
    }

    /// A message that is stored, as it is known: held, or one's own that was stored a moment ago.
    pub(crate) fn known(&self, seq: Seq) -> Option<&Arc<MessageView>> {
        match self.held.entries.get(&seq) {
            Some(Entry::Message(held)) => Some(&held.view),
            Some(Entry::Note(_)) => None,
            None => self.early.get(&seq).or_else(|| self.quoted.get(seq)),
        }
    }

    /// What these items answer.
    pub(super) fn quoted(&self, items: &[Item]) -> Vec<(Seq, Arc<MessageView>)> {
        let answered = items.iter().filter_map(|item| match item {
            Item::Message(message) => message.reply_to,
            _ => None,
        });
        answered
            .filter_map(|seq| Some((seq, Arc::clone(self.known(seq)?))))
            .collect()
    }
}
