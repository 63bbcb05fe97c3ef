//! The hub: live sessions, room lanes, presence. No lock is held across an `.await`, an event is encoded once,
//! and its bytes are shared by every member's connection.

mod frame;
mod lane;
mod mailbox;
mod memory;
mod presence;
mod rate;
mod session;
mod subscribers;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use protocol::{
    Changes, Event, EventKind, ReadEcho, RoomId, RoomSummary, Seq, ServerFrame, SessionId, UserId,
};

pub use frame::{Frame, encode, encode_long};
pub use lane::{Lane, LaneRead};
pub use mailbox::{Goodbye, Instruction, Mail, Mailbox};
pub use presence::{Census, PRESENCE_MEMBERS, Person};
pub use rate::Rate;
pub use session::{Attached, LiveSession, Newcomer, TooMany};
pub use subscribers::{Batch, Listener};

use memory::LaneMemory;
use presence::{Rooms, small_audience};

use crate::{
    bus::{Note, Tell},
    clock::Clock,
    telemetry::{Limit, Metrics},
};

/// The connections of this node, and the way to those of others.
pub struct Hub {
    /// The other nodes.
    bus: Box<dyn Tell>,
    lanes: Mutex<BTreeMap<RoomId, Arc<Lane>>>,
    lane_memory: Arc<LaneMemory>,
    /// In order, as everything here that is walked through: the same life must give the same trace in any process.
    people: Mutex<BTreeMap<UserId, Person>>,
    /// Connections that wait to be told of people's states. One may be here twice for a second, which does no harm.
    late: Mutex<Vec<Arc<Mailbox>>>,
    next_session: AtomicU64,
    next_mailbox: AtomicU64,
    limits: HubLimits,
    clock: Clock,
    metrics: Arc<Metrics>,
}

/// What bounds the hub.
#[derive(Clone, Copy, Debug)]
pub struct HubLimits {
    /// Live connections of one user; 0 is no limit.
    pub sockets_per_user: u32,
    /// Memory of all lanes together, in bytes; 0 is no limit.
    pub lane_bytes: usize,
    /// How long a session without a connection is kept, in milliseconds.
    pub grace_ms: u64,
    /// A connection that was silent for longer missed its heartbeats, in milliseconds.
    pub silence_ms: u64,
}

