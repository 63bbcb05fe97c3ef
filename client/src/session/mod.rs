//! The session: one step at a time.

mod commands;
mod connecting;
mod entries;
mod fetching;
mod frames;
mod looking;
mod pages;
mod sending;
mod timers;
mod views;

use std::collections::BTreeMap;

use protocol::{Limits, RoomId, Seq, SessionId, UserSummary};

use crate::{
    Change, Config, Effect, Input, Link, Now, OutboxEntry, Rng, Snapshot,
    ctx::Ctx,
    link::Connection,
    outbox::Outbox,
    people::People,
    requests::Requests,
    room::Room,
    sorted::{SortedMap, SortedSet},
};

/// A live session: everything that one signed-in person sees on one device, and the connection that keeps it true.
///
/// It never reads a clock, draws a random number or touches a socket: its driver hands these in and carries out its effects.
/// The same inputs, times and random numbers give the same effects.
///
/// Bounds: [`Config`] bounds what is held. Four requests are on their way at once, and of each room one command. While
/// started and not ended it always has a timer set ([`Effect::WakeAt`]).
#[derive(Clone, Debug)]
pub struct Session {
    config: Config,
    connection: Connection,
    /// The live session that the server knows, to be resumed.
    live: Option<SessionId>,
    limits: Option<Limits>,
    people: People,
    rooms: SortedMap<RoomId, Room>,
    open: Option<RoomId>,
    outbox: Outbox,
    requests: Requests,
    catching: Option<Catching>,
    page: PageState,
    /// Rooms whose cursors went out with the last `hello`.
    resumed: BTreeMap<RoomId, Seq>,
    /// The last time that the connection lived, for "as of".
    lived_wall_ms: Option<u64>,
    /// The link as it was told last.
    link: Link,
    woken_ms: Option<u64>,
}

/// What came in of what was missed.
#[derive(Clone, Debug, Default)]
struct Catching {
    /// Where each room's replay began and where it ends.
    rooms: SortedMap<RoomId, (Seq, Seq)>,
    /// When something of it came last: rooms come one after another.
    moved_ms: u64,
    /// Whether the end of the outage is shown.
    shown: bool,
    /// Rooms that did not fit into the `welcome` and are still to be told.
    rooms_to_come: u64,
    /// The rooms that were told, while some are to come.
    told: SortedSet<RoomId>,
}

/// Whether the person is at the page, as far as the server was told.
#[derive(Clone, Copy, Debug, Default)]
struct PageState {
    hidden: bool,
    /// When that is to be told.
    away_at_ms: Option<u64>,
    away: bool,
}

impl Session {
    /// A session that knows nothing yet and does nothing before [`Input::Start`].
    pub fn new(config: Config) -> Self {
        Self {
            connection: Connection::default(),
            live: None,
            limits: None,
            people: People::new(config.people),
            rooms: SortedMap::default(),
            open: None,
            outbox: Outbox::new(config.outbox),
            requests: Requests::default(),
            catching: None,
            page: PageState::default(),
            resumed: BTreeMap::new(),
            lived_wall_ms: None,
            link: Link::Idle,
            woken_ms: None,
            config,
        }
    }

    /// Takes what the server rendered the page from, so that the first view equals the server's. For before the start.
    pub fn seed(&mut self, snapshot: Snapshot) {
        self.people.set_me(snapshot.me);
        self.learn(snapshot.users);
        for summary in snapshot.rooms {
            self.rooms.insert(summary.id, Room::new(summary));
        }
        if let Some(open) = snapshot.open {
            self.seed_open(open);
        }
        if let Some(me) = self.people.my_id() {
            self.outbox.sign(me);
        }
    }

    /// Takes what storage kept of the outbox. For before the start. Entries of somebody else stay as they are: they are neither
    /// shown nor sent.
    pub fn restore(&mut self, entries: Vec<OutboxEntry>) {
        self.outbox.restore(entries);
    }

    /// One step: what happened, when, and what is to be done about it, in order.
    pub fn step(&mut self, input: Input, now: Now, rng: &mut dyn Rng) -> Vec<Effect> {
        let mut ctx = Ctx::new(now, rng);
        if input == Input::Wake {
            self.woken_ms = None;
        }
        let was_live = self.connection.is_live();
        self.handle(input, &mut ctx);
        self.tick(&mut ctx);
        if was_live != self.connection.is_live() {
            self.turned(was_live, &mut ctx);
        }
        self.send_all(&mut ctx);
        let wake_at = self.close_step(&mut ctx);
        ctx.finish(wake_at)
    }

    fn handle(&mut self, input: Input, ctx: &mut Ctx<'_>) {
        match input {
            Input::Start => self.connection.start(ctx),
            Input::Opened => self.opened(ctx),
            Input::Frame(text) => self.frame(&text, ctx),
            Input::Closed { code, reason } => self.connection.closed(ctx, code, &reason),
            Input::Probed { ready } => self.connection.probed(ctx, ready),
            Input::Wake => {}
            Input::Online => self.connection.online(ctx),
            Input::Offline => self.connection.offline(ctx),
            Input::Visible => self.visible(ctx),
            Input::Hidden => self.hidden(ctx),
            Input::TryNow => self.connection.hurry(ctx, true),
            Input::Bye => self.connection.bye(ctx),
            Input::Token(token) => self.config.token = Some(token),
            Input::Act { room, act } => self.act(room, act, ctx),
            Input::Retry(id) => self.retry(id, ctx),
            Input::RetryShutOut(room) => self.retry_shut_out(room, ctx),
            Input::Discard(id) => self.discard(id, ctx),
            Input::OpenRoom(room) => self.open_room(room, ctx),
            Input::LeaveRoom => self.leave_room(ctx),
            Input::ClearNew => self.clear_new(ctx),
            Input::LoadOlder(room) => self.load_older(room, ctx),
            Input::LoadNewest(room) => self.load_newest(room, ctx),
            Input::LoadNew(room) => self.load_new(room, ctx),
            Input::LoadAround { room, seq } => self.load_around(room, seq, ctx),
            Input::FillGap { room, after, edge } => self.fill_gap(room, after, edge, ctx),
            Input::Reload(room) => self.reload(room, ctx),
            Input::InView { room, view } => self.in_view(room, view, ctx),
            Input::Read { room, seq } => self.read(room, seq, ctx),
            Input::Typing(room) => self.typing(room, ctx),
            Input::Users(users) => {
                self.learn(users);
                ctx.changed(Change::Users);
            }
            Input::Quoted {
                room,
                asked,
                messages,
            } => self.take_quoted(room, &asked, messages, ctx),
            Input::Room(summary) => self.learn_room(*summary, ctx),
        }
    }

    /// The connection came to life or went. What is waiting shows it.
    fn turned(&mut self, was_live: bool, ctx: &mut Ctx<'_>) {
        if was_live {
            self.down(ctx);
        }
        ctx.changed(Change::Users);
        let waiting: SortedSet<RoomId> = self
            .outbox
            .all()
            .iter()
            .map(|entry| entry.command.room)
            .collect();
        for room in waiting {
            ctx.changed(Change::Timeline(room));
        }
    }

    fn learn(&mut self, users: Vec<UserSummary>) {
        for user in users {
            self.people.learn(user);
        }
    }
}
