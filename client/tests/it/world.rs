//! A session, a server and a bad network between them, in virtual time.

use std::collections::BTreeMap;

use client::{Config, Effect, Input, Link, Now, OutboxEntry, Rng, Seeded, Session};
use protocol::{
    ClientFrame, ErrorCode, Event, EventKind, Limits, MessageId, Nack, Pong, RoomId, Seq,
    ServerFrame, SessionId, UserId, Welcome,
};

use crate::model::{Answer, Model, person, user_id};

/// When the tests begin, in milliseconds since the epoch.
pub const EPOCH: u64 = 1_795_400_000_000;

/// How bad the network and the server are; chances in 1,000.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    pub lose_push: u64,
    pub double_push: u64,
    pub refuse: u64,
    pub slow_ms: u64,
}

#[derive(Clone, Debug)]
enum Happening {
    Open,
    Refused,
    ToServer(String),
    ToClient(String),
    Closed(u16, String),
}

#[derive(Clone, Debug, Default)]
struct Socket {
    number: u64,
    open: bool,
    greeted: bool,
    /// Frames vanish both ways, and nobody tells.
    dead: bool,
    up_ms: u64,
    answers_ms: u64,
    /// Nothing is pushed before the welcome.
    welcomed_ms: u64,
    pushes_ms: BTreeMap<RoomId, u64>,
    heads: BTreeMap<RoomId, Seq>,
}

