//! A room as its timeline is drawn: what is held, gaps, what is beyond a hole, one's own commands.

use std::{collections::VecDeque, sync::Arc};

use protocol::{Act, EventKind, RoomId, Seq, UserId};

use super::{Entry, Room, said};
use crate::{
    Gap, Item, Load, MessageView, OutboxEntry, SendState, Timeline, Window,
    outbox::{Outbox, overlay},
    people::People,
    requests::{Requests, Want},
    sorted::{SortedMap, SortedSet},
};

/// What a timeline depends on beside its room.
pub(crate) struct Around<'s> {
    pub(crate) people: &'s People,
    pub(crate) outbox: &'s Outbox,
    pub(crate) requests: &'s Requests,
    pub(crate) live: bool,
}

impl Room {
    /// A part of the room's timeline. What it costs grows with the part, not with what is held.
    pub(crate) fn timeline(&self, around: &Around<'_>, window: Window) -> Timeline {
        // What is beyond the cursor is drawn as a whole, with the end.
        let cursor = self.log.cursor();
        let to = window.to.filter(|&to| to < cursor);
        let window = Window {
            from: window.from.map(|from| from.min(cursor + 1)),
            to: to.filter(|&to| self.goes_on_after(to)),
        };
        let mut items = self.seen(around, window);
        if window.to.is_none() {
            self.beyond(around, &mut items);
        }
        self.change(around, &mut items);
        if window.to.is_none() {
            self.pending(around, &mut items);
        }
        Timeline {
            quoted: self.quoted(&items),
            items,
            above: window.from.and_then(|from| self.above(around, from)),
            below: window.to.is_some(),
            loaded: self.held.loaded,
            more: self.held.more,
            load: self.older(around.requests),
        }
    }

    /// How loading of the first page or of older messages goes.
    pub(crate) fn older(&self, requests: &Requests) -> Load {
        self.load(requests, |want| match want {
            Want::Newest => !self.held.loaded,
            want => matches!(want, Want::Older | Want::Around(_)),
        })
    }

    /// How loading of something goes.
    fn load(&self, requests: &Requests, test: impl Fn(Want) -> bool) -> Load {
        if requests.is_wanted(self.summary.id, &test) {
            return Load::Loading;
        }
        match self.failed.iter().find(|(want, _)| test(*want)) {
            Some((_, why)) => Load::Failed {
                code: why.code,
                message: why.message.clone(),
            },
            None => Load::Idle,
        }
    }

    /// What was seen without a hole, and the gaps in it.
    fn seen(&self, around: &Around<'_>, window: Window) -> Vec<Item> {
        let (from, to) = self.bounds(window);
        let gaps = self.held.spans.gaps();
        let mut gaps: VecDeque<_> = gaps
            .filter(|&(after, before)| from <= before && window.to.is_none_or(|to| after <= to))
            .collect();
        let mut items = Vec::new();
        for (&seq, entry) in self.held.between(from, to + 1) {
            while let Some((after, before)) = gaps.pop_front_if(|(_, before)| *before <= seq) {
                items.push(self.gap(around, after, before));
            }
            items.push(entry.item());
        }
        items.extend(
            gaps.into_iter()
                .map(|(after, before)| self.gap(around, after, before)),
        );
        items
    }

    /// One's own messages that are not stored yet. After a reload, or from another page, one may have been stored without an
    /// answer: it stands there already.
    fn pending(&self, around: &Around<'_>, items: &mut Vec<Item>) {
        for view in pending(self.summary.id, around) {
            let same = |item: &Item| matches!(item, Item::Message(held) if held.id == view.id && held.by == view.by);
            if !items.iter().any(same) {
                items.push(Item::Message(Arc::new(view)));
            }
        }
    }

    pub(super) fn gap(&self, around: &Around<'_>, after: Seq, before: Seq) -> Item {
        let load = self.load(around.requests, |want| match want {
            Want::Gap { after: wanted, .. } => wanted == after,
            Want::Newest => before > self.log.cursor(),
            _ => false,
        });
        Item::Gap(Gap {
            after,
            before,
            count: before - after - 1,
            load,
        })
    }

