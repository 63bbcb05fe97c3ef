//! Loaded parts of a room: messages and notes by their place, which parts of the log that is, and what is not certain.

use protocol::{Act, Event, EventKind, Message, Seq, ThreadPlace};

use super::{
    held_entries::{Entry, HeldEntries},
    message::{HeldMessage, bury, view_of},
    passing::Passing,
    spans::Spans,
};
use crate::{MessageView, SendState, people::People};

/// A page of messages, and what is known about its moment.
#[derive(Clone, Debug)]
pub(crate) struct FetchedPage {
    /// The messages, oldest first.
    pub(crate) messages: Vec<Message>,
    /// Joins, leaves and topics among them.
    pub(crate) notes: Vec<Event>,
    /// The part of the log that it tells all messages of.
    pub(crate) from: Seq,
    pub(crate) to: Seq,
    /// The end of the log at the moment of the page.
    pub(crate) asof: Seq,
}

/// What is held of a room's own messages, or of a thread's replies.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// The thread, by its first message.
    thread: Option<Seq>,
    /// Whether entries are held as they come: of a thread since it was opened, as long as it is one of the last that were. Else it is only counted.
    pub(crate) kept: bool,
    pub(crate) entries: HeldEntries,
    pub(crate) spans: Spans,
    /// Up to here a page told all messages, though the log was not seen that far yet.
    pub(crate) known_to: Seq,
    /// Whether the first page is there.
    pub(crate) loaded: bool,
    /// Whether older entries exist than all that is held.
    pub(crate) more: bool,
    pub(crate) passing: Passing,
}

impl Held {
    /// Nothing of a log that was seen up to `cursor`.
    pub(crate) fn new(cursor: Seq, thread: Option<Seq>) -> Self {
        Self {
            thread,
            kept: thread.is_none(),
            entries: HeldEntries::default(),
            spans: Spans::empty(cursor + 1),
            known_to: 0,
            loaded: cursor == 0,
            more: cursor > 0,
            passing: Passing::default(),
        }
    }

    /// Nothing is held any more of a log that was seen up to `cursor`.
    pub(crate) fn reset(&mut self, cursor: Seq) {
        *self = Self {
            kept: self.kept,
            passing: Passing::after(cursor),
            ..Self::new(cursor, self.thread)
        };
    }

    /// Whether a message at this place of a thread, or of none, stands here.
    pub(crate) fn has(&self, place: Option<ThreadPlace>) -> bool {
        match self.thread {
            None => ThreadPlace::counts_in_room(place),
            Some(root) => place.is_some_and(|place| place.root == root),
        }
    }

    /// Whether an own command is seen here: a message in its thread, in the room, or in both; a change wherever its message stands.
    pub(crate) fn shows(&self, act: &Act) -> bool {
        match (act, self.thread) {
            (Act::Send { thread, .. }, None) => thread.is_none_or(|thread| thread.also),
            (Act::Send { thread, .. }, Some(root)) => thread.is_some_and(|it| it.root == root),
            _ => self.kept,
        }
    }

    /// Whether all of `from..=to` of a log that was seen up to `cursor` is held, or known to be none of this room's or thread's.
    pub(crate) fn holds(&self, from: Seq, to: Seq, cursor: Seq) -> bool {
        self.kept && self.spans.holds(from, to, cursor)
    }

    /// What follows `seq` in a log that was seen up to `cursor` and shows nothing of its own, such as a reaction, is seen with it.
    pub(crate) fn with_unseen(&self, seq: Seq, cursor: Seq) -> Seq {
        let next = seq + 1;
        let nothing = self.holds(next, cursor, cursor)
            && self.entries.between(next, Seq::MAX).next().is_none();
        if nothing { seq.max(cursor) } else { seq }
    }

    /// Whether the newest of a log that was seen up to `cursor` is held.
    pub(crate) fn holds_end(&self, cursor: Seq) -> bool {
        self.loaded && (self.spans.live_from() <= cursor || cursor == 0)
    }

    /// Applies the next entry of the log. `expecting` tells that a page is on its way. Whether anything seen changed.
    pub(crate) fn apply(&mut self, event: &Event, people: &People, expecting: bool) -> bool {
        match &event.kind {
            EventKind::Message { thread, .. } => {
                let added = self.has(*thread) && self.add(event, people);
                let replied =
                    thread.is_some_and(|place| self.change(place.root, event, people, expecting));
                added || replied
            }
            kind if kind.is_note() => self.thread.is_none() && self.entries.note(event),
            kind => kind
                .of()
                .is_some_and(|of| self.change(of, event, people, expecting)),
        }
    }

    fn add(&mut self, event: &Event, people: &People) -> bool {
        // A page may have brought it already, with more in it.
        if self.entries.all.contains_key(&event.seq) {
            return false;
        }
        let Some(view) = said(event, people) else {
            return false;
        };
        self.entries
            .all
            .insert(event.seq, Entry::Message(HeldMessage::from_event(view)));
        true
    }

    fn change(&mut self, of: Seq, event: &Event, people: &People, expecting: bool) -> bool {
        let held = match self.entries.all.get_mut(&of) {
            Some(Entry::Message(held)) if !held.stale => held,
            _ => {
                if expecting {
                    self.passing.keep(event);
                }
                return false;
            }
        };
        let by = held.view.by;
        let to_me = |text: &str| people.names_me(by, text);
        held.apply(event, people.is_me(event.by), to_me)
    }

