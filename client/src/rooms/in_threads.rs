//! What happens in the threads of a session: which one is looked at, what is told of them, and what is asked of them.

use protocol::{
    Ack, ClientFrame, Event, Follow, ReadEcho, RoomCounts, RoomId, Seq, ThreadChange, ThreadSummary,
};

use super::{RoomStep, SessionRooms, threads::ThreadScope};
use crate::{
    Change, OutboxEntry, ThreadSnapshot,
    conversation::Conversation,
    ctx::Ctx,
    people::People,
    requests::Want,
    room::{Room, Scope},
};

/// When the server is asked whether it has that a thread is followed, or not any more, in milliseconds.
const FOLLOWED_MS: u64 = 500;

impl SessionRooms {
    /// Takes the thread of a page that the server rendered.
    pub(crate) fn seed_thread(&mut self, seed: ThreadSnapshot, people: &People) {
        let Some(root) = seed.page.root.as_deref() else {
            return;
        };
        let key = (seed.page.room, root.seq);
        self.threads.open = Some(key);
        if let Some(thread) = self.known_thread(key) {
            thread.seed_thread(seed, people);
            self.threads.keep(key);
        }
    }

    /// An own command is stored: it is shown wherever it stands until its entry comes.
    pub(crate) fn acked(
        &mut self,
        ack: Ack,
        entry: &OutboxEntry,
        people: &mut People,
        ctx: &mut Ctx<'_>,
    ) {
        if let Some(mut step) = self.at(ack.room, people, ctx) {
            step.following().acked(ack, entry.clone());
        }
        self.each_thread(people, ctx, |mut step| {
            if step.scope.id == ack.room {
                step.following().acked(ack, entry.clone());
            }
        });
    }

    /// A thread with what its work uses.
    fn thread<'s, 'c>(
        &'s mut self,
        (room, root): (RoomId, Seq),
        people: &'s mut People,
        ctx: &'s mut Ctx<'c>,
    ) -> Option<RoomStep<'s, 'c>> {
        self.at(Conversation::thread(room, root), people, ctx)
    }

    /// The thread of this first message, made where it is not known.
    pub(super) fn known_thread(&mut self, key: (RoomId, Seq)) -> Option<&mut Room> {
        let room = self.all.get(&key.0)?;
        let about = (&room.summary, room.log.cursor(), room.log.cursor());
        self.threads.know(key, about)
    }

    /// A thread is looked at, in place of the one before.
    pub(crate) fn open_thread(
        &mut self,
        key: (RoomId, Seq),
        people: &mut People,
        ctx: &mut Ctx<'_>,
    ) {
        if self.threads.open != Some(key) {
            self.close_thread(ctx);
            self.threads.open = Some(key);
            self.come_into_thread(people, ctx);
        }
    }

    /// Holds the thread that is looked at, once its room is known.
    pub(super) fn come_into_thread(&mut self, people: &mut People, ctx: &mut Ctx<'_>) {
        let Some(key) = self.threads.open else { return };
        let Some(thread) = self.known_thread(key) else {
            return;
        };
        let cursor = thread.log.cursor();
        if let Some(state) = thread.thread.as_deref_mut().filter(|it| !it.kept) {
            state.kept = true;
            thread.held.reset(cursor);
        }
        self.threads.keep(key);
        if let Some(mut step) = self.thread(key, people, ctx) {
            step.reader().come_in();
            step.fetching().open();
        }
        ctx.changed(Change::Thread(key.0, key.1));
    }

    /// No thread is looked at.
    pub(crate) fn close_thread(&mut self, ctx: &mut Ctx<'_>) {
        let Some(key) = self.threads.open.take() else {
            return;
        };
        let place = Conversation::thread(key.0, key.1);
        self.requests.forget(place, |want| want != Want::Counts);
        ctx.changed(Change::Thread(key.0, key.1));
        if let Some(thread) = self.threads.all.get_mut(&key) {
            thread.reading.leave();
            thread.failed.clear();
            let cursor = thread.log.cursor();
            thread.held.trim(self.sizes.keep_closed, cursor, None);
        }
    }

    /// Follow a thread, or not any more.
    pub(crate) fn follow(&mut self, key: (RoomId, Seq), on: bool, ctx: &mut Ctx<'_>) {
        let Some(thread) = self.known_thread(key) else {
            return;
        };
        Self::follows(thread, on, None);
        if let Some(state) = thread.thread.as_deref_mut() {
            state.follow_due = true;
        }
        ctx.changed(Change::Rooms);
        ctx.changed(Change::Thread(key.0, key.1));
    }

    /// Who begins to follow with the reply `from` has read what was said before it, seen here already or not; without one, all that there is.
    fn follows(thread: &mut Room, on: bool, from: Option<Seq>) {
        if thread.follow(on) && on {
            let upto = from.map_or(thread.log.head(), |from| from.saturating_sub(1));
            thread.counts.read_to(upto, None);
            thread.recap();
        }
    }