    /// What is beyond the cursor: known from a page, beyond a hole, or stored by oneself just now.
    fn beyond(&self, around: &Around<'_>, items: &mut Vec<Item>) {
        let cursor = self.log.cursor();
        let mut beyond: SortedMap<Seq, Item> = SortedMap::default();
        beyond.extend(
            self.early
                .iter()
                .map(|(&seq, view)| (seq, Item::Message(Arc::clone(view)))),
        );
        let ahead = self
            .log
            .ahead()
            .filter(|event| matches!(event.kind, EventKind::Message { .. }));
        beyond.extend(ahead.filter_map(|event| {
            Some((
                event.seq,
                Item::Message(Arc::new(said(event, around.people)?)),
            ))
        }));
        beyond.extend(
            self.held
                .between(cursor + 1, Seq::MAX)
                .map(|(&seq, entry)| (seq, entry.item())),
        );
        // Entries beyond the hole that are no messages are not shown, but are not missing either.
        let ahead = self.log.ahead().map(|event| event.seq);
        let places: SortedSet<Seq> = ahead.chain(beyond.keys().copied()).collect();
        // One's own message that is stored at the very end stands there as it did while it was pending.
        let end = places
            .iter()
            .rev()
            .find(|seq| !self.early.contains_key(seq));
        let end = end.copied().unwrap_or_default();
        let mut upto = cursor.max(self.held.known_to);
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
                items.push(Item::Gap(Gap {
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
    fn change(&self, around: &Around<'_>, items: &mut [Item]) {
        let me = around.people.my_id();
        let waiting = around
            .outbox
            .all()
            .iter()
            .filter(|entry| is_mine(entry, self.summary.id, me));
        let waiting = waiting.filter(|entry| entry.failed.is_none());
        for entry in self.settling.iter().map(|(_, entry)| entry).chain(waiting) {
            let Some(of) = entry.command.act.of() else {
                continue;
            };
            let at = items.iter_mut().rev().find_map(|item| match item {
                Item::Message(message) if message.seq == Some(of) => Some(message),
                _ => None,
            });
            if let Some(message) = at {
                overlay(Arc::make_mut(message), &entry.command.act);
            }
        }
    }
}

impl Entry {
    pub(super) fn item(&self) -> Item {
        match self {
            Self::Message(held) => Item::Message(Arc::clone(&held.view)),
            Self::Note(note) => Item::Note(note.clone()),
        }
    }
}

fn is_mine(entry: &OutboxEntry, room: RoomId, me: Option<UserId>) -> bool {
    entry.command.room == room && (entry.by == me || entry.by.is_none())
}

/// One's own messages that are not stored yet, as they will go out.
fn pending<'a>(room: RoomId, around: &'a Around<'_>) -> impl Iterator<Item = MessageView> + 'a {
    let me = around.people.my_id();
    let mine = around
        .outbox
        .all()
        .iter()
        .filter(move |entry| is_mine(entry, room, me));
    mine.filter_map(move |entry| waiting(entry, me?, around))
}

/// A message that is not stored yet.
pub(crate) fn waiting(entry: &OutboxEntry, me: UserId, around: &Around<'_>) -> Option<MessageView> {
    let Act::Send { text, reply_to } = &entry.command.act else {
        return None;
    };
    let hold = around.outbox.hold(entry.command.room);
    let state = match (&entry.failed, hold) {
        (Some(failed), _) => SendState::Failed {
            code: failed.code,
            message: failed.message.clone(),
            retry: failed.code.is_worth_a_retry(),
        },
        (None, _) if !around.live => SendState::Waiting {
            why: None,
            until_ms: None,
        },
        (None, Some(hold)) => SendState::Waiting {
            why: Some(hold.code),
            until_ms: Some(hold.until_ms),
        },
        (None, None) if around.outbox.is_late(entry.command.id) => SendState::Late,
        (None, None) if around.outbox.is_stuck(entry.command.room) => SendState::Waiting {
            why: None,
            until_ms: None,
        },
        (None, None) => SendState::Pending,
    };
    Some(MessageView {
        seq: None,
        id: entry.command.id,
        by: me,
        at: entry.at,
        text: Some(text.clone()),
        reply_to: *reply_to,
        edited_at: None,
        deleted: false,
        reactions: Vec::new(),
        to_me: false,
        state,
        changing: false,
    })
}
