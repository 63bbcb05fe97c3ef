//! The rooms of a session: which there are, which is looked at, and what is asked of them.

mod catching_up;
mod doubtful;
mod in_threads;
mod resumption;
mod threads;
mod welcome;

use protocol::{Ack, ErrorCode, RoomId, RoomSummary};

pub(crate) use catching_up::{CatchingUp, REPLAY_MS};
pub(crate) use threads::Threads;

use self::{
    doubtful::DoubtfulPositions, in_threads::ThreadsStep, resumption::Resumption,
    threads::ThreadScope,
};
use crate::{
    Change, Failure, OutboxEntry, RoomSnapshot, SessionConfig,
    conversation::Conversation,
    ctx::Ctx,
    people::People,
    requests::{Requests, Want},
    room::{Fetching, Following, Quoted, Room, RoomReader, Scope},
    sorted::SortedMap,
};

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
    pub(crate) resumption: Resumption,
    in_doubt: DoubtfulPositions,
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
            resumption: Resumption::default(),
            in_doubt: DoubtfulPositions::default(),
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
        if let Some(root) = thread {
            let scope = ThreadScope {
                sizes: self.sizes,
                people,
                requests: &mut self.requests,
                ctx,
            };
            return self.threads.at((id, root), scope);
        }
        let room = self.all.get_mut(&id)?;
        let scope = Scope {
            id,
            thread: None,
            open: self.open == Some(id),
            threads: Some(&mut self.threads),
            sizes: self.sizes,
            people,
            requests: &mut self.requests,
            catching_up: self.resumption.catching_up.as_mut(),
            ctx,
        };
        Some(RoomStep { room, scope })
    }

    /// The threads, with what the work on them uses.
    pub(crate) fn in_threads<'s, 'c>(
        &'s mut self,
        people: &'s mut People,
        ctx: &'s mut Ctx<'c>,
    ) -> ThreadsStep<'s, 'c> {
        ThreadsStep {
            threads: &mut self.threads,
            rooms: &self.all,
            scope: ThreadScope {
                sizes: self.sizes,
                people,
                requests: &mut self.requests,
                ctx,
            },
        }
    }

    /// Does something with each room, by id, and then with each thread.
    fn each<'c>(
        &mut self,
        people: &mut People,
        ctx: &mut Ctx<'c>,
        mut act: impl FnMut(RoomStep<'_, 'c>),
    ) {
        let rooms = self.all.keys().map(|&id| Conversation::from(id));
        let threads = self.threads.all.keys();
        let threads = threads.map(|&(room, root)| Conversation::thread(room, root));
        let places: Vec<Conversation> = rooms.chain(threads).collect();
        for place in places {
            if let Some(step) = self.at(place, people, ctx) {
                act(step);
            }
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
        self.each(people, ctx, |mut step| {
            if step.scope.id == ack.room {
                step.following().acked(ack, entry.clone());
            }
        });
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

    /// A room that was not known, or only looked at.
    pub(crate) fn add(&mut self, summary: RoomSummary, ctx: &mut Ctx<'_>) {
        let id = summary.id;
        self.requests.forget(id.into(), |_| true);
        let room = Room::new(summary);
        let whole = room.held.loaded;
        self.all.insert(id, room);
        self.in_doubt.look_at(id, &mut self.all, &mut self.threads);
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
        if known.is_none_or(|room| summary.member && !room.summary.member) {
            self.add(summary, ctx);
        }
    }

    /// The server's word on a room.
    pub(crate) fn told(&mut self, summary: RoomSummary, people: &mut People, ctx: &mut Ctx<'_>) {
        if self.one_more(&summary, people, ctx) {
            return;
        }
        let known = self.all.get(&summary.id);
        let mine = known.is_some_and(|room| room.summary.member);
        if let Some(mut step) = self.at(summary.id, people, ctx).filter(|_| mine) {
            return step.following().told(summary);
        }
        let id = summary.id;
        self.add(summary, ctx);
        self.in_threads(people, ctx).jump(id);
        if self.threads.open.is_some_and(|(room, _)| room == id) {
            self.in_threads(people, ctx).come_in();
        }
    }

    /// A room is no more for this user.
    pub(crate) fn gone(&mut self, room: RoomId, ctx: &mut Ctx<'_>) {
        self.in_doubt
            .remember(room, &self.all, &self.threads, &self.requests);
        self.requests.forget_room(room);
        self.resumption.forget(room);
        self.threads.forget(|of| of == room);
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
        self.leave(people, ctx);
        self.open = Some(id);
        if let Some(mut step) = self.at(id, people, ctx) {
            step.reader().come_in();
            step.fetching().open();
            ctx.changed(Change::Timeline(id));
        }
    }

    /// No room is looked at.
    pub(crate) fn leave(&mut self, people: &mut People, ctx: &mut Ctx<'_>) {
        let Some(id) = self.open.take() else { return };
        if self.threads.open.is_some_and(|(room, _)| room == id) {
            self.in_threads(people, ctx).close();
        }
        self.requests
            .forget(id.into(), |want| !matches!(want, Want::Log | Want::Counts));
        let Some(room) = self.all.get_mut(&id) else {
            return;
        };
        ctx.changed(Change::Room(id));
        ctx.changed(Change::Timeline(id));
        if !room.summary.member {
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

    /// A command without an id was refused, and the refusal does not say which: for now, so that read positions are told again after so many
    /// milliseconds at least, or for good (none), and then it may have been that a read position was set back.
    pub(crate) fn refused(
        &mut self,
        again_ms: Option<u64>,
        people: &mut People,
        ctx: &mut Ctx<'_>,
    ) {
        self.each(people, ctx, |mut step| match again_ms {
            Some(after_ms) => step.reader().tell_again(after_ms),
            None => step.reader().set_back_refused(true, 0),
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
        self.threads.tell_follows(ctx);
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
        self.resumption.catching_up = None;
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