pub struct World {
    pub session: Session,
    config: Config,
    pub model: Model,
    pub me: UserId,
    pub now_ms: u64,
    pub faults: Faults,
    /// Whether connections can be made.
    pub up: bool,
    /// What the browser's storage holds.
    pub stored: BTreeMap<MessageId, OutboxEntry>,
    pub limits: Limits,
    /// Most entries that a resume replays.
    pub replay: u64,
    pub told: Vec<Effect>,
    pub transmitted: Vec<(u64, ClientFrame)>,
    pub forgotten: BTreeMap<MessageId, u32>,
    pub trace: Vec<String>,
    pub connects: Vec<u64>,
    rng: Seeded,
    session_rng: Seeded,
    queue: BTreeMap<(u64, u64), (u64, Happening)>,
    queued: u64,
    timer: Option<u64>,
    socket: Option<Socket>,
    sockets: u64,
    started: bool,
    /// What is served now came over a connection that is gone: nobody hears the answer.
    unheard: bool,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let config = Config {
            page: 10,
            keep_closed: 20,
            keep_open: 300,
            ..Config::new("device-of-a-test-1", "test/1")
        };
        Self::with(seed, config)
    }

    pub fn with(seed: u64, config: Config) -> Self {
        Self {
            session: Session::new(config.clone()),
            config,
            model: Model {
                now: EPOCH,
                ..Model::default()
            },
            me: user_id(1),
            now_ms: 0,
            faults: Faults::default(),
            up: true,
            stored: BTreeMap::new(),
            limits: Limits {
                text: 8_000,
                frame: 65_536,
                send_per_s: 10,
            },
            replay: 1_000,
            told: Vec::new(),
            transmitted: Vec::new(),
            forgotten: BTreeMap::new(),
            trace: Vec::new(),
            connects: Vec::new(),
            rng: Seeded::new(seed),
            session_rng: Seeded::new(seed ^ 0x5eed),
            queue: BTreeMap::new(),
            queued: 0,
            timer: None,
            socket: None,
            sockets: 0,
            started: false,
            unheard: false,
        }
    }

    pub fn chance(&mut self, in_1000: u64) -> bool {
        self.rng.next_u64() % 1_000 < in_1000
    }

    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.rng.next_u64() % n }
    }

    /// Something happens to the session, and its effects are carried out.
    pub fn input(&mut self, input: Input) {
        self.started |= input == Input::Start;
        self.trace.push(format!("{} {input:?}", self.now_ms));
        let now = Now {
            mono_ms: self.now_ms,
            wall_ms: EPOCH + self.now_ms,
        };
        let effects = self.session.step(input, now, &mut self.session_rng);
        for effect in effects {
            self.trace.push(format!("{} {effect:?}", self.now_ms));
            self.carry_out(effect);
        }
        let over = matches!(self.session.link(), Link::Ended(_) | Link::Idle);
        assert!(
            over || !self.started || self.timer.is_some(),
            "no timer at {} in {:?}",
            self.now_ms,
            self.session.link()
        );
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Connect => self.connect(),
            Effect::Disconnect { .. } => self.abandon(),
            Effect::Transmit(frame) => self.transmit(frame),
            Effect::WakeAt(at) => {
                assert!(at > self.now_ms, "a timer in the past");
                self.timer = Some(at);
            }
            Effect::Save(entry) => drop(self.stored.insert(entry.id, entry)),
            Effect::Forget(id) => {
                assert!(
                    self.stored.remove(&id).is_some(),
                    "forgot what was not kept"
                );
                *self.forgotten.entry(id).or_default() += 1;
            }
            other => self.told.push(other),
        }
    }

    fn connect(&mut self) {
        assert!(self.socket.is_none(), "two sockets at once");
        self.connects.push(self.now_ms);
        self.sockets += 1;
        self.socket = Some(Socket {
            number: self.sockets,
            ..Socket::default()
        });
        let wait = 5 + self.below(20);
        let what = if self.up {
            Happening::Open
        } else {
            Happening::Refused
        };
        self.later(wait, what);
    }

    fn later(&mut self, wait_ms: u64, what: Happening) {
        self.at(self.now_ms + wait_ms, what);
    }

    fn at(&mut self, at_ms: u64, what: Happening) {
        self.queued += 1;
        self.queue
            .insert((at_ms, self.queued), (self.sockets, what));
    }

    /// The client let go of its socket: it hears nothing more of it. What it sent may still arrive.
    fn abandon(&mut self) {
        let socket = self.socket.take();
        let number = socket.as_ref().map_or(0, |socket| socket.number);
        let dead = socket.is_none_or(|socket| socket.dead);
        self.queue.retain(|_, (of, what)| {
            *of != number || (!dead && matches!(what, Happening::ToServer(_)))
        });
    }

    fn transmit(&mut self, frame: ClientFrame) {
        let socket = self.socket.as_mut().expect("transmitted without a socket");
        assert!(
            socket.open,
            "transmitted on a socket that is not open: {frame:?}"
        );
        if let Some(id) = id_of(&frame) {
            assert!(self.stored.contains_key(&id), "sent before it was kept");
        }
        let text = frame.to_json();
        self.transmitted.push((self.now_ms, frame));
        if socket.dead {
            return;
        }
        let wait = 2 + self.below(20 + self.faults.slow_ms);
        let socket = self.socket.as_mut().unwrap();
        socket.up_ms = socket.up_ms.max(self.now_ms + wait);
        let at = socket.up_ms;
        self.at(at, Happening::ToServer(text));
    }

    /// Time passes.
    pub fn run(&mut self, ms: u64) {
        let end = self.now_ms + ms;
        while let Some(next) = self.next_ms().filter(|&next| next <= end) {
            self.now_ms = next.max(self.now_ms);
            self.model.now = EPOCH + self.now_ms;
            if self.timer.is_some_and(|timer| timer <= self.now_ms) {
                self.timer = None;
                self.input(Input::Wake);
            } else if let Some((_, (socket, what))) = self.queue.pop_first() {
                self.happen(socket, what);
            }
        }
        self.now_ms = end;
        self.model.now = EPOCH + end;
    }

    fn next_ms(&self) -> Option<u64> {
        let queued = self.queue.first_key_value().map(|((at, _), _)| *at);
        queued.into_iter().chain(self.timer).min()
    }

    fn happen(&mut self, socket: u64, what: Happening) {
        let current = self
            .socket
            .as_ref()
            .is_some_and(|open| open.number == socket);
        match what {
            Happening::ToServer(text) => self.serve(current, &text),
            _ if !current => {}
            Happening::Open => {
                self.socket.as_mut().unwrap().open = true;
                self.input(Input::Opened);
            }
            Happening::Refused => self.closed(1006, ""),
            Happening::ToClient(text) => self.input(Input::Frame(text)),
            Happening::Closed(code, reason) => self.closed(code, &reason),
        }
    }

    fn closed(&mut self, code: u16, reason: &str) {
        self.abandon();
        self.input(Input::Closed {
            code,
            reason: reason.to_owned(),
        });
    }

    /// The connection breaks. What was on its way to the server may arrive or not.
    pub fn cut(&mut self) {
        self.close(1006, "");
    }

    /// The connection is closed with this code.
    pub fn close(&mut self, code: u16, reason: &str) {
        let Some(number) = self
            .socket
            .as_ref()
            .filter(|socket| socket.open && !socket.dead)
            .map(|socket| socket.number)
        else {
            return;
        };
        let arrives = self.chance(500);
        self.queue.retain(|_, (of, what)| {
            *of != number || (arrives && matches!(what, Happening::ToServer(_)))
        });
        self.later(1, Happening::Closed(code, reason.to_owned()));
    }

    /// The connection goes dead without a word.
    pub fn deaden(&mut self) {
        if let Some(socket) = &mut self.socket {
            socket.dead = true;
            let number = socket.number;
            self.queue.retain(|_, (of, _)| *of != number);
        }
    }

    /// The page crashes and is loaded again.
    pub fn crash(&mut self) {
        crate::check::polite(self);
        // A new session cannot know how much the one before it sent just now.
        self.transmitted.clear();
        self.abandon();
        self.timer = None;
        self.session = Session::new(self.config.clone());
        self.session
            .restore(self.stored.values().cloned().collect());
        self.input(Input::Start);
    }

    fn greeted(&mut self) -> Option<&mut Socket> {
        self.socket
            .as_mut()
            .filter(|socket| socket.open && !socket.dead && socket.greeted)
    }

    /// The server's answer to the client.
    fn answer(&mut self, frame: &ServerFrame) {
        let wait = 2 + self.below(20 + self.faults.slow_ms);
        let now = self.now_ms;
        if self.unheard {
            return;
        }
        let Some(socket) = self.greeted() else { return };
        socket.answers_ms = socket.answers_ms.max(now + wait);
        let at = socket.answers_ms;
        self.at(at, Happening::ToClient(frame.to_json()));
    }

    /// The server pushes to the client, in the order of the room, but not of answers.
    fn push(&mut self, room: RoomId, frame: &ServerFrame) {
        let wait = 2 + self.below(20 + self.faults.slow_ms);
        let now = self.now_ms;
        let Some(socket) = self.greeted() else { return };
        let due = socket.pushes_ms.entry(room).or_insert(socket.welcomed_ms);
        *due = (*due).max(now + wait);
        let at = *due;
        self.at(at, Happening::ToClient(frame.to_json()));
    }

    /// An entry that the model has already is told.
    pub fn announce(&mut self, room: RoomId, seq: Seq) {
        self.tell(room, seq);
    }

    /// An entry was stored: everybody in the room is told, unless the push is lost.
    fn tell(&mut self, room: RoomId, seq: Seq) {
        if !self.model.is_member(room, self.me) || self.chance(self.faults.lose_push) {
            return;
        }
        let frame = ServerFrame::Event(self.model.entry(room, seq));
        self.push(room, &frame);
        if self.chance(self.faults.double_push) {
            self.push(room, &frame);
        }
    }

    /// Somebody does something; the session's user too, from elsewhere.
    pub fn does(&mut self, user: UserId, room: RoomId, kind: EventKind) -> Answer {
        let id = match &kind {
            EventKind::Message { id, .. } => *id,
            _ => MessageId::from_u128(u128::from(self.rng.next_u64()) + 2),
        };
        let before = self.model.last(room);
        let answer = self.model.command(user, id, room, kind);
        if self.model.last(room) > before {
            self.tell(room, before + 1);
        }
        answer
    }

    pub fn says(&mut self, user: UserId, room: RoomId, text: &str) -> Seq {
        let id = MessageId::from_u128(u128::from(self.rng.next_u64()) + 2);
        let kind = EventKind::Message {
            id,
            text: Some(text.to_owned()),
            reply_to: None,
            deleted: false,
        };
        self.does(user, room, kind).unwrap().seq
    }

    /// Membership changes.
    pub fn member(&mut self, room: RoomId, user: UserId, is: bool) {
        if self.model.is_member(room, user) == is {
            return;
        }
        let log = self.model.rooms.entry(room).or_default();
        let kind = if is {
            EventKind::Join { user }
        } else {
            EventKind::Leave { user }
        };
        if is {
            log.members.insert(user);
        }
        let seq = self.model.add(room, user, kind).seq;
        self.tell(room, seq);
        if user == self.me {
            let frame = if is {
                ServerFrame::Room(protocol::RoomChange {
                    room: self.model.summary(room, user),
                })
            } else {
                ServerFrame::Gone(protocol::Gone { room })
            };
            self.push(room, &frame);
        }
        if !is {
            self.model
                .rooms
                .get_mut(&room)
                .unwrap()
                .members
                .remove(&user);
        }
    }

    pub fn reads_elsewhere(&mut self, room: RoomId, seq: Seq) {
        let me = self.me;
        self.model.read(room, me, seq);
        let seq = self.model.rooms[&room].read[&me];
        self.push(room, &ServerFrame::Read(protocol::ReadEcho { room, seq }));
    }

    /// A frame reached the server; `current` tells whether its socket is still the client's.
    fn serve(&mut self, current: bool, text: &str) {
        let frame = ClientFrame::parse(text).expect("the client speaks the protocol");
        assert!(text.len() <= 65_536);
        self.unheard = !current;
        self.obey(current, frame);
        self.unheard = false;
    }

    fn obey(&mut self, current: bool, frame: ClientFrame) {
        match frame {
            ClientFrame::Hello(hello) if current => self.greet(&hello),
            ClientFrame::Ping(ping) if current => {
                let me = self.me;
                let last: BTreeMap<_, _> = self
                    .model
                    .rooms_of(me)
                    .into_iter()
                    .map(|room| (room, self.model.last(room)))
                    .collect();
                let Some(socket) = self.greeted() else { return };
                let heads = last
                    .iter()
                    .filter(|(room, seq)| socket.heads.get(room) != Some(seq));
                let heads = heads.map(|(&room, &seq)| (room, seq)).collect();
                socket.heads = last;
                self.answer(&ServerFrame::Pong(Pong {
                    n: ping.n,
                    now: self.model.now,
                    heads,
                }));
            }
            ClientFrame::Read(read) if self.model.is_member(read.room, self.me) => {
                // The user's other connections are told; this one knows.
                if current {
                    self.model.read(read.room, self.me, read.seq);
                } else {
                    self.reads_elsewhere(read.room, read.seq);
                }
            }
            ClientFrame::History(ask) => {
                if self.chance(self.faults.refuse) {
                    let error = protocol::CommandError {
                        req: Some(ask.req),
                        code: ErrorCode::Unavailable,
                        message: "later".into(),
                        retry_after_ms: Some(50),
                    };
                    self.answer(&ServerFrame::Error(error));
                } else if self.model.is_member(ask.room, self.me) {
                    let page = self.model.page(&ask, self.me);
                    self.answer(&ServerFrame::Page(page));
                }
            }
            ClientFrame::Log(ask) => {
                let last_seq = self.model.last(ask.room);
                let to = last_seq.min(ask.after + u64::from(ask.limit.unwrap_or(1_000)));
                let events: Vec<Event> = (ask.after + 1..=to)
                    .map(|seq| self.model.entry(ask.room, seq))
                    .collect();
                self.answer(&ServerFrame::Entries(protocol::Entries {
                    req: ask.req,
                    room: ask.room,
                    events,
                    last_seq,
                }));
            }
            ClientFrame::Send(send) => {
                let (id, deleted) = (send.id, false);
                let kind = EventKind::Message {
                    id,
                    text: Some(send.text),
                    reply_to: send.reply_to,
                    deleted,
                };
                self.store(id, send.room, kind);
            }
            ClientFrame::Edit(edit) => {
                let kind = EventKind::Edit {
                    of: edit.of,
                    text: Some(edit.text),
                    deleted: false,
                };
                self.store(edit.id, edit.room, kind);
            }
            ClientFrame::Delete(delete) => {
                self.store(delete.id, delete.room, EventKind::Delete { of: delete.of })
            }
            ClientFrame::React(react) => {
                let kind = EventKind::Reaction {
                    of: react.of,
                    emoji: react.emoji,
                    on: react.on,
                };
                self.store(react.id, react.room, kind);
            }
            _ => {}
        }
    }

    fn store(&mut self, id: MessageId, room: RoomId, kind: EventKind) {
        if self.chance(self.faults.refuse) {
            let nack = Nack {
                id,
                code: ErrorCode::Overloaded,
                message: "later".into(),
                retry_after_ms: Some(300),
            };
            self.answer(&ServerFrame::Nack(nack));
            return;
        }
        let before = self.model.last(room);
        let frame = match self.model.command(self.me, id, room, kind) {
            Ok(ack) => ServerFrame::Ack(ack),
            Err(code) => ServerFrame::Nack(Nack {
                id,
                code,
                message: "no".into(),
                retry_after_ms: None,
            }),
        };
        self.answer(&frame);
        if self.model.last(room) > before {
            self.tell(room, before + 1);
        }
    }

    fn greet(&mut self, hello: &protocol::Hello) {
        let me = self.me;
        let Some(socket) = &mut self.socket else {
            return;
        };
        socket.greeted = true;
        let rooms = self.model.rooms_of(me);
        let heads = rooms
            .iter()
            .map(|&room| (room, self.model.last(room)))
            .collect();
        self.socket.as_mut().unwrap().heads = heads;
        let welcome = Welcome {
            v: 1,
            session: SessionId::new(7).unwrap(),
            resumed: hello.resume.is_some(),
            user: person(me),
            heartbeat_ms: 30_000,
            now: self.model.now,
            node: "a".into(),
            limits: self.limits,
            rooms: rooms
                .iter()
                .map(|&room| self.model.summary(room, me))
                .collect(),
            users: (1..=6).map(|n| person(user_id(n))).collect(),
            features: Vec::new(),
        };
        self.answer(&ServerFrame::Welcome(Box::new(welcome)));
        let socket = self.socket.as_mut().unwrap();
        socket.welcomed_ms = socket.answers_ms;
        let cursors = hello
            .resume
            .as_ref()
            .map(|resume| resume.cursors.clone())
            .unwrap_or_default();
        for (room, from) in cursors {
            self.resume(room, from);
        }
    }

    fn resume(&mut self, room: RoomId, from: Seq) {
        if !self.model.is_member(room, self.me) {
            self.push(room, &ServerFrame::Gone(protocol::Gone { room }));
            return;
        }
        let last_seq = self.model.last(room);
        if from > last_seq || last_seq - from > self.replay {
            self.push(
                room,
                &ServerFrame::Behind(protocol::Behind {
                    room,
                    from,
                    last_seq,
                }),
            );
            return;
        }
        for seq in from + 1..=last_seq {
            let frame = ServerFrame::Event(self.model.entry(room, seq));
            self.push(room, &frame);
        }
    }
}

pub const fn id_of(frame: &ClientFrame) -> Option<MessageId> {
    match frame {
        ClientFrame::Send(send) => Some(send.id),
        ClientFrame::Edit(edit) => Some(edit.id),
        ClientFrame::Delete(delete) => Some(delete.id),
        ClientFrame::React(react) => Some(react.id),
        _ => None,
    }
}
