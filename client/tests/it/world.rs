//! A session, a server and a bad network between them, in virtual time.

use std::collections::BTreeMap;

use client::{Effect, Input, Link, Now, OutboxEntry, Rng, Seeded, Session, SessionConfig};
use protocol::{ClientFrame, Follow, Limits, MessageId, RoomId, Seq, UserId};

use crate::{
    model::{Model, user_id},
    newer::as_newer,
};

/// When the tests begin, in milliseconds since the epoch.
pub(crate) const EPOCH: u64 = 1_795_400_000_000;

/// How bad the network and the server are; chances in 1,000.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    pub(crate) lose_push: u64,
    pub(crate) double_push: u64,
    pub(crate) refuse: u64,
    /// Of entries that are replayed.
    pub(crate) lose_replay: u64,
    pub(crate) slow_ms: u64,
    /// How long it takes until it is stored that a thread is followed, or not any more.
    pub(crate) commit_ms: u64,
    /// How long a page takes from when it was read to when it is told: it may be of before what is told meanwhile.
    pub(crate) page_ms: u64,
}

#[derive(Clone, Debug)]
pub(crate) enum Happening {
    Open,
    Refused,
    Probed(bool),
    ToServer(String),
    /// It is stored that a thread is followed, or not any more.
    Follows(Follow),
    ToClient(String),
    Closed(u16, String),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Socket {
    pub(crate) number: u64,
    pub(crate) open: bool,
    pub(crate) greeted: bool,
    /// Frames vanish both ways, and nobody tells.
    pub(crate) dead: bool,
    pub(crate) up_ms: u64,
    pub(crate) answers_ms: u64,
    /// Nothing is pushed before the welcome.
    pub(crate) welcomed_ms: u64,
    pub(crate) pushes_ms: BTreeMap<RoomId, u64>,
    pub(crate) heads: BTreeMap<RoomId, Seq>,
}

/// What stands between the page and the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Between {
    Nothing,
    /// Sockets are refused, though the server is up.
    RefusesSockets,
    /// Sockets neither open nor fail.
    HoldsSockets,
    /// Whatever goes out vanishes, and nobody tells.
    Swallows,
}

/// Which release the server is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    /// The client's own.
    Same,
    /// A later one: it says more than the client knows.
    Newer,
}

pub(crate) struct World {
    pub(crate) session: Session,
    config: SessionConfig,
    pub(crate) model: Model,
    pub(crate) me: UserId,
    pub(crate) now_ms: u64,
    pub(crate) faults: Faults,
    /// Whether connections can be made.
    pub(crate) up: bool,
    /// Rooms that a `welcome` has at most; the others are told behind it.
    pub(crate) welcome_rooms: usize,
    pub(crate) between: Between,
    /// What the browser's storage holds.
    pub(crate) stored: BTreeMap<MessageId, OutboxEntry>,
    pub(crate) limits: Limits,
    /// Most entries that a resume replays.
    pub(crate) replay: u64,
    pub(crate) told: Vec<Effect>,
    pub(crate) transmitted: Vec<(u64, ClientFrame)>,
    pub(crate) forgotten: BTreeMap<MessageId, u32>,
    pub(crate) trace: Vec<String>,
    pub(crate) connects: Vec<u64>,
    pub(crate) probes: Vec<u64>,
    pub(crate) rng: Seeded,
    session_rng: Seeded,
    queue: BTreeMap<(u64, u64), (u64, Happening)>,
    queued: u64,
    timer: Option<u64>,
    pub(crate) socket: Option<Socket>,
    sockets: u64,
    started: bool,
    /// What is served now came over a connection that is gone: nobody hears the answer.
    pub(crate) unheard: bool,
    pub(crate) server: Server,
}

impl World {
    pub(crate) fn with(seed: u64, config: SessionConfig) -> Self {
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
            welcome_rooms: usize::MAX,
            between: Between::Nothing,
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
            probes: Vec::new(),
            rng: Seeded::new(seed),
            session_rng: Seeded::new(seed ^ 0x5eed),
            queue: BTreeMap::new(),
            queued: 0,
            timer: None,
            socket: None,
            sockets: 0,
            started: false,
            unheard: false,
            server: Server::Same,
        }
    }

    pub(crate) fn chance(&mut self, in_1000: u64) -> bool {
        self.rng.next_u64() % 1_000 < in_1000
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.rng.next_u64() % n }
    }

    pub(crate) fn pick(&mut self, n: usize) -> usize {
        usize::try_from(self.below(n as u64)).unwrap()
    }

    /// Something happens to the session, and its effects are carried out.
    pub(crate) fn input(&mut self, input: Input) {
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
            Effect::Probe => self.probe(),
            Effect::Disconnect { .. } => self.abandon(),
            Effect::Transmit(frame) => self.transmit(frame),
            Effect::WakeAt(at) => {
                assert!(at > self.now_ms, "a timer in the past");
                self.timer = Some(at);
            }
            Effect::Save(entry) => drop(self.stored.insert(entry.command.id, entry)),
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
        if matches!(self.between, Between::Swallows | Between::HoldsSockets) {
            return;
        }
        let wait = 5 + self.below(20);
        let what = if self.up && self.between != Between::RefusesSockets {
            Happening::Open
        } else {
            Happening::Refused
        };
        self.later(wait, what);
    }

    fn probe(&mut self) {
        self.probes.push(self.now_ms);
        assert!(self.socket.is_none(), "a probe beside a socket");
        if self.between != Between::Swallows {
            let wait = 1 + self.below(10);
            self.later(wait, Happening::Probed(self.up));
        }
    }

    fn later(&mut self, wait_ms: u64, what: Happening) {
        self.at(self.now_ms + wait_ms, what);
    }

    pub(crate) fn at(&mut self, at_ms: u64, what: Happening) {
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
    pub(crate) fn run(&mut self, ms: u64) {
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
            Happening::Follows(ask) => self.follows(&ask),
            Happening::Probed(ready) => self.input(Input::Probed { ready }),
            _ if !current => {}
            Happening::Open => {
                self.socket.as_mut().unwrap().open = true;
                self.input(Input::Opened);
            }
            Happening::Refused => self.closed(1006, ""),
            Happening::ToClient(text) if self.server == Server::Newer => {
                for text in as_newer(&text) {
                    self.input(Input::Frame(text));
                }
            }
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
    pub(crate) fn cut(&mut self) {
        self.close(1006, "");
    }

    /// The connection is closed with this code.
    pub(crate) fn close(&mut self, code: u16, reason: &str) {
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
    pub(crate) fn deaden(&mut self) {
        if let Some(socket) = &mut self.socket {
            socket.dead = true;
            let number = socket.number;
            self.queue.retain(|_, (of, _)| *of != number);
        }
    }

    /// What is on its way vanishes; the connection lives on.
    pub(crate) fn lose_frames(&mut self) {
        self.queue.clear();
    }

    /// The page crashes and is loaded again.
    pub(crate) fn crash(&mut self) {
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
}

pub(crate) const fn id_of(frame: &ClientFrame) -> Option<MessageId> {
    match frame {
        ClientFrame::Command(command) => Some(command.id),
        _ => None,
    }
}
