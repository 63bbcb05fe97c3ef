//! The rooms of a session: which there are, which is looked at, and what is asked of them.

mod catching_up;
mod doubtful;
mod in_threads;
mod threads;
mod welcome;

use std::collections::BTreeMap;

use protocol::{ErrorCode, RoomId, RoomSummary, Seq};

pub(crate) use catching_up::{CatchingUp, REPLAY_MS};
pub(crate) use threads::Threads;

use crate::{
    Change, Failure, RoomSnapshot, SessionConfig,
    conversation::Conversation,
    ctx::Ctx,
    people::People,
    requests::{Requests, Want},
    room::{Fetching, Following, Quoted, Room, RoomReader, Scope},
    sorted::{SortedMap, put},
};

/// Most cursors of a `hello`, so that it stays below the limit of a frame. Rooms beyond it are loaded anew.
const MAX_CURSORS: usize = 1_200;

/// How much is asked for and kept of a room; see [`SessionConfig`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageSizes {
    pub(crate) page: u32,
    pub(crate) keep_open: usize,
    pub(crate) keep_closed: usize,
}

/// The rooms that this user is in or looks at.
#[derive(Clone, Debug)]
pub(crate) struct SessionRooms {
    pub(crate) all: SortedMap<RoomId, Room>,
    /// The room that is looked at, known or not.
    pub(crate) open: Option<RoomId>,
    pub(crate) threads: Threads,
    pub(crate) requests: Requests,
    catching_up: Option<CatchingUp>,
    /// Rooms and threads that were gone while a position that was set back in them was not settled: who comes back at once may find it so, and is
    /// not told.
    in_doubt: Vec<Conversation>,
    /// Rooms whose cursors went out with the last `hello`.
    resumed: BTreeMap<RoomId, Seq>,
    sizes: PageSizes,
}

/// One room in one step.
pub(crate) struct RoomStep<'s, 'c> {
    room: &'s mut Room,
    scope: Scope<'s, 'c>,
}

impl<'s, 'c> RoomStep<'s, 'c> {
    /// Its log.
    pub(crate) fn following(&mut self) -> Following<'_, 's, 'c> {
        Following::new(self.room, &mut self.scope)
    }

    /// Its pages.
    pub(crate) fn fetching(&mut self) -> Fetching<'_, 's, 'c> {
        Fetching::new(self.room, &mut self.scope)
    }

    /// What is read of it.
    pub(crate) fn reader(&mut self) -> RoomReader<'_, 's, 'c> {
        RoomReader::new(self.room, &mut self.scope)
    }
}

impl SessionRooms {
    pub(crate) fn new(config: &SessionConfig) -> Self {
        Self {
            all: SortedMap::default(),
            open: None,
            threads: Threads::default(),
            requests: Requests::default(),
            catching_up: None,
            in_doubt: Vec::new(),
            resumed: BTreeMap::new(),
            sizes: PageSizes {
                page: config.page,
                keep_open: config.keep_open,
                keep_closed: config.keep_closed,
            },
        }
    }

    /// A room or thread, with what its work uses; none where there is none for this user.
    pub(crate) fn at<'s, 'c>(
        &'s mut self,
        place: impl Into<Conversation>,
        people: &'s mut People,
        ctx: &'s mut Ctx<'c>,
    ) -> Option<RoomStep<'s, 'c>> {
        let Conversation { room: id, thread } = place.into();
        let (room, threads, open) = match thread {
            None => {
                let room = self.all.get_mut(&id)?;
                (room, Some(&mut self.threads), self.open == Some(id))
            }
            Some(root) => {
                let key = (id, root);
                let open = self.threads.open == Some(key);
                (self.threads.all.get_mut(&key)?, None, open)
            }
        };
        let scope = Scope {
            id,
            thread,
            open,
            threads,
            sizes: self.sizes,
            people,
            requests: &mut self.requests,
            catching_up: self.catching_up.as_mut(),
            ctx,
        };
        Some(RoomStep { room, scope })
    }