    /// A thread of the person's own changed: a reply, whether they follow it, how far they have read it.
    pub(crate) fn thread_told(
        &mut self,
        change: &ThreadChange,
        people: &mut People,
        ctx: &mut Ctx<'_>,
    ) {
        let key = (change.room, change.root);
        let missed = !self.threads.all.contains_key(&key);
        let Some(thread) = self.known_thread(key) else {
            return;
        };
        let cursor = thread.log.cursor();
        let before = thread.has_position();
        if let Some(on) = change.following {
            let after = change.read_seq.map(|seq| seq.saturating_add(1));
            Self::follows(thread, on, change.seq.or(after));
        }
        let began = thread.has_position() && !before;
        // A reply passed before the thread was known; so did what was unread already, such as a reply that an edit lets name this user.
        let passed = (missed && change.seq.is_some_and(|seq| seq <= cursor))
            || (began && change.read_seq.is_some_and(|seq| seq < cursor));
        if let (Some(seq), Some(mut step)) = (change.read_seq, self.thread(key, people, ctx)) {
            step.reader().read_elsewhere(ReadEcho {
                room: change.room,
                seq,
                generation: change.generation,
            });
        }
        if let Some(thread) = self.threads.all.get_mut(&key) {
            thread.counts.doubtful |= passed;
        }
        ctx.changed(Change::Rooms);
        ctx.changed(Change::Thread(key.0, key.1));
    }

    /// The threads of a `welcome`: in all others nothing is unread. Those of rooms that come later are told with them.
    pub(crate) fn welcome_threads(
        &mut self,
        told: &[ThreadSummary],
        people: &mut People,
        ctx: &mut Ctx<'_>,
    ) {
        let open = self.threads.open;
        let is_told = |key: &(RoomId, Seq)| told.iter().any(|one| (one.room, one.root) == *key);
        let kept = std::mem::take(&mut self.threads.kept);
        self.threads
            .all
            .retain(|key, _| open == Some(*key) || kept.contains(key) || is_told(key));
        self.threads.kept = kept;
        let rooms: Vec<RoomId> = self.all.keys().copied().collect();
        for room in rooms {
            self.threads_jump(room, people, ctx);
        }
        for (key, thread) in self.threads.all.iter_mut() {
            // Its number is what came since; a page tells whether it is still followed.
            let upto = self.all.get(&key.0).map_or(0, |room| room.threads_read);
            let at = thread.counts.position();
            let none = RoomCounts {
                last_seq: upto,
                read_seq: at.seq,
                generation: at.generation,
                ..RoomCounts::default()
            };
            thread.counts.tell(none, thread.log.cursor());
            thread.counts.doubtful = thread.thread.as_deref().is_some_and(|it| it.kept);
            thread.recap();
            ctx.changed(Change::Thread(key.0, key.1));
        }
        for one in told {
            self.take_told(one, ctx);
        }
    }

    fn take_told(&mut self, told: &ThreadSummary, ctx: &Ctx<'_>) {
        let key = (told.room, told.root);
        let upto = self.all.get(&told.room).map_or(0, |room| room.threads_read);
        let Some(thread) = self.known_thread(key) else {
            return;
        };
        thread.take_thread(told, upto, true);
        thread.reading.say_again(told.generation, ctx.ms());
        if thread.counts.position() > told.position() {
            thread.reading.tell.at_ms = Some(ctx.ms());
        }
        thread.recap();
    }

    /// The log of a room was seen as far as its cursor, though not entry by entry.
    pub(crate) fn threads_jump(&mut self, room: RoomId, people: &mut People, ctx: &mut Ctx<'_>) {
        let Some(of) = self.all.get(&room) else {
            return;
        };
        let cursor = of.log.cursor();
        for root in self.threads.of(room) {
            let key = (room, root);
            let Some(thread) = self.threads.all.get_mut(&key) else {
                continue;
            };
            if thread.jump(cursor) {
                self.requests
                    .forget(Conversation::thread(room, root), |_| true);
                ctx.changed(Change::Thread(room, root));
            }
            let empty = !thread.held.loaded;
            if empty
                && self.threads.open == Some(key)
                && let Some(mut step) = self.thread(key, people, ctx)
            {
                step.fetching().open();
            }
        }
    }

    /// Does something with each thread.
    pub(super) fn each_thread<'c>(
        &mut self,
        people: &mut People,
        ctx: &mut Ctx<'c>,
        mut act: impl FnMut(RoomStep<'_, 'c>),
    ) {
        let keys: Vec<(RoomId, Seq)> = self.threads.all.keys().copied().collect();
        for key in keys {
            if let Some(step) = self.thread(key, people, ctx) {
                act(step);
            }
        }
    }

    /// Tells what is to be told of threads that are followed, or not any more.
    pub(super) fn tell_follows(&mut self, ctx: &mut Ctx<'_>) {
        for (&(room, thread), one) in self.threads.all.iter_mut() {
            if let Some(state) = one.thread.as_deref_mut()
                && std::mem::take(&mut state.follow_due)
            {
                let on = state.following;
                // It is silent when all is well, and may have crossed another word on it.
                one.reading.look_again(ctx.after(FOLLOWED_MS));
                ctx.transmit(ClientFrame::Follow(Follow { room, thread, on }));
            }
        }
    }

    /// A room is no more for this user, and none of its threads.
    pub(super) fn threads_gone(&mut self, room: RoomId) {
        self.threads.forget(|of| of == room);
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
