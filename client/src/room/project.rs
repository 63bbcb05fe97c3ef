//! A room as its timeline is drawn: what is held, gaps, what is beyond a hole, one's own commands.

use std::{collections::VecDeque, sync::Arc};

use protocol::{EventKind, Seq};

use super::{
    Entry, Room,
    pending::{is_mine, pending},
    said,
};
use crate::{
    Above, Gap, Load, MessageView, Timeline, TimelineItem, Window,
    outbox::{CommandQueue, overlay},
    people::People,
    requests::{Requests, Want},
    sorted::{SortedMap, SortedSet},
};

/// What a timeline depends on beside its room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<'s> {
    pub(crate) people: &'s People,
    pub(crate) outbox: &'s CommandQueue,
    pub(crate) requests: &'s Requests,
    pub(crate) live: bool,
}

/// A room as it is drawn.
#[derive(Clone, Copy)]
pub(crate) struct Projection<'s> {
    room: &'s Room,
    around: Around<'s>,
}

impl<'s> Projection<'s> {
    pub(crate) const fn new(room: &'s Room, around: Around<'s>) -> Self {
        Self { room, around }
    }

    /// A part of the room's timeline. What it costs grows with the part, not with what is held.
    pub(crate) fn timeline(&self, window: Window) -> Timeline {
        // What is beyond the cursor is drawn as a whole, with the end.
        let cursor = self.room.log.cursor();
        let to = window.to.filter(|&to| to < cursor);
        let window = Window {
            from: window.from.map(|from| from.min(cursor + 1)),
            to: to.filter(|&to| self.room.held.goes_on_after(to)),
        };
        let mut items = self.seen(window);
        if window.to.is_none() {
            self.beyond(&mut items);
        }
        self.change(&mut items);
        if window.to.is_none() {
            self.pending(&mut items);
        }
        Timeline {
            quoted: self.quoted(&items),
            items,
            above: window.from.and_then(|from| self.above(from)),
            below: window.to.is_some(),
            loaded: self.room.held.loaded,
            more: self.room.held.more,
            load: self.older(),
        }
    }

    /// A thread's first message, as it stands.
    pub(crate) fn first(&self) -> Option<Arc<MessageView>> {
        let first = self.room.thread.as_deref()?.first.as_ref()?;
        let mut items = [TimelineItem::Message(Arc::clone(&first.view))];
        self.change(&mut items);
        let [TimelineItem::Message(first)] = items else {
            return None;
        };
        Some(first)
    }

    /// How loading of the first page or of older messages goes.
    pub(crate) fn older(&self) -> Load {
        self.load(|want| match want {
            Want::Newest => !self.room.held.loaded,
            want => matches!(want, Want::Older | Want::Around(_)),
        })
    }

    /// How loading of something goes.
    fn load(&self, test: impl Fn(Want) -> bool) -> Load {
        if self.around.requests.is_wanted(self.room.place(), &test) {
            return Load::Loading;
        }
        match self.room.failed.iter().find(|(want, _)| test(*want)) {
            Some((_, why)) => Load::Failed {
                code: why.code,
                message: why.message.clone(),
            },
            None => Load::Idle,
        }
    }

    /// What was seen without a hole, and the gaps in it.
    fn seen(&self, window: Window) -> Vec<TimelineItem> {
        let (from, to) = self.bounds(window);
        let gaps = self.room.held.spans.gaps();
        let mut gaps: VecDeque<_> = gaps
            .filter(|&(after, before)| from <= before && window.to.is_none_or(|to| after <= to))
            .collect();
        let mut items = Vec::new();
        for (&seq, entry) in self.room.held.entries.between(from, to + 1) {
            while let Some((after, before)) = gaps.pop_front_if(|(_, before)| *before <= seq) {
                items.push(self.gap(after, before));
            }
            items.push(entry.item());
        }
        items.extend(
            gaps.into_iter()
                .map(|(after, before)| self.gap(after, before)),
        );
        items
    }

    /// One's own messages that are not stored yet. After a reload, or from another page, one may have been stored without an
    /// answer: it stands there already.
    fn pending(&self, items: &mut Vec<TimelineItem>) {
        for view in pending(self.room, &self.around) {
            let same = |item: &TimelineItem| matches!(item, TimelineItem::Message(held) if held.id == view.id && held.by == view.by);
            if !items.iter().any(same) {
                items.push(TimelineItem::Message(Arc::new(view)));
            }
        }
    }

    pub(super) fn gap(&self, after: Seq, before: Seq) -> TimelineItem {
        let load = self.load(|want| match want {
            Want::Gap { after: wanted, .. } => wanted == after,
            Want::Newest => before > self.room.log.cursor(),
            _ => false,
        });
        TimelineItem::Gap(Gap {
            after,
            before,
            count: before - after - 1,
            load,
        })
    }