    /// Does something with each room, by id.
    fn each<'c>(
        &mut self,
        people: &mut People,
        ctx: &mut Ctx<'c>,
        mut act: impl FnMut(RoomStep<'_, 'c>),
    ) {
        let ids: Vec<RoomId> = self.all.keys().copied().collect();
        for id in ids {
            if let Some(step) = self.at(id, people, ctx) {
                act(step);
            }
        }
    }

    /// Takes the rooms of a page that the server rendered.
    pub(crate) fn seed(
        &mut self,
        rooms: Vec<RoomSummary>,
        open: Option<RoomSnapshot>,
        people: &People,
    ) {
        for summary in rooms {
            self.all.insert(summary.id, Room::new(summary));
        }
        if let Some(open) = open {
            self.open = Some(open.room);
            if let Some(room) = self.all.get_mut(&open.room) {
                room.seed(open, people);
            }
        }
    }

    /// Somebody else signed in: nothing that was held is theirs.
    pub(crate) fn clear(&mut self) {
        self.all.clear();
        self.threads.clear();
        self.requests = Requests::default();
    }

    /// How far each room was seen, for `hello`: the open one first, then those of which most is held.
    pub(crate) fn cursors(&mut self) -> BTreeMap<RoomId, Seq> {
        let mut rooms = Vec::new();
        for room in self.all.iter().filter(|(_, room)| room.is_mine()) {
            put(&mut rooms, room, |(id, room)| {
                (
                    Some(**id) != self.open,
                    std::cmp::Reverse(room.held.entries.len()),
                )
            });
        }
        rooms.truncate(MAX_CURSORS);
        // Not collected: see `put`.
        let mut cursors = BTreeMap::new();
        cursors.extend(rooms.into_iter().map(|(&id, room)| (id, room.log.cursor())));
        self.resumed.clone_from(&cursors);
        cursors
    }

    /// A room that was not known, or only looked at.
    pub(crate) fn add(&mut self, summary: RoomSummary, ctx: &mut Ctx<'_>) {
        let id = summary.id;
        self.requests.forget(id.into(), |_| true);
        let room = Room::new(summary);
        let whole = room.held.loaded;
        self.all.insert(id, room);
        self.look_at_doubtful(id);
        if self.open == Some(id) && !whole {
            self.requests.want(id.into(), Want::Newest, ctx.ms());
        }
        ctx.changed(Change::Rooms);
        ctx.changed(Change::Room(id));
        ctx.changed(Change::Timeline(id));
    }

    /// Takes in a room, unless more is known of it: what the connection tells of a member's room is newer.
    pub(crate) fn learn(&mut self, summary: RoomSummary, ctx: &mut Ctx<'_>) {
        let known = self.all.get(&summary.id);
        if known.is_none_or(|room| summary.member && !room.is_mine()) {
            self.add(summary, ctx);
        }
    }

    /// The server's word on a room.
    pub(crate) fn told(&mut self, summary: RoomSummary, people: &mut People, ctx: &mut Ctx<'_>) {
        if self.one_more(&summary, ctx) {
            return;
        }
        let mine = self.all.get(&summary.id).is_some_and(Room::is_mine);
        if let Some(mut step) = self.at(summary.id, people, ctx).filter(|_| mine) {
            return step.following().told(summary);
        }
        let id = summary.id;
        self.add(summary, ctx);
        self.threads_jump(id, people, ctx);
        if self.threads.open.is_some_and(|(room, _)| room == id) {
            self.come_into_thread(people, ctx);
        }
    }

    /// A room is no more for this user.
    pub(crate) fn gone(&mut self, room: RoomId, ctx: &mut Ctx<'_>) {
        self.doubt(room);
        self.requests.forget_room(room);
        if let Some(catching_up) = &mut self.catching_up {
            catching_up.forget(room);
        }
        self.threads_gone(room);
        if self.all.remove(&room).is_some() {
            ctx.changed(Change::Rooms);
            ctx.changed(Change::Room(room));
            ctx.changed(Change::Timeline(room));
        }
    }

    /// A room is looked at, in place of the one before.
    pub(crate) fn look_at(&mut self, id: RoomId, people: &mut People, ctx: &mut Ctx<'_>) {
        if self.open == Some(id) {
            return;
        }
        self.leave(ctx);
        self.open = Some(id);
        if let Some(mut step) = self.at(id, people, ctx) {
            step.reader().come_in();
            step.fetching().open();
            ctx.changed(Change::Timeline(id));
        }
    }

    /// No room is looked at.
    pub(crate) fn leave(&mut self, ctx: &mut Ctx<'_>) {
        let Some(id) = self.open.take() else { return };
        if self.threads.open.is_some_and(|(room, _)| room == id) {
            self.close_thread(ctx);
        }
        self.requests
            .forget(id.into(), |want| !matches!(want, Want::Log | Want::Counts));
        let Some(room) = self.all.get_mut(&id) else {
            return;
        };
        ctx.changed(Change::Room(id));
        ctx.changed(Change::Timeline(id));
        if !room.is_mine() {
            self.all.remove(&id);
            self.requests.forget(id.into(), |_| true);
            ctx.changed(Change::Rooms);
            return;
        }
        room.reading.leave();
        room.failed.clear();
        let cursor = room.log.cursor();
        room.held.forget_stale(cursor);
        room.held.trim(self.sizes.keep_closed, cursor, None);
        room.quoted = Quoted::default();
    }

    /// The heads of rooms, as a pong tells them: entries up to these exist.
    pub(crate) fn heads(
        &mut self,
        heads: &BTreeMap<RoomId, Seq>,
        people: &mut People,
        ctx: &mut Ctx<'_>,
    ) {
        for (&id, &head) in heads {
            if let Some(mut step) = self.at(id, people, ctx) {
                step.following().heard_of(head);
            }
        }
    }

    /// A command without an id was refused for now: read positions are told again.
    pub(crate) fn tell_again(&mut self, after_ms: u64, people: &mut People, ctx: &mut Ctx<'_>) {
        self.each(people, ctx, |mut step| {
            step.reader().tell_again(after_ms);
        });
        self.each_thread(people, ctx, |mut step| {
            step.reader().tell_again(after_ms);
        });
    }

    /// A command without an id was refused for good: it may have been that a read position was set back.
    pub(crate) fn refused_for_good(&mut self, people: &mut People, ctx: &mut Ctx<'_>) {
        self.each(people, ctx, |mut step| {
            step.reader().set_back_refused(true, 0);
        });
        self.each_thread(people, ctx, |mut step| {
            step.reader().set_back_refused(true, 0);
        });
    }

    /// The page cannot be seen.
    pub(crate) fn hidden(&mut self, ctx: &Ctx<'_>) {
        for room in self.all.values_mut().chain(self.threads.all.values_mut()) {
            room.reading.hurry(ctx.ms());
            room.reading.watched = None;
        }
    }

    /// Does what is due. What waits for the connection waits until it is `live`.
    pub(crate) fn tick(&mut self, live: bool, people: &mut People, ctx: &mut Ctx<'_>) {
        let now = ctx.ms();
        for (&id, room) in self.all.iter_mut() {
            if room.typing.expire(now) {
                ctx.changed(Change::Typing(id));
            }
        }
        self.threads.expire(now, ctx);
        if !live {
            return;
        }
        self.tell_follows(ctx);
        while let Some(flying) = self.requests.overdue(now) {
            if let Some(mut step) = self.at(flying.place, people, ctx) {
                let why = Failure {
                    code: ErrorCode::Unavailable,
                    message: "no answer".to_owned(),
                };
                step.fetching().refused(&flying, why, None);
            }
        }
        self.each(people, ctx, |mut step| {
            step.following().ask_overdue();
            step.reader().tick();
        });
        self.each_thread(people, ctx, |mut step| step.reader().tick());
    }

    /// When something is due next.
    pub(crate) fn deadline(&self, live: bool) -> Option<u64> {
        let of_room = |room: &Room| {
            let waits = [room.log.due_ms, room.reading.deadline()];
            let waits = waits.into_iter().flatten().filter(|_| live);
            waits.chain(room.typing.deadline()).min()
        };
        let rooms = self.all.values().chain(self.threads.all.values());
        let rooms = rooms.filter_map(of_room).min();
        let requests = self.requests.deadline().filter(|_| live);
        [rooms, requests].into_iter().flatten().min()
    }

    /// Sends the requests that may go out now.
    pub(crate) fn send(&mut self, people: &mut People, ctx: &mut Ctx<'_>) {
        while let Some(queued) = self.requests.next(self.open, ctx.ms()) {
            if let Some(mut step) = self.at(queued.place, people, ctx) {
                if queued.want == Want::Log {
                    step.following().ask(queued);
                } else {
                    step.fetching().ask(queued);
                }
            }
        }
    }

    /// The connection is gone. What was asked is asked again later; nobody is known to write.
    pub(crate) fn down(&mut self, ctx: &mut Ctx<'_>) {
        self.requests.down();
        self.catching_up = None;
        self.in_doubt.clear();
        for (&id, room) in self.all.iter_mut() {
            room.log.due_ms = None;
            room.held.passing.clear();
            if room.typing.clear() {
                ctx.changed(Change::Typing(id));
            }
        }
        self.threads.down(ctx);
    }
}
