//! What a thread has beside what a room has: its first message, and whether it is followed.

use protocol::{Event, Message, ReadPosition, RoomCounts, RoomSummary, Seq, ThreadSummary};

use super::{Held, Room, UnreadCounts, message::HeldMessage, passing::Passing, view_of};
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
    /// Up to where it was taken to be read when it began to be followed, where only a reply told so: right before that. What was told of an earlier
    /// reply may be lost between nodes, and then the server says that it begins there.
    pub(crate) assumed: Option<ReadPosition>,
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

    /// The first message, as it was when the log ended at `asof`. What is held has followed the log.
    pub(super) fn take_first(
        &mut self,
        message: Message,
        asof: Seq,
        passing: &Passing,
        people: &People,
    ) {
        if self.first.as_ref().is_some_and(|first| !first.stale) {
            return;
        }
        let by = message.by;
        let to_me = |text: &str| people.names_me(by, text);
        let named = message.text.as_deref().is_some_and(to_me);
        let mut first = HeldMessage::from_page(view_of(message, named), asof);
        passing.apply(&mut first, |event| people.is_me(event.by), to_me);
        self.first = Some(first);
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
                assumed: None,
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

    /// Takes the thread of a page that the server rendered.
    pub(crate) fn seed_thread(&mut self, seed: ThreadSnapshot, people: &People) {
        let ThreadSnapshot { page, around } = seed;
        let asof = page.last_seq.unwrap_or_default();
        self.held.kept = true;
        if let (Some(first), Some(state)) = (page.root, self.thread.as_deref_mut()) {
            state.take_first(*first, asof, &self.held.passing, people);
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
                last_seq: asof,
                more: page.more,
                more_after: page.more_after.unwrap_or_default(),
                around,
            },
            people,
        );
    }

    /// Whether there is a read position: of a thread only for who follows it.
    pub(crate) fn has_position(&self) -> bool {
        let followed = self.thread.as_deref().is_none_or(|thread| thread.following);
        self.summary.member && followed
    }

    /// How many messages of others are unread, and how many of them name this user or everybody.
    pub(crate) fn counted(&self) -> (u64, u64) {
        if self.has_position() || self.thread.is_none() {
            (self.counts.unread(), self.counts.mentions())
        } else {
            (0, 0)
        }
    }

    /// Somebody follows the thread now, or not any more. Who begins to with the reply `from` has read what was said before it, seen here already or
    /// not; without one, all that there is.
    pub(crate) fn follow(&mut self, on: bool, from: Option<Seq>) {
        let Some(thread) = self.thread.as_deref_mut() else {
            return;
        };
        let news = std::mem::replace(&mut thread.following, on) != on;
        if news && on {
            let upto = from.map_or(self.log.head(), |from| from.saturating_sub(1));
            self.counts.read_to(upto, None);
        } else if news {
            self.reading.new_mark = None;
        }
        self.recap();
    }

    /// Up to where it is read is not told yet, and is taken to be here.
    pub(crate) fn assume_position(&mut self) {
        let here = self.counts.position();
        if let Some(thread) = self.thread.as_deref_mut() {
            thread.assumed = Some(here);
        }
    }

    /// The server says how far it is read. Where that was assumed to be farther, the server is right.
    pub(crate) fn correct_position(&mut self, told: ReadPosition) {
        let here = self.counts.position();
        let assumed = self.thread.as_deref_mut().and_then(|it| it.assumed.take());
        if assumed == Some(here) && told < here {
            self.counts
                .set_position(told, Vec::new(), self.log.cursor());
            self.counts.doubtful = true;
            self.recap();
        }
    }

    /// The server's word on a thread, as it was when its room's log ended at `upto`, or later. `asked` is as in [`Room::take_counts`].
    pub(crate) fn take_thread(&mut self, told: &ThreadSummary, upto: Seq, asked: bool) {
        if let Some(thread) = self.thread.as_deref_mut().filter(|it| !it.follow_due) {
            thread.following = told.following;
        }
        self.correct_position(told.position());
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
        self.held.kept
    }
}