    /// What is beyond the cursor: known from a page, beyond a hole, or stored by oneself just now.
    fn beyond(&self, items: &mut Vec<TimelineItem>) {
        let cursor = self.room.log.cursor();
        let mut beyond: SortedMap<Seq, TimelineItem> = SortedMap::default();
        beyond.extend(
            self.room
                .settling
                .messages()
                .iter()
                .map(|(&seq, view)| (seq, TimelineItem::Message(Arc::clone(view)))),
        );
        let ahead = self
            .room
            .log
            .ahead()
            .filter(|event| matches!(event.kind, EventKind::Message { .. }))
            .filter(|event| self.room.held.has(event.kind.thread()));
        beyond.extend(ahead.filter_map(|event| {
            Some((
                event.seq,
                TimelineItem::Message(Arc::new(said(event, self.around.people)?)),
            ))
        }));
        beyond.extend(
            self.room
                .held
                .entries
                .between(cursor + 1, Seq::MAX)
                .map(|(&seq, entry)| (seq, entry.item())),
        );
        // Entries beyond the hole that are no messages are not shown, but are not missing either.
        let ahead = self.room.log.ahead().map(|event| event.seq);
        let places: SortedSet<Seq> = ahead.chain(beyond.keys().copied()).collect();
        // One's own message that is stored at the very end stands there as it did while it was pending.
        let end = places
            .iter()
            .rev()
            .find(|seq| !self.room.settling.messages().contains_key(seq));
        let end = end.copied().unwrap_or_default();
        let mut upto = cursor.max(self.room.held.known_to);
        let mut missing = None;
        for seq in places {
            if seq > upto + 1 && seq <= end {
                missing = Some((missing.map_or(upto, |(after, _)| after), seq));
            }
            upto = upto.max(seq);
            let Some(item) = beyond.remove(&seq) else {
                continue;
            };
            if let Some((after, before)) = missing.take() {
                items.push(TimelineItem::Gap(Gap {
                    after,
                    before,
                    count: before - after - 1,
                    load: Load::Loading,
                }));
            }
            items.push(item);
        }
    }

    /// One's own changes that are on their way.
    fn change(&self, items: &mut [TimelineItem]) {
        let me = self.around.people.my_id();
        let waiting = self
            .around
            .outbox
            .all()
            .iter()
            .filter(|entry| is_mine(entry, self.room.summary.id, me));
        let waiting = waiting.filter(|entry| entry.failed.is_none());
        for entry in self.room.settling.changes().chain(waiting) {
            let Some(of) = entry.command.act.of() else {
                continue;
            };
            let at = items.iter_mut().rev().find_map(|item| match item {
                TimelineItem::Message(message) if message.seq == Some(of) => Some(message),
                _ => None,
            });
            if let Some(message) = at {
                overlay(Arc::make_mut(message), &entry.command.act);
            }
        }
    }

    /// The first and the last place of a window among what was seen without a hole.
    pub(super) fn bounds(&self, window: Window) -> (Seq, Seq) {
        let cursor = self.room.log.cursor();
        let to = window.to.map_or(cursor, |to| to.min(cursor));
        (window.from.unwrap_or(0), to)
    }

    /// What stands right above a window that begins with `from`.
    pub(super) fn above(&self, from: Seq) -> Option<Above> {
        let mut before = self.room.held.entries.between(0, from).rev();
        let (&seq, entry) = before.next()?;
        let mut gaps = self.room.held.spans.gaps();
        // A gap that ends with the window's first entry is the window's own.
        let gap = gaps.find(|&(after, before)| seq <= after && before < from);
        let gap = gap.map(|(after, before)| self.gap(after, before));
        Some(Above {
            items: std::iter::once(entry.item()).chain(gap).collect(),
            first: self
                .room
                .held
                .entries
                .all
                .keys()
                .next()
                .copied()
                .unwrap_or(seq),
            new: self.new_is_above(from),
        })
    }

    /// Whether the first message of others after the mark, or a gap that may hold it, stands before `from`.
    fn new_is_above(&self, from: Seq) -> bool {
        let me = self.around.people.my_id();
        let Some(after) = self.room.reading.new_mark.map(|mark| mark.after + 1) else {
            return false;
        };
        let of_others = |(_, entry): (&Seq, &Entry)| matches!(entry, Entry::Message(held) if Some(held.view.by) != me);
        let mut gaps = self.room.held.spans.gaps();
        let between = self.room.held.entries.between(after, from).any(of_others);
        between || gaps.any(|(_, before)| before > after && before < from)
    }

    /// The first message after the "New" line, where it is held.
    pub(crate) fn first_new(&self) -> Option<&'s Arc<MessageView>> {
        let me = self.around.people.my_id();
        let after = self.room.reading.new_mark?.after;
        let mut entries = self.room.held.entries.between(after + 1, Seq::MAX);
        let first = entries.find_map(|(_, entry)| match entry {
            Entry::Message(held) if Some(held.view.by) != me => Some(&held.view),
            _ => None,
        });
        let (held, cursor) = (&self.room.held, self.room.log.cursor());
        let (_, end) = held.spans.around(after + 1, cursor);
        let holds = held.holds(after + 1, after + 1, cursor);
        first.filter(|first| holds && first.seq.is_some_and(|seq| seq <= end))
    }

    /// What these items answer.
    pub(super) fn quoted(&self, items: &[TimelineItem]) -> Vec<(Seq, Arc<MessageView>)> {
        let answered = items.iter().filter_map(|item| match item {
            TimelineItem::Message(message) => message.reply_to,
            _ => None,
        });
        answered
            .filter_map(|seq| Some((seq, Arc::clone(self.room.known(seq)?))))
            .collect()
    }
}

impl Entry {
    pub(super) fn item(&self) -> TimelineItem {
        match self {
            Self::Message(held) => TimelineItem::Message(Arc::clone(&held.view)),
            Self::Note(note) => TimelineItem::Note(note.clone()),
        }
    }
}
