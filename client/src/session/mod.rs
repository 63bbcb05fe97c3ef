//! The session: one step at a time.

mod chat;
mod presence;
mod views;

use std::mem;

use protocol::{
    ClientFrame, Hello, Resume, RoomId, Seq, ServerFrame, SessionId, VERSION, Welcome, features,
};

use self::{chat::ChatState, presence::OwnPresence};
use crate::{
    Change, Effect, Input, Link, Now, OutboxEntry, Refused, Rng, SessionConfig, Snapshot,
    conversation::Conversation, ctx::Ctx, link::Connection,
};

/// A live session: everything that one signed-in person sees on one device, and the connection that keeps it true.
///
/// It never reads a clock, draws a random number or touches a socket: its driver hands these in and carries out its effects.
/// The same inputs, times and random numbers give the same effects.
///
/// Each part of it has an owner; the session hands inputs and frames to them. Bounds: [`SessionConfig`] bounds what is held. Four
/// requests are on their way at once, and of each room one command. While started and not ended it always has a timer set
/// ([`Effect::WakeAt`]).
#[derive(Clone, Debug)]
pub struct Session {
    config: SessionConfig,
    connection: Connection,
    /// The live session that the server knows, to be resumed.
    live: Option<SessionId>,
    /// What the server understands beyond the first page of the contract, as it told last.
    features: Vec<String>,
    chat: ChatState,
    presence: OwnPresence,
    /// The link as it was told last.
    link: Link,
    woken_ms: Option<u64>,
}

impl Session {
    /// A session that knows nothing yet and does nothing before [`Input::Start`].
    pub fn new(config: SessionConfig) -> Self {
        Self {
            connection: Connection::default(),
            live: None,
            features: Vec::new(),
            chat: ChatState::new(&config),
            presence: OwnPresence::default(),
            link: Link::Idle,
            woken_ms: None,
            config,
        }
    }

    /// Takes what the server rendered the page from, so that the first view equals the server's. For before the start.
    pub fn seed(&mut self, snapshot: Snapshot) {
        self.chat.seed(snapshot);
    }

    /// Takes what storage kept of the outbox. For before the start. Entries of somebody else stay as they are: they are neither
    /// shown nor sent. More than [`SessionConfig::outbox`] are kept too, since they were typed.
    pub fn restore(&mut self, entries: Vec<OutboxEntry>) {
        self.chat.outbox.restore(entries);
    }

    /// Which of these quoted messages to ask for (`GET /rooms/{id}/messages?seqs=`): those that are neither known nor asked for, while fewer than 200 of
    /// the room are asked for. Answer with [`Input::Quoted`] or [`Self::forget_asked`]; none of a room that there is not.
    pub fn ask_quoted(&mut self, room: RoomId, seqs: impl Iterator<Item = Seq>) -> Vec<Seq> {
        let Some(room) = self.chat.rooms.all.get_mut(&room) else {
            return Vec::new();
        };
        seqs.filter(|&seq| room.quoted.ask(seq)).collect()
    }

    /// Asking for these came to nothing: the next [`Self::ask_quoted`] names them again.
    pub fn forget_asked(&mut self, room: RoomId, asked: &[Seq]) {
        if let Some(room) = self.chat.rooms.all.get_mut(&room) {
            room.quoted.forget_asked(asked);
        }
    }

    /// One step: what happened, when, and what is to be done about it, in order.
    pub fn step(&mut self, input: Input, now: Now, rng: &mut dyn Rng) -> Vec<Effect> {
        let mut ctx = Ctx::new(now, rng);
        ctx.generations = self.understands(features::UNREAD);
        if input == Input::Wake {
            self.woken_ms = None;
        }
        let was_live = self.connection.is_live();
        self.handle(input, &mut ctx);
        self.tick(&mut ctx);
        let live = self.connection.is_live();
        if was_live != live {
            self.chat.turned(live, &mut ctx);
        }
        if live {
            self.chat.send(&mut ctx);
        }
        let wake_at = self.close_step(&mut ctx);
        ctx.finish(wake_at)
    }

    fn handle(&mut self, input: Input, ctx: &mut Ctx<'_>) {
        let chat = &mut self.chat;
        let me = chat.people.my_id();
        match input {
            Input::Start => self.connection.start(ctx),
            Input::Opened => self.hello(ctx),
            Input::Frame(text) => self.frame(&text, ctx),
            Input::Closed { code, reason } => self.connection.closed(ctx, code, &reason),
            Input::Probed { ready } => self.connection.probed(ctx, ready),
            Input::Wake => {}
            Input::Online => self.connection.online(ctx),
            Input::Offline => self.connection.offline(ctx),
            Input::Visible => self.visible(ctx),
            Input::Hidden => {
                chat.rooms.hidden(ctx);
                self.presence.hidden(ctx);
            }
            Input::TryNow => self.connection.hurry(ctx, true),
            Input::Bye => self.connection.bye(ctx),
            Input::Token(token) => self.config.token = Some(token),
            Input::Act { room, act } => {
                let taken = if self.connection.is_ended() {
                    Err(Refused::Ended)
                } else {
                    let known = chat.rooms.all.get(&room);
                    chat.outbox.act(room, act, known, me, ctx)
                };
                if let Err(why) = taken {
                    ctx.effect(Effect::Refused { room, why });
                }
            }
            Input::Retry(id) => chat.outbox.retry(id, me, ctx),
            Input::RetryShutOut(room) => chat.outbox.retry_shut_out(room, me, ctx),
            Input::Discard(id) => chat.outbox.discard(id, ctx),
            Input::OpenRoom(room) => chat.rooms.look_at(room, &mut chat.people, ctx),
            Input::LeaveRoom => chat.rooms.leave(&mut chat.people, ctx),
            Input::OpenThread { room, root } => {
                let mut threads = chat.rooms.in_threads(&mut chat.people, ctx);
                threads.open((room, root));
            }
            Input::CloseThread => chat.rooms.in_threads(&mut chat.people, ctx).close(),
            Input::Follow { room, root, on } => {
                let mut threads = chat.rooms.in_threads(&mut chat.people, ctx);
                threads.follow((room, root), on);
            }
            Input::Thread { root, input } => {
                chat.in_room(*input, Some(root), self.connection.is_live(), ctx);
            }
            Input::Users(users) => {
                chat.people.learn_all(users);
                ctx.changed(Change::Users);
            }
            Input::Room(summary) => chat.rooms.learn(*summary, ctx),
            input => chat.in_room(input, None, self.connection.is_live(), ctx),
        }
    }

