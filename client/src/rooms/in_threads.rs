//! What happens in the threads of a session: which one is looked at, what is told of them, and what is asked of them.

use protocol::{
    Event, ReadEcho, ReadPosition, RoomCounts, RoomId, Seq, ThreadChange, ThreadSummary,
};

use super::{
    RoomStep, Threads,
    threads::{FOLLOWED_MS, ThreadScope},
};
use crate::{
    Change,
    conversation::Conversation,
    requests::Want,
    room::{Room, Scope},
    sorted::SortedMap,
};

/// The threads in one step: what is done with them, of whichever rooms.
pub(crate) struct ThreadsStep<'s, 'c> {
    pub(super) threads: &'s mut Threads,
    pub(super) rooms: &'s SortedMap<RoomId, Room>,
    pub(super) scope: ThreadScope<'s, 'c>,
}

impl<'c> ThreadsStep<'_, 'c> {
    /// A thread with what its work uses.
    fn at(&mut self, key: (RoomId, Seq)) -> Option<RoomStep<'_, 'c>> {
        self.threads.at(key, self.scope.part())
    }

    /// A thread is looked at, in place of the one before.
    pub(crate) fn open(&mut self, key: (RoomId, Seq)) {
        if self.threads.open != Some(key) {
            self.close();
            self.threads.open = Some(key);
            self.come_in();
        }
    }

    /// Holds the thread that is looked at, once its room is known.
    pub(super) fn come_in(&mut self) {
        let Some(key) = self.threads.open else { return };
        let Some(thread) = self.threads.known(self.rooms, key) else {
            return;
        };
        if !thread.held.kept {
            thread.held.kept = true;
            thread.held.reset(thread.log.cursor());
        }
        self.threads.keep(key);
        if let Some(mut step) = self.at(key) {
            step.reader().come_in();
            step.fetching().open();
        }
        self.scope.ctx.changed(Change::Thread(key.0, key.1));
    }

    /// No thread is looked at.
    pub(crate) fn close(&mut self) {
        let Some(key) = self.threads.open.take() else {
            return;
        };
        let place = Conversation::thread(key.0, key.1);
        self.scope
            .requests
            .forget(place, |want| want != Want::Counts);
        self.scope.ctx.changed(Change::Thread(key.0, key.1));
        if let Some(thread) = self.threads.all.get_mut(&key) {
            thread.reading.leave();
            thread.failed.clear();
            let cursor = thread.log.cursor();
            thread.held.trim(self.scope.sizes.keep_closed, cursor, None);
        }
    }

    /// Follow a thread, or not any more.
    pub(crate) fn follow(&mut self, key: (RoomId, Seq), on: bool) {
        let Some(thread) = self.threads.known(self.rooms, key) else {
            return;
        };
        thread.follow(on, None);
        if let Some(state) = thread.thread.as_deref_mut() {
            state.follow_due = true;
        }
        self.changed(key);
    }

    /// What is unread in a thread may be another number.
    fn changed(&mut self, (room, root): (RoomId, Seq)) {
        self.scope.ctx.changed(Change::Rooms);
        self.scope.ctx.changed(Change::Thread(room, root));
    }

    /// A thread of the person's own changed: a reply, whether they follow it, how far they have read it.
    pub(crate) fn told(&mut self, change: &ThreadChange) {
        let key = (change.room, change.root);
        let missed = !self.threads.all.contains_key(&key);
        let place = Conversation::thread(key.0, key.1);
        // A page that is on its way may be of before, and says what was so then.
        let requests = &mut *self.scope.requests;
        let asked =
            change.seq.is_none() && (requests.asks_counts(place) || requests.expects(place));
        if asked {
            requests.forget(place, |want| want == Want::Counts);
        }
        let Some(thread) = self.threads.known(self.rooms, key) else {
            return;
        };
        let cursor = thread.log.cursor();
        let before = thread.has_position();
        if asked {
            thread.reading.look_again(self.scope.ctx.after(FOLLOWED_MS));
        }
        if let Some(on) = change.following {
            let after = change.read_seq.map(|seq| seq.saturating_add(1));
            thread.follow(on, change.seq.or(after));
        }
        let began = thread.has_position() && !before;
        match change.read_seq {
            Some(seq) => thread.correct_position(ReadPosition {
                generation: change.generation,
                seq,
            }),
            None if began => thread.assume_position(),
            None => {}
        }
        // A reply passed before the thread was known; so did what was unread already, such as a reply that an edit lets name this user.
        let passed = (missed && change.seq.is_some_and(|seq| seq <= cursor))
            || (began && change.read_seq.is_some_and(|seq| seq < cursor));
        if let (Some(seq), Some(mut step)) = (change.read_seq, self.at(key)) {
            step.reader().read_elsewhere(ReadEcho {
                room: change.room,
                seq,
                generation: change.generation,
            });
        }
        if let Some(thread) = self.threads.all.get_mut(&key) {
            thread.counts.doubtful |= passed;
        }
        self.changed(key);
    }

    /// The threads of a `welcome`: in all others nothing is unread. Those of rooms that are told behind it wait for these.
    pub(crate) fn welcome(&mut self, told: &[ThreadSummary]) {
        let open = self.threads.open;
        let is_told = |key: &(RoomId, Seq)| told.iter().any(|one| (one.room, one.root) == *key);
        let kept = std::mem::take(&mut self.threads.kept);
        self.threads
            .all
            .retain(|key, _| open == Some(*key) || kept.contains(key) || is_told(key));
        self.threads.kept = kept;
        let rooms = self.rooms;
        for &room in rooms.keys() {
            self.jump(room);
        }
        for (key, thread) in self.threads.all.iter_mut() {
            // Its number is what came since; a page tells whether it is still followed.
            let upto = self.rooms.get(&key.0).map_or(0, |room| room.threads_read);
            let at = thread.counts.position();
            let none = RoomCounts {
                last_seq: upto,
                read_seq: at.seq,
                generation: at.generation,
                ..RoomCounts::default()
            };
            thread.counts.tell(none, thread.log.cursor());
            thread.counts.doubtful = thread.held.kept;
            thread.recap();
            self.scope.ctx.changed(Change::Thread(key.0, key.1));
        }
        self.threads.of_rooms_to_come.clear();
        let now = self.scope.ctx.ms();
        for one in told {
            self.threads.take_told(self.rooms, one, now);
        }
    }
}

