//! Threads: those that are looked at, those that are followed, and those in which something was said lately. Each follows the log of its room.

use protocol::{ClientFrame, Event, EventKind, Follow, RoomId, RoomSummary, Seq, ThreadSummary};

use super::{PageSizes, RoomStep};
use crate::{
    Change, Effect, ThreadSnapshot,
    ctx::Ctx,
    people::People,
    requests::Requests,
    room::{Room, Scope},
    sorted::SortedMap,
};

/// Threads that are known at most. Of more those go in which nothing is unread, those of the oldest rooms first.
const MAX_KNOWN: usize = 400;
/// Threads whose replies stay held after one has looked at them.
const MAX_KEPT: usize = 5;
/// When the server is asked whether it has that a thread is followed, or not any more, in milliseconds.
pub(super) const FOLLOWED_MS: u64 = 500;

/// The threads of a session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Threads {
    pub(super) all: SortedMap<(RoomId, Seq), Room>,
    /// The thread that is looked at, known or not.
    pub(crate) open: Option<(RoomId, Seq)>,
    /// Those whose replies are held, the one that was opened last at the end.
    pub(super) kept: Vec<(RoomId, Seq)>,
    /// Threads of the last `welcome` whose rooms did not fit into it and are told behind it.
    pub(super) of_rooms_to_come: Vec<ThreadSummary>,
}

/// What of a session the work on its threads uses.
pub(crate) struct ThreadScope<'s, 'c> {
    pub(crate) sizes: PageSizes,
    pub(crate) people: &'s mut People,
    pub(crate) requests: &'s mut Requests,
    pub(crate) ctx: &'s mut Ctx<'c>,
}

impl<'c> ThreadScope<'_, 'c> {
    /// The same, for a part of the work.
    pub(super) const fn part(&mut self) -> ThreadScope<'_, 'c> {
        ThreadScope {
            sizes: self.sizes,
            people: self.people,
            requests: self.requests,
            ctx: self.ctx,
        }
    }
}

impl Threads {
    pub(crate) fn get(&self, room: RoomId, root: Seq) -> Option<&Room> {
        self.all.get(&(room, root))
    }

    /// The threads that are followed, with what is unread in each, by room.
    pub(crate) fn unread(&self) -> impl Iterator<Item = (RoomId, u64, u64)> {
        let all = self.all.iter();
        all.filter_map(|(&(room, _), thread)| {
            let (unread, mentions) = thread.counted();
            (unread > 0).then_some((room, unread, mentions))
        })
    }

    /// A thread with what its work uses; none that is not known.
    pub(super) fn at<'s, 'c>(
        &'s mut self,
        key: (RoomId, Seq),
        with: ThreadScope<'s, 'c>,
    ) -> Option<RoomStep<'s, 'c>> {
        let (id, root) = key;
        let ThreadScope {
            sizes,
            people,
            requests,
            ctx,
        } = with;
        let scope = Scope {
            id,
            thread: Some(root),
            open: self.open == Some(key),
            threads: None,
            sizes,
            people,
            requests,
            // What is missed of a log is its room's affair.
            catching_up: None,
            ctx,
        };
        let room = self.all.get_mut(&key)?;
        Some(RoomStep { room, scope })
    }

    /// The thread of this first message, made where it is not known, in one of these rooms.
    pub(super) fn known(
        &mut self,
        rooms: &SortedMap<RoomId, Room>,
        key: (RoomId, Seq),
    ) -> Option<&mut Room> {
        let room = rooms.get(&key.0)?;
        let about = (&room.summary, room.log.cursor(), room.log.cursor());
        self.know(key, about)
    }

    /// A thread; one that is not known begins with nothing unread up to `upto`.
    fn know(
        &mut self,
        key: (RoomId, Seq),
        (room, cursor, upto): (&RoomSummary, Seq, Seq),
    ) -> Option<&mut Room> {
        if !self.all.contains_key(&key) {
            self.make_space();
            self.all
                .insert(key, Room::thread(room, key.1, cursor, upto));
        }
        self.all.get_mut(&key)
    }

    /// Takes the thread of a page that the server rendered.
    pub(crate) fn seed(
        &mut self,
        rooms: &SortedMap<RoomId, Room>,
        seed: ThreadSnapshot,
        people: &People,
    ) {
        let Some(root) = seed.page.root.as_deref() else {
            return;
        };
        let key = (seed.page.room, root.seq);
        self.open = Some(key);
        if let Some(thread) = self.known(rooms, key) {
            thread.seed_thread(seed, people);
            self.keep(key);
        }
    }

