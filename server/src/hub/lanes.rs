//! The lanes of this node: one a room that somebody listens to, and their memory together.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use protocol::{Changes, Event, RoomId, Seq, ServerFrame, UserId};

use super::{Lane, Mailbox, encode, lock, memory::LaneMemory};
use crate::{
    clock::Clock,
    telemetry::{Limit, Metrics},
};

/// Rooms with more connections than this are told neither presence nor typing: in a room of ten thousand each coming
/// and going would be ten thousand frames. The member list has the states.
pub(crate) const PRESENCE_MEMBERS: usize = 256;

/// The lanes of this node.
pub struct Lanes {
    all: Mutex<BTreeMap<RoomId, Arc<Lane>>>,
    memory: Arc<LaneMemory>,
    clock: Clock,
    metrics: Arc<Metrics>,
}

impl Lanes {
    /// No lanes yet; together they hold at most so many bytes, 0 for no limit.
    pub(super) fn new(most_bytes: usize, clock: Clock, metrics: Arc<Metrics>) -> Self {
        Self {
            all: Mutex::default(),
            memory: Arc::new(LaneMemory::new(most_bytes)),
            clock,
            metrics,
        }
    }

    /// The lane of a room; a new one does not know its head until [`Lane::reach`] tells it.
    pub fn lane(&self, room: RoomId) -> Arc<Lane> {
        Arc::clone(
            lock(&self.all)
                .entry(room)
                .or_insert_with(|| Arc::new(Lane::new(room, Arc::clone(&self.memory)))),
        )
    }

    /// The lane of a room, if there is one.
    pub(super) fn get(&self, room: RoomId) -> Option<Arc<Lane>> {
        lock(&self.all).get(&room).cloned()
    }

    /// Whether a room has a lane.
    pub(crate) fn has(&self, room: RoomId) -> bool {
        lock(&self.all).contains_key(&room)
    }

    /// Puts an entry on its room's lane, for the members' connections.
    pub(super) fn publish(&self, event: &Event) {
        let Some(lane) = self.get(event.room) else {
            return;
        };
        if event.kind.changes() == Some(Changes::Erases) {
            lane.retract(event.seq);
        }
        let frame = encode(&ServerFrame::Event(event.clone()));
        lane.publish(event.seq, frame, self.clock.instant());
        if self.memory.is_over() {
            self.memory.cool(self.list().into_iter());
            self.metrics.hit(Limit::Lanes);
        }
    }

    /// A room's log ends at `seq`, whatever was told of it.
    pub(crate) fn ends_at(&self, room: RoomId, seq: Seq) {
        if let Some(lane) = self.get(room) {
            lane.reach(seq);
        }
    }

    /// The room is gone.
    pub(crate) fn remove(&self, room: RoomId) {
        lock(&self.all).remove(&room);
    }

    /// A connection has written the entry that its lane follows.
    pub(crate) fn arrived(&self, lane: &Lane) {
        if let Some(took) = lane.arrived(self.clock.instant()) {
            self.metrics.delivered(took.as_secs_f64());
        }
    }

    /// The connections in a room of no more than [`PRESENCE_MEMBERS`]; none in a larger one.
    pub(super) fn small_audience(&self, room: RoomId) -> Vec<Arc<Mailbox>> {
        let mut mailboxes = self.listening(room, PRESENCE_MEMBERS + 1);
        if mailboxes.len() > PRESENCE_MEMBERS {
            mailboxes.clear();
        }
        mailboxes
    }

    /// At most `most` connections in a room.
    pub(crate) fn listening(&self, room: RoomId, most: usize) -> Vec<Arc<Mailbox>> {
        let lane = self.get(room);
        lane.map_or_else(Vec::new, |lane| lane.subscribers().mailboxes(most))
    }

    /// At most `most` people who are online in these rooms.
    pub(crate) fn online_in(
        &self,
        rooms: impl Iterator<Item = RoomId>,
        most: usize,
    ) -> Vec<UserId> {
        let mut found = BTreeSet::new();
        for room in rooms {
            let mailboxes = self.listening(room, most);
            found.extend(mailboxes.iter().map(|mailbox| mailbox.user()));
            if found.len() >= most {
                break;
            }
        }
        found.into_iter().take(most).collect()
    }

    /// Somebody writes in a room, or in a thread of it: the other members' connections are told.
    pub(super) fn typing(&self, (room, thread): (RoomId, Option<Seq>), user: UserId) {
        for mailbox in self.small_audience(room) {
            if mailbox.user() != user {
                mailbox.typing((room, thread), user);
            }
        }
    }

    /// Lets go of lanes that nobody listens to.
    pub(crate) fn sweep(&self) {
        lock(&self.all)
            .retain(|_, lane| Arc::strong_count(lane) > 1 || lane.subscribers().count() > 0);
    }

    /// Lanes in which nothing happens any more let go of what they hold. `now` is of the monotonic clock.
    pub(crate) fn rest(&self, now: u64) {
        if let Some(before) = self.memory.rest(now) {
            self.memory.cool_resting(before, self.list().into_iter());
        }
    }

    fn list(&self) -> Vec<Arc<Lane>> {
        lock(&self.all).values().map(Arc::clone).collect()
    }

    /// Memory that lanes hold, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.memory.used()
    }

    /// Lanes that are held just now.
    pub(crate) fn count(&self) -> usize {
        lock(&self.all).len()
    }
}