impl Threads {
    /// One of the rooms that did not fit into the `welcome` is here: its threads were told before it.
    pub(super) fn take_told_before(
        &mut self,
        rooms: &SortedMap<RoomId, Room>,
        room: RoomId,
        now: u64,
    ) {
        for one in std::mem::take(&mut self.of_rooms_to_come) {
            if one.room == room {
                self.take_told(rooms, &one, now);
            } else {
                self.of_rooms_to_come.push(one);
            }
        }
    }

    fn take_told(&mut self, rooms: &SortedMap<RoomId, Room>, told: &ThreadSummary, now: u64) {
        let key = (told.room, told.root);
        let upto = rooms.get(&told.room).map_or(0, |room| room.threads_read);
        let Some(thread) = self.known(rooms, key) else {
            return self.of_rooms_to_come.push(*told);
        };
        thread.take_thread(told, upto, true);
        thread.reading.say_again(told.generation, now);
        if thread.counts.position() > told.position() {
            thread.reading.tell.at_ms = Some(now);
        }
        thread.recap();
    }
}

impl ThreadsStep<'_, '_> {
    /// The log of a room was seen as far as its cursor, though not entry by entry.
    pub(crate) fn jump(&mut self, room: RoomId) {
        let Some(of) = self.rooms.get(&room) else {
            return;
        };
        let cursor = of.log.cursor();
        for root in self.threads.of(room) {
            let key = (room, root);
            let Some(thread) = self.threads.all.get_mut(&key) else {
                continue;
            };
            if thread.jump(cursor) {
                let place = Conversation::thread(room, root);
                self.scope.requests.forget(place, |_| true);
                self.scope.ctx.changed(Change::Thread(room, root));
            }
            let empty = !thread.held.loaded;
            if empty
                && self.threads.open == Some(key)
                && let Some(mut step) = self.at(key)
            {
                step.fetching().open();
            }
        }
    }
}

impl Scope<'_, '_> {
    /// The threads of the room take the next entry of its log.
    pub(crate) fn enter_threads(&mut self, event: &Event, room: &Room) {
        let Some(threads) = self.threads.as_deref_mut() else {
            return;
        };
        let mut scope = ThreadScope {
            sizes: self.sizes,
            people: self.people,
            requests: self.requests,
            ctx: self.ctx,
        };
        threads.enter(event, room, room.threads_read, &mut scope);
    }
}