    fn make_space(&mut self) {
        if self.all.len() < MAX_KNOWN {
            return;
        }
        let idle = |(key, thread): &(&(RoomId, Seq), &Room)| {
            thread.counted().0 == 0 && self.open != Some(**key) && !self.kept.contains(key)
        };
        // Where something is unread in all of them, the number of one that nobody reads is the least loss.
        let first = self
            .all
            .iter()
            .find(idle)
            .or_else(|| self.all.iter().next());
        if let Some(key) = first.map(|(key, _)| *key) {
            self.all.remove(&key);
        }
    }

    /// The next entry of a room's log: each of its threads takes it. `read_upto` is how far what is not known of a thread is read.
    pub(crate) fn enter(
        &mut self,
        event: &Event,
        room: &Room,
        read_upto: Seq,
        scope: &mut ThreadScope<'_, '_>,
    ) {
        let id = event.room;
        if let Some(place) = event.kind.thread() {
            let (summary, before) = (&room.summary, event.seq - 1);
            self.know((id, place.root), (summary, before, read_upto));
        }
        let (open, head) = (self.open, room.log.head());
        for (&(_, root), thread) in self.all.iter_mut().filter(|((of, _), _)| *of == id) {
            thread.jump(event.seq - 1);
            thread.log.seen(event.seq, head);
            Self::enter_one(thread, event, open == Some((id, root)), scope);
        }
    }

    fn enter_one(thread: &mut Room, event: &Event, open: bool, scope: &mut ThreadScope<'_, '_>) {
        let place = thread.place();
        let expecting = scope.requests.expects(place);
        let mine = scope.people.is_me(event.by);
        let root = event.kind.thread().map(|place| place.root);
        let here = root.is_some() && root == place.thread;
        let unseen = event.seq > thread.counts.read();
        let mut changed = thread.apply(event, scope.people, expecting);
        if let (EventKind::Message { text, .. }, true) = (&event.kind, here) {
            changed |= thread.typing.said(event.by);
            if let Some(text) = text
                && open
                && unseen
                && !mine
            {
                scope.ctx.effect(Effect::Arrived {
                    room: event.room,
                    thread: root,
                    seq: event.seq,
                    to_me: scope.people.names_me(event.by, text),
                });
            }
        }
        let keep = if open {
            scope.sizes.keep_open
        } else {
            scope.sizes.keep_closed
        };
        if thread.held.entries.all.len() > keep + keep / 10 + 10 {
            let reading = thread.reading.at.filter(|_| open);
            thread.held.trim(keep, event.seq, reading);
        }
        if thread.recap() && thread.has_position() {
            scope.ctx.changed(Change::Rooms);
            changed = true;
        }
        if let (true, Some(root)) = (changed, place.thread) {
            scope.ctx.changed(Change::Thread(place.room, root));
        }
    }

    /// The threads of a room that are known.
    pub(super) fn of(&self, room: RoomId) -> Vec<Seq> {
        let keys = self.all.keys().filter(|(of, _)| *of == room);
        keys.map(|&(_, root)| root).collect()
    }

    /// A thread that is looked at: its replies are held from now on, and those of another one not any more.
    pub(super) fn keep(&mut self, key: (RoomId, Seq)) {
        self.kept.retain(|kept| *kept != key);
        self.kept.push(key);
        if self.kept.len() > MAX_KEPT {
            let oldest = self.kept.remove(0);
            if let Some(thread) = self.all.get_mut(&oldest) {
                thread.held.reset(thread.log.cursor());
                thread.held.kept = false;
                if let Some(state) = thread.thread.as_deref_mut() {
                    state.first = None;
                }
            }
        }
    }

    pub(super) fn forget(&mut self, fits: impl Fn(RoomId) -> bool) {
        self.all.retain(|(room, _), _| !fits(*room));
        self.kept.retain(|(room, _)| !fits(*room));
    }

    pub(super) fn clear(&mut self) {
        self.forget(|_| true);
    }

    /// Tells what is to be told of threads that are followed, or not any more.
    pub(super) fn tell_follows(&mut self, ctx: &mut Ctx<'_>) {
        for (&(room, thread), one) in self.all.iter_mut() {
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

    /// Nobody is known to write any more who fell silent.
    pub(super) fn expire(&mut self, now_ms: u64, ctx: &mut Ctx<'_>) {
        for (&(room, root), thread) in self.all.iter_mut() {
            if thread.typing.expire(now_ms) {
                ctx.changed(Change::Thread(room, root));
            }
        }
    }

    /// The connection is gone.
    pub(super) fn down(&mut self, ctx: &mut Ctx<'_>) {
        for (&(room, root), thread) in self.all.iter_mut() {
            thread.held.passing.clear();
            if thread.typing.clear() {
                ctx.changed(Change::Thread(room, root));
            }
        }
    }
}