/// A lock that a panicking thread left is taken over: each change to what it guards is made in one piece.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// An empty hub; its sessions are numbered from `first_session` on. `bus` tells the other nodes what is told to it.
    pub fn new(
        first_session: u64,
        limits: HubLimits,
        clock: Clock,
        metrics: Arc<Metrics>,
        bus: impl Tell,
    ) -> Self {
        Self {
            bus: Box::new(bus),
            lanes: Mutex::default(),
            lane_memory: Arc::new(LaneMemory::new(limits.lane_bytes)),
            people: Mutex::default(),
            late: Mutex::default(),
            next_session: AtomicU64::new(first_session),
            next_mailbox: AtomicU64::new(1),
            limits,
            clock,
            metrics,
        }
    }

    /// Something happened, on this node or another: the connections of this node hear what they must know of it.
    pub fn hear(&self, note: &Note<'_>) {
        match *note {
            Note::Entry { event, .. } => self.publish(event),
            Note::Read {
                user,
                room,
                seq,
                from,
            } => {
                let echo = ServerFrame::Read(ReadEcho { room, seq });
                self.unicast(user, &echo, from);
            }
            Note::RoomChanged { room, members } => self.room_changed(room, members),
            Note::RoomGone { room, members } => self.room_gone(room, members),
            Note::Head { room, seq } => self.ends_at(room, seq),
            Note::Rooms { user, rooms } => self.is_in(user, rooms),
            Note::SignedOut { user, sign_in } => self.sign_out(user, sign_in),
            Note::Prolonged {
                user,
                sign_in,
                ends,
            } => self.prolong(user, sign_in, ends),
            Note::Presence { user, state, rooms } => self.show_presence(user, state, rooms),
            Note::Typing { user, room } => self.typing(room, user),
            Note::Notice(notice) => self.broadcast(&ServerFrame::Notice(notice.clone())),
            // Names are asked for when they are needed; what is remembered of the store is the cache's.
            Note::AccountChanged { .. } | Note::Unsure => {}
        }
    }

    /// Puts an entry on its room's lane, for the members' connections.
    fn publish(&self, event: &Event) {
        let lane = lock(&self.lanes).get(&event.room).cloned();
        if let Some(lane) = lane {
            if event.kind.changes() == Some(Changes::Erases) {
                lane.retract(event.seq);
            }
            let frame = encode(&ServerFrame::Event(event.clone()));
            lane.publish(event.seq, frame, self.clock.instant());
            if self.lane_memory.is_over() {
                self.cool_lanes();
            }
        }
        match event.kind {
            EventKind::Join { user } => self.joined(user, event.room, event.seq),
            EventKind::Leave { user } => self.left(user, event.room),
            _ => {}
        }
    }

    /// A connection has written the entry that its lane follows.
    pub fn arrived(&self, lane: &Lane) {
        if let Some(took) = lane.arrived(self.clock.instant()) {
            self.metrics.delivered(took.as_secs_f64());
        }
    }

    /// The lane of a room; a new one does not know its head until [`Lane::reach`] tells it.
    pub fn lane(&self, room: RoomId) -> Arc<Lane> {
        Arc::clone(
            lock(&self.lanes)
                .entry(room)
                .or_insert_with(|| Arc::new(Lane::new(room, Arc::clone(&self.lane_memory)))),
        )
    }

    /// The last `seq` that this node knows of a room.
    pub fn head(&self, room: RoomId) -> Option<Seq> {
        lock(&self.lanes).get(&room).and_then(|lane| lane.head())
    }

    /// Lets go of lanes that nobody listens to.
    pub fn sweep_lanes(&self) {
        lock(&self.lanes)
            .retain(|_, lane| Arc::strong_count(lane) > 1 || lane.subscribers().count() > 0);
    }

    fn cool_lanes(&self) {
        self.lane_memory.cool(self.all_lanes().into_iter());
        self.metrics.hit(Limit::Lanes);
    }

    /// Lanes in which nothing happens any more let go of what they hold. `now` is of the monotonic clock.
    pub fn rest_lanes(&self, now: u64) {
        if let Some(before) = self.lane_memory.rest(now) {
            let lanes = self.all_lanes().into_iter();
            self.lane_memory.cool_resting(before, lanes);
        }
    }

    fn all_lanes(&self) -> Vec<Arc<Lane>> {
        lock(&self.lanes).values().map(Arc::clone).collect()
    }

    /// Memory that lanes hold, in bytes.
    pub fn lane_bytes(&self) -> usize {
        self.lane_memory.used()
    }

    /// Lanes that are held just now.
    pub fn lane_count(&self) -> usize {
        lock(&self.lanes).len()
    }

    fn joined(&self, user: UserId, room: RoomId, seq: Seq) {
        let mut people = lock(&self.people);
        let Some(person) = people.get_mut(&user) else {
            return;
        };
        person.rooms.add(std::iter::once(room));
        for mailbox in person.mailboxes() {
            mailbox.control(Instruction::Subscribe {
                room,
                after: seq.saturating_sub(1),
            });
        }
    }

    fn left(&self, user: UserId, room: RoomId) {
        let mut people = lock(&self.people);
        let Some(person) = people.get_mut(&user) else {
            return;
        };
        person.rooms.remove(room);
        for mailbox in person.mailboxes() {
            mailbox.control(Instruction::Unsubscribe { room });
        }
    }

    /// Ends a room for these people: their connections hear `gone`.
    fn room_gone(&self, room: RoomId, members: &[UserId]) {
        for &user in members {
            self.left(user, room);
        }
        lock(&self.lanes).remove(&room);
    }

    /// A room changed for these people: their connections hear `room`.
    fn room_changed(&self, room: RoomId, members: &[UserId]) {
        for &user in members {
            for mailbox in self.mailboxes_of(user) {
                mailbox.control(Instruction::Refresh { room });
            }
        }
    }

    /// A unicast: to every connection of one user, but `except`.
    fn unicast(&self, user: UserId, frame: &ServerFrame, except: Option<u64>) {
        let bytes = encode(frame);
        for mailbox in self.mailboxes_of(user) {
            if Some(mailbox.id()) != except {
                mailbox.push(bytes.clone());
            }
        }
    }

    /// A broadcast: to every connection of this node.
    fn broadcast(&self, frame: &ServerFrame) {
        let bytes = encode(frame);
        for mailbox in self.all_mailboxes() {
            mailbox.push(bytes.clone());
        }
    }

    /// Somebody writes in a room: told to the other members' connections.
    fn typing(&self, room: RoomId, user: UserId) {
        let lane = lock(&self.lanes).get(&room).cloned();
        let Some(lane) = lane else { return };
        for mailbox in small_audience(&lane) {
            if mailbox.user() != user {
                mailbox.typing(room, user);
            }
        }
    }

    /// The connections of a user.
    pub fn mailboxes_of(&self, user: UserId) -> Vec<Arc<Mailbox>> {
        lock(&self.people)
            .get(&user)
            .map(|person| person.mailboxes().collect())
            .unwrap_or_default()
    }

    /// Every connection of this node.
    pub fn all_mailboxes(&self) -> Vec<Arc<Mailbox>> {
        lock(&self.people)
            .values()
            .flat_map(Person::mailboxes)
            .collect()
    }

    fn mint_session(&self) -> SessionId {
        loop {
            let number =
                self.next_session.fetch_add(1, Ordering::Relaxed) & protocol::limits::MAX_ID;
            if let Some(id) = SessionId::new(number) {
                return id;
            }
        }
    }

    /// A mailbox for a new connection of `user`.
    pub fn mailbox(&self, user: UserId, now: u64) -> Arc<Mailbox> {
        Arc::new(Mailbox::new(
            self.next_mailbox.fetch_add(1, Ordering::Relaxed),
            user,
            now,
        ))
    }
}

impl Hub {
    fn ends_at(&self, room: RoomId, seq: Seq) {
        let lane = lock(&self.lanes).get(&room).cloned();
        if let Some(lane) = lane {
            lane.reach(seq);
        }
    }

    fn is_in(&self, user: UserId, rooms: &[RoomSummary]) {
        for room in rooms {
            self.ends_at(room.id, room.last_seq);
        }
        let mut people = lock(&self.people);
        let Some(person) = people.get_mut(&user) else {
            return;
        };
        person.rooms = Rooms::default();
        person.rooms.add(rooms.iter().map(|room| room.id));
        // Nobody read yet where they are new, so the read position still is where the membership began.
        let rooms: Arc<[_]> = rooms
            .iter()
            .map(|room| (room.id, room.read_seq.saturating_sub(1)))
            .collect();
        for mailbox in person.mailboxes() {
            mailbox.control(Instruction::Rooms(Arc::clone(&rooms)));
        }
    }
}

impl Tell for Hub {
    fn tell(&self, note: &Note<'_>) {
        self.hear(note);
        self.bus.tell(note);
    }
}