    /// Takes a page in. `cursor` is how far the log was seen.
    pub(crate) fn insert(&mut self, page: FetchedPage, cursor: Seq, people: &People) {
        for message in page.messages {
            let (seq, by) = (message.seq, message.by);
            // What is held has followed the log.
            if self.entries.message(seq).is_some_and(|held| !held.stale) {
                continue;
            }
            let to_me = |text: &str| people.names_me(by, text);
            let named = message.text.as_deref().is_some_and(to_me);
            let mut held = HeldMessage::from_page(view_of(message, named), page.asof);
            self.passing
                .apply(&mut held, |event| people.is_me(event.by), to_me);
            self.entries.all.insert(seq, Entry::Message(held));
        }
        for event in &page.notes {
            self.entries.note(event);
        }
        self.entries.drop_stale(page.from, page.to);
        self.spans.cover(page.from, page.to);
        if page.from <= cursor + 1 {
            self.known_to = self.known_to.max(page.to);
        }
        self.more = self.more && self.spans.first() > 1;
    }

    /// What is stale still is held no longer; what was before it is behind a gap.
    pub(crate) fn forget_stale(&mut self, cursor: Seq) {
        let Some((first, last)) = self.entries.stale() else {
            return;
        };
        let next = self
            .entries
            .between(last + 1, Seq::MAX)
            .next()
            .map_or(cursor + 1, |(&seq, _)| seq)
            .min(cursor + 1);
        self.entries
            .all
            .retain(|&seq, _| seq < first || seq >= next);
        self.spans.cut_between(first - 1, next);
        self.more = self.spans.first() > 1;
    }

    /// Entries between `cursor` and `next` will not be seen one by one: the newest `keep` held ones stay to be seen, as stale,
    /// with a gap after them.
    pub(crate) fn detach(&mut self, cursor: Seq, next: Seq, keep: usize) {
        let from = self.spans.live_from();
        let whole = self.entries.between(0, cursor + 1).map(|(&seq, _)| seq);
        let live: Vec<Seq> = whole.filter(|&seq| seq >= from).collect();
        let first = live.get(live.len().saturating_sub(keep)).copied();
        let Some(first) = first else {
            self.reset(next - 1);
            return;
        };
        self.entries
            .all
            .retain(|seq, _| (first..=cursor).contains(seq));
        for entry in self.entries.all.values_mut() {
            if let Entry::Message(held) = entry {
                held.stale = true;
            }
        }
        self.spans.detach(cursor, next);
        self.spans.cut_before(first);
        self.known_to = 0;
        self.more = first > 1;
        self.passing = Passing::after(next - 1);
    }

    /// Everything before `first` is held no longer.
    pub(crate) fn cut_before(&mut self, first: Seq) {
        self.entries.all = self.entries.all.split_off(&first);
        self.spans.cut_before(first);
        self.more = self.spans.first() > 1;
    }

    /// Keeps at most `keep` entries of a log that was seen up to `cursor`: the newest, and those around `reading`, the entry
    /// that one reads at. What is between the two becomes a gap, what is older is behind `more`. Whether any went.
    pub(crate) fn trim(&mut self, keep: usize, cursor: Seq, reading: Option<Seq>) -> bool {
        const NEWEST: usize = 100;
        let count = self.entries.all.len();
        if count <= keep {
            return false;
        }
        let at = |index: usize| self.entries.all.keys().nth(index).copied();
        let end = cursor + 1;
        let Some(reading) = reading.filter(|_| keep > 2 * NEWEST) else {
            self.cut_before(at(count - keep).unwrap_or(end).min(end));
            return true;
        };
        let around = keep - NEWEST;
        let before = self.entries.between(0, reading).count();
        // Where there is less than half on one side, there is more on the other.
        let first = before.saturating_sub(around / 2).min(count - keep);
        let (first_kept, last_kept) = (at(first), at(first + around - 1));
        let first_new = at(count - NEWEST).unwrap_or(end).min(end);
        if let Some(last_kept) = last_kept.filter(|_| first + keep < count) {
            self.entries
                .all
                .retain(|&seq, _| seq <= last_kept || seq >= first_new);
            self.spans.cut_between(last_kept, first_new);
        }
        if let Some(first_kept) = first_kept.filter(|_| first > 0) {
            self.cut_before(first_kept.min(end));
        }
        true
    }
}

/// What somebody said, as an entry of the log tells it.
pub(crate) fn said(event: &Event, people: &People) -> Option<MessageView> {
    let EventKind::Message {
        id,
        text,
        reply_to,
        deleted,
        thread,
    } = &event.kind
    else {
        return None;
    };
    let mut view = MessageView {
        seq: Some(event.seq),
        id: *id,
        by: event.by,
        at: event.at,
        text: text.clone(),
        reply_to: *reply_to,
        edited_at: None,
        deleted: *deleted,
        reactions: Vec::new(),
        pinned: false,
        thread: *thread,
        replies: None,
        to_me: text
            .as_deref()
            .is_some_and(|text| people.names_me(event.by, text)),
        state: SendState::Stored,
        changing: false,
    };
    if *deleted {
        bury(&mut view);
    }
    Some(view)
}