    /// The page can be seen again.
    fn visible(&mut self, ctx: &mut Ctx<'_>) {
        self.presence.visible(self.connection.is_live(), ctx);
        if let Some(open) = self.chat.rooms.open
            && let Some(mut step) = self.chat.rooms.at(open, &mut self.chat.people, ctx)
        {
            step.reader().come_back();
        }
        if let Some((room, root)) = self.chat.rooms.threads.open {
            let place = Conversation::thread(room, root);
            if let Some(mut step) = self.chat.rooms.at(place, &mut self.chat.people, ctx) {
                step.reader().come_back();
            }
        }
        self.connection.hurry(ctx, false);
    }

    /// Does what is due.
    fn tick(&mut self, ctx: &mut Ctx<'_>) {
        self.connection.tick(ctx);
        let live = self.connection.is_live();
        self.presence.tick(live, ctx);
        self.chat.tick(live, ctx);
    }

    /// The socket is open: `hello`, if it is time for it.
    pub(super) fn hello(&mut self, ctx: &mut Ctx<'_>) {
        if !self.connection.opened() {
            return;
        }
        let rooms = &mut self.chat.rooms;
        let cursors = rooms.resumption.cursors(&rooms.all, rooms.open);
        let known = self.live.is_some() || !cursors.is_empty();
        let resume = known.then_some(Resume {
            session: self.live,
            cursors,
        });
        ctx.transmit(ClientFrame::Hello(Hello {
            v: VERSION,
            device: self.config.device.clone(),
            client: self.config.client_name.clone(),
            token: self.config.token.clone(),
            resume,
        }));
    }

    /// A text frame came.
    pub(super) fn frame(&mut self, text: &str, ctx: &mut Ctx<'_>) {
        if !self.connection.is_open() {
            return;
        }
        // What this build cannot read it ignores: an entry that gets lost so is found as a hole.
        let Ok(frame) = ServerFrame::parse(text) else {
            return;
        };
        match frame {
            ServerFrame::Welcome(welcome) => self.welcome(*welcome, ctx),
            frame => {
                let Some(live) = self.connection.live() else {
                    return;
                };
                live.heard(ctx.ms());
                if let ServerFrame::Pong(pong) = &frame {
                    live.pong(pong.n);
                }
                self.chat.take(frame, ctx);
            }
        }
        let rooms = &mut self.chat.rooms;
        if rooms.resumption.is_back(&rooms.all) {
            self.connection.outage.back(ctx.ms());
        }
    }

    fn welcome(&mut self, mut welcome: Welcome, ctx: &mut Ctx<'_>) {
        if !self.connection.welcomed(ctx, welcome.heartbeat_ms) {
            return;
        }
        self.live = Some(welcome.session);
        self.features = mem::take(&mut welcome.features);
        ctx.generations = self.understands(features::UNREAD);
        let shown = self.connection.outage.take();
        self.chat.welcome(welcome, shown, ctx);
        self.presence.welcomed(ctx);
    }

    /// Ends a step: tells a changed link, and the timer if a new one is needed. One that comes too early does no harm, so a
    /// later deadline needs none.
    fn close_step(&mut self, ctx: &mut Ctx<'_>) -> Option<u64> {
        let now = ctx.ms();
        let link = self.connection.link(now);
        let rooms = &self.chat.rooms;
        let progress = rooms.resumption.progress(&rooms.all);
        let progress = progress.filter(|_| link.is_live());
        let link = progress.map_or(link, |(done, total)| Link::CatchingUp { done, total });
        if link != self.link {
            self.link = link;
            ctx.changed(Change::Link);
        }
        let live = self.connection.is_live();
        let due = [self.presence.deadline(), self.chat.deadline(live, now)];
        // Nothing is due before the start and after the end.
        let connection = self.connection.deadline(now)?;
        let at = due.into_iter().flatten().fold(connection, u64::min);
        let at = at.max(ctx.after(1));
        if self.woken_ms.is_some_and(|set| set <= at && set > now) {
            return None;
        }
        self.woken_ms = Some(at);
        Some(at)
    }
}
