//! People who talk: the very session that a browser runs, one each, and the checker that hears every frame.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, VecDeque},
};

use checker::{Checker, ConnectionId};
use client::{Effect, Input, Rng as _, Seeded, Session, SessionConfig, TimelineItem};
use protocol::{ClientFrame, MessageId, RoomId, Seq, ServerFrame, UserId};

use crate::{
    clock::RunClock,
    crowd::{Crowd, CrowdHandler},
    measure::Latency,
};

/// Steps that one turn may cause; more wait for the next.
const MAX_ORDERS: usize = 1_000_000;

/// One person: a session, and its connection when there is one.
struct Talker {
    session: Session,
    user: UserId,
    connection: Option<ConnectionId>,
    wake_ms: Option<u64>,
}

/// What a session asked of its socket.
enum TalkOrder {
    Dial,
    /// Nothing here holds a failed socket against a server, so the socket itself is the question.
    Ready,
    Say(ClientFrame),
    Hang,
}

/// People who send and receive, and the checker of what they saw.
pub(super) struct Talkers {
    all: Vec<Talker>,
    pub(super) checker: Checker,
    clock: RunClock,
    rng: Seeded,
    wakes: BinaryHeap<Reverse<(u64, usize)>>,
    orders: VecDeque<(usize, TalkOrder)>,
    /// When what is being done was due.
    due_ns: u64,
    sent: HashMap<MessageId, u64>,
    asked: HashMap<(usize, u64), u64>,
    /// From the time a command was due to its ack.
    pub(super) acks: Latency,
    /// From asking for messages to having them.
    pub(super) pages: Latency,
    /// Events that came.
    pub(super) events: u64,
    /// What sessions could not do.
    pub(super) failures: u64,
}

impl Talkers {
    /// Nobody yet.
    pub(super) fn new(clock: RunClock) -> Self {
        Self {
            all: Vec::new(),
            checker: Checker::new(),
            clock,
            rng: Seeded::new(crate::clock::wall_ms()),
            wakes: BinaryHeap::new(),
            orders: VecDeque::new(),
            due_ns: 0,
            sent: HashMap::new(),
            asked: HashMap::new(),
            acks: Latency::new(),
            pages: Latency::new(),
            events: 0,
            failures: 0,
        }
    }

