//! What a thread has beside what a room has: its first message, and whether it is followed.

use protocol::{Act, Event, Message, RoomCounts, RoomSummary, Seq, ThreadSummary};

use super::{Held, Room, UnreadCounts, message::HeldMessage, view_of};
use crate::{RoomSnapshot, ThreadSnapshot, conversation::Conversation, people::People};

/// A thread, as one user has it.
#[derive(Clone, Debug)]
pub(crate) struct ThreadState {
    /// The place of its first message.
    pub(crate) root: Seq,
    /// Its first message, once a page brought it.
    pub(crate) first: Option<HeldMessage>,
    /// Whether what is unread in it counts.
    pub(crate) following: bool,
    /// Whether that is still to be told.
    pub(crate) follow_due: bool,
    /// Whether its replies are kept as they come: since it was opened, as long as it is one of the last that were.
    pub(crate) kept: bool,
}

impl ThreadState {
    /// The next entry of the log. Whether the first message changed.
    pub(super) fn apply(&mut self, event: &Event, people: &People) -> bool {
        let root = event.kind.thread().map(|place| place.root);
        let about = event.kind.of().or(root) == Some(self.root);
        let Some(first) = self.first.as_mut().filter(|_| about) else {
            return false;
        };
        let by = first.view.by;
        first.apply(event, people.is_me(event.by), |text| {
            people.names_me(by, text)
        })
    }
}

impl Room {
    /// A thread of which nothing is held, in a room whose log was seen up to `cursor`: nothing is unread in it up to `upto`.
    pub(crate) fn thread(room: &RoomSummary, root: Seq, cursor: Seq, upto: Seq) -> Self {
        let summary = RoomSummary {
            last_seq: cursor,
            read_seq: 0,
            generation: 0,
            unread: 0,
            mentions: 0,
            ..room.clone()
        };
        let mut counts = UnreadCounts::default();
        let told = RoomCounts {
            last_seq: upto,
            ..RoomCounts::default()
        };
        counts.tell(told, cursor);
        Self {
            held: Held::new(cursor, Some(root)),
            counts,
            thread: Some(Box::new(ThreadState {
                root,
                first: None,
                following: false,
                follow_due: false,
                kept: false,
            })),
            ..Self::new(summary)
        }
    }

    /// The room or thread.
    pub(crate) fn place(&self) -> Conversation {
        Conversation {
            room: self.summary.id,
            thread: self.thread.as_deref().map(|thread| thread.root),
        }
    }

    /// Whether an own command is seen here: a message in its thread, in the room, or in both; a change wherever its message stands.
    pub(crate) fn is_in(&self, act: &Act) -> bool {
        let root = self.thread.as_deref().map(|thread| thread.root);
        match (act, root) {
            (Act::Send { thread, .. }, None) => thread.is_none_or(|thread| thread.also),
            (Act::Send { thread, .. }, Some(root)) => thread.is_some_and(|it| it.root == root),
            _ => self.is_kept(),
        }
    }

    /// Takes the thread of a page that the server rendered.
    pub(crate) fn seed_thread(&mut self, seed: ThreadSnapshot, people: &People) {
        let ThreadSnapshot { page, around } = seed;
        let asof = page.last_seq.unwrap_or_default();
        if let Some(state) = self.thread.as_deref_mut() {
            state.kept = true;
        }
        if let Some(first) = page.root {
            self.take_first(*first, asof, people);
        }
        if let Some(thread) = page.thread {
            self.take_thread(&thread, asof, true);
        }
        self.seed(
            RoomSnapshot {
                room: page.room,
                messages: page.messages,
                notes: Vec::new(),
                quoted: Vec::new(),
                last_seq: page.last_seq,
                more: page.more,
                more_after: page.more_after.unwrap_or_default(),
                around,
            },
            people,
        );
    }

    /// Whether what comes is held: a thread that was not looked at lately is only counted.
    pub(super) fn is_kept(&self) -> bool {
        self.thread.as_deref().is_none_or(|thread| thread.kept)
    }

    /// Whether there is a read position: of a thread only for who follows it.
    pub(crate) fn has_position(&self) -> bool {
        let followed = self.thread.as_deref().is_none_or(|thread| thread.following);
        self.is_mine() && followed
    }

    /// Messages of others that are unread.
    pub(crate) fn unread(&self) -> u64 {
        if self.has_position() || self.thread.is_none() {
            self.counts.unread()
        } else {
            0
        }
    }

    /// Those of them that name this user or everybody.
    pub(crate) fn mentions(&self) -> u64 {
        if self.has_position() || self.thread.is_none() {
            self.counts.mentions()
        } else {
            0
        }
    }

    /// Whether somebody follows a thread is another thing now. Whether that is news.
    pub(crate) fn follow(&mut self, on: bool) -> bool {
        let Some(thread) = self.thread.as_deref_mut() else {
            return false;
        };
        let news = std::mem::replace(&mut thread.following, on) != on;
        if news && !on {
            self.reading.new_mark = None;
        }
        self.recap();
        news
    }

    /// The server's word on a thread, as it was when its room's log ended at `upto`, or later. `asked` is as in [`Room::take_counts`].
    pub(crate) fn take_thread(&mut self, told: &ThreadSummary, upto: Seq, asked: bool) {
        if let Some(thread) = self.thread.as_deref_mut().filter(|it| !it.follow_due) {
            thread.following = told.following;
        }
        self.take_counts(
            RoomCounts {
                last_seq: upto.max(told.last_seq),
                read_seq: told.read_seq,
                generation: told.generation,
                unread: told.unread,
                mentions: told.mentions,
            },
            asked,
        );
    }

    /// The first message, as it was when the log ended at `asof`. What is held has followed the log.
    pub(super) fn take_first(&mut self, message: Message, asof: Seq, people: &People) {
        let by = message.by;
        let to_me = |text: &str| people.names_me(by, text);
        let named = message.text.as_deref().is_some_and(to_me);
        let Some(state) = self.thread.as_deref_mut() else {
            return;
        };
        if state.first.as_ref().is_some_and(|first| !first.stale) {
            return;
        }
        let mut first = HeldMessage::from_page(view_of(message, named), asof);
        let mine = |event: &Event| people.is_me(event.by);
        self.held.passing.apply(&mut first, mine, to_me);
        state.first = Some(first);
    }

    /// Fixes the "New" line with the first page of a thread: before, it may not be known how far it was read.
    pub(super) fn mark_new_first(&mut self) {
        if !self.held.loaded && self.reading.new_mark.is_none() {
            self.mark_new();
        }
    }

    /// The log of the thread's room was seen up to `cursor`. Entries between are not seen one by one here, unless there are none: then what is
    /// held is loaded again. Whether anything was held.
    pub(crate) fn jump(&mut self, cursor: Seq) -> bool {
        let before = self.log.cursor();
        if before == cursor {
            return false;
        }
        let back = cursor < before;
        self.log.restart(cursor);
        self.settling.reach(cursor);
        self.held.reset(cursor);
        self.failed.clear();
        self.reading.at = None;
        self.reading.watched = None;
        if back {
            self.counts.restart(cursor);
        } else {
            self.counts.skip_to(cursor);
        }
        let thread = self.thread.as_deref_mut();
        if let Some(first) = thread.and_then(|thread| thread.first.as_mut()) {
            first.stale = true;
        }
        self.recap();
        self.is_kept()
    }
}