    /// One more; their number is the connection's.
    pub(super) fn add(&mut self, device: &str, user: UserId) {
        let name = concat!("hubbub-loadgen/", env!("CARGO_PKG_VERSION"));
        self.all.push(Talker {
            session: Session::new(SessionConfig::new(device, name)),
            user,
            connection: None,
            wake_ms: None,
        });
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// How many of the first so many were welcomed.
    pub(super) fn live(&self) -> usize {
        let talkers = self.all.iter();
        talkers.filter(|one| one.session.link().is_live()).count()
    }

    /// Commands that wait for an answer.
    pub(super) fn unanswered(&self) -> usize {
        let outboxes = self.all.iter().map(|one| one.session.outbox().count());
        outboxes.sum::<usize>() + self.asked.len()
    }

    /// Times begin anew.
    pub(super) fn restart(&mut self) {
        self.acks = Latency::new();
        self.pages = Latency::new();
    }

    /// Somebody does something that was due at this time.
    pub(super) fn act(&mut self, who: usize, input: Input, due_ns: u64) {
        self.due_ns = due_ns;
        self.step(who, input);
    }

    /// A number below `below`.
    pub(super) fn pick(&mut self, below: usize) -> usize {
        let number = self.rng.next_u64() % (below.max(1) as u64);
        usize::try_from(number).unwrap_or(0)
    }

    /// A message that somebody sees in a room, not always the same.
    pub(super) fn some_message(&mut self, who: usize, room: RoomId) -> Option<Seq> {
        let view = self.all.get(who)?.session.room(room)?;
        let seqs: Vec<Seq> = view
            .timeline()
            .items
            .iter()
            .filter_map(|item| match item {
                TimelineItem::Message(message) if !message.deleted => message.seq,
                _ => None,
            })
            .collect();
        let at = self.pick(seqs.len());
        seqs.get(at).copied()
    }

    /// Carries out what the sessions asked for, and wakes those whose time has come.
    pub(super) fn carry_out(&mut self, crowd: &mut Crowd) {
        let now = self.clock.both().mono_ms;
        while let Some(&Reverse((at, who))) = self.wakes.peek()
            && at <= now
        {
            self.wakes.pop();
            let one = self.all.get_mut(who);
            // A newer wake replaced it.
            if let Some(one) = one.filter(|one| one.wake_ms == Some(at)) {
                one.wake_ms = None;
                self.due_ns = self.clock.ns();
                self.step(who, Input::Wake);
            }
        }
        while let Some((who, order)) = self.orders.pop_front() {
            match order {
                TalkOrder::Dial => crowd.dial(who),
                TalkOrder::Ready => self.step(who, Input::Probed { ready: true }),
                TalkOrder::Hang => crowd.cut(who),
                TalkOrder::Say(frame) => {
                    crowd.say(who, &frame);
                    crowd.flush(who);
                }
            }
        }
        crowd.counts.deliveries = self.events;
    }

    fn step(&mut self, who: usize, input: Input) {
        let now = self.clock.both();
        let Some(one) = self.all.get_mut(who) else {
            return;
        };
        for effect in one.session.step(input, now, &mut self.rng) {
            match effect {
                Effect::Connect => self.orders.push_back((who, TalkOrder::Dial)),
                Effect::Probe => self.orders.push_back((who, TalkOrder::Ready)),
                Effect::Disconnect { .. } => {
                    if let Some(connection) = one.connection.take() {
                        self.checker.closed(connection);
                    }
                    self.orders.push_back((who, TalkOrder::Hang));
                }
                Effect::Transmit(frame) => {
                    if let Some(connection) = one.connection {
                        self.checker.says(connection, &frame);
                    }
                    if let Some(req) = request(&frame) {
                        self.asked.insert((who, req), self.clock.ns());
                    }
                    if self.orders.len() < MAX_ORDERS {
                        self.orders.push_back((who, TalkOrder::Say(frame)));
                    }
                }
                Effect::WakeAt(at) => {
                    one.wake_ms = Some(at);
                    self.wakes.push(Reverse((at, who)));
                }
                Effect::Save(entry) if entry.attempts == 0 => {
                    self.sent.entry(entry.command.id).or_insert(self.due_ns);
                }
                Effect::Failed(_) | Effect::SignInNeeded(_) => self.failures += 1,
                _ => {}
            }
        }
    }
}

impl CrowdHandler for Talkers {
    fn text(&mut self, who: usize, text: &str) {
        let connection = self.all.get(who).and_then(|one| one.connection);
        if let (Some(connection), Ok(frame)) = (connection, ServerFrame::parse(text)) {
            match &frame {
                ServerFrame::Event(_) => self.events += 1,
                ServerFrame::Ack(ack) => {
                    if let Some(due) = self.sent.remove(&ack.id) {
                        self.acks.record(self.clock.ns().saturating_sub(due));
                    }
                }
                ServerFrame::Page(page) => {
                    let asked = page.req.and_then(|req| self.asked.remove(&(who, req)));
                    if let Some(asked) = asked {
                        self.pages.record(self.clock.ns().saturating_sub(asked));
                    }
                }
                ServerFrame::Entries(entries) => {
                    self.asked.remove(&(who, entries.req));
                }
                ServerFrame::Error(error) => {
                    if let Some(req) = error.req {
                        self.asked.remove(&(who, req));
                    }
                }
                _ => {}
            }
            self.checker.hears(connection, &frame);
        }
        self.due_ns = self.clock.ns();
        self.step(who, Input::Frame(text.to_owned()));
    }

    fn opened(&mut self, who: usize) {
        if let Some(one) = self.all.get_mut(who) {
            one.connection = Some(self.checker.opened(one.user));
        }
        self.step(who, Input::Opened);
    }

    fn ended(&mut self, who: usize, code: u16, reason: &str) {
        let connection = self.all.get_mut(who).and_then(|one| one.connection.take());
        if let Some(connection) = connection {
            self.checker.closed(connection);
        }
        self.asked.retain(|(asker, _), _| *asker != who);
        let reason = reason.to_owned();
        self.step(who, Input::Closed { code, reason });
    }
}

/// The number of a request that has one.
const fn request(frame: &ClientFrame) -> Option<u64> {
    match frame {
        ClientFrame::History(history) => Some(history.req),
        ClientFrame::Log(log) => Some(log.req),
        _ => None,
    }
}
