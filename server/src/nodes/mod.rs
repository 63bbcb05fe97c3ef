//! The other nodes, as this one hears them (ADR 20). Truth is in the store; what comes over the bus only says where to look, or carries entries that are put in order by
//! their numbers. A server that is alone has none of this.

mod doubt;
mod look;
mod rounds;
mod sequencer;
#[cfg(test)]
mod tests;
mod topics;
mod work;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use protocol::{Event, EventKind, RoomId, Seq, UserId};
use tokio::time::timeout;

pub(crate) use rounds::run;
pub(crate) use topics::Topics;

use self::{
    doubt::Doubt,
    look::Seen,
    sequencer::{Offered, Sequencer},
    topics::CONFIRM_MS,
    work::{WorkItem, WorkList},
};
use crate::{
    bus::{Bus, Decoded, Heard, NodeId, Note, Sign, Tell, Topic, encode, sign, topics_of},
    clock::Clock,
    hub::Hub,
    store::{Named, SharedStore, cache::Cache},
};

/// How long an entry that comes too early is held for what lies before it, in milliseconds; then that is read from the log.
const HOLD_MS: u64 = 30;

/// The bus, as this node tells notes over it and listens to topics.
pub(crate) struct Outward {
    me: NodeId,
    bus: Arc<dyn Bus>,
}

impl Outward {
    /// From this node.
    pub(crate) const fn new(me: NodeId, bus: Arc<dyn Bus>) -> Self {
        Self { me, bus }
    }

    /// Listens to topics that are needed `now`.
    fn need(&self, some: &[Topic], all: &Topics, now: u64) {
        all.need(some, now, |new| self.bus.listen(new));
    }

    /// Listens to topics, and waits a moment until the bus says that it does: what is read after that misses nothing.
    async fn listen(&self, some: &[Topic], all: &Topics, now: u64) {
        self.need(some, all, now);
        // Where it does not answer in time, they are looked after until it does.
        let patience = Duration::from_millis(CONFIRM_MS);
        let _ = timeout(patience, all.confirmed(some)).await;
    }
}

impl Tell for Outward {
    fn tell(&self, note: &Note<'_>) {
        let [first, second] = topics_of(note);
        let Some(first) = first else { return };
        let Some(bytes) = encode(self.me, note) else {
            return;
        };
        if let Some(second) = second {
            self.bus.tell(second, bytes.clone());
        }
        self.bus.tell(first, bytes);
    }
}

/// What this node knows of what others do.
pub(crate) struct Nodes {
    me: NodeId,
    out: Outward,
    store: SharedStore,
    cache: Arc<Cache>,
    hub: Arc<Hub>,
    clock: Clock,
    topics: Arc<Topics>,
    /// Held while an entry goes on, so that the cache and the hub hear entries in their order.
    sequencer: Mutex<Sequencer>,
    doubt: Mutex<Doubt>,
    work: WorkList,
    /// What was last seen of each person who is here.
    seen: Mutex<BTreeMap<UserId, Seen>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Nodes {
    /// Of this node; the cache must believe in just these topics ([`Cache::hearing`]), and the hub tell over the same bus.
    pub(crate) fn new(
        out: Outward,
        store: SharedStore,
        (cache, hub): (Arc<Cache>, Arc<Hub>),
        topics: Arc<Topics>,
        clock: Clock,
    ) -> Self {
        topics.set_doubt(true);
        Self {
            me: out.me,
            doubt: Mutex::new(Doubt::new(out.me)),
            out,
            store,
            cache,
            hub,
            clock,
            topics,
            sequencer: Mutex::default(),
            work: WorkList::default(),
            seen: Mutex::default(),
        }
    }

    fn now(&self) -> u64 {
        self.clock.mono_ms()
    }

    /// The other nodes need not wait for this one's probes any more.
    pub(crate) fn leave(&self) {
        if let Some(bytes) = sign(self.me, Sign::Leaving) {
            self.out.bus.tell(Topic::All, bytes);
        }
    }

    fn heard(&self, heard: Heard) {
        let now = self.now();
        match heard {
            Heard::Note(topic, bytes) => self.heard_note(topic, &bytes),
            Heard::Listens(topics) => {
                for topic in self.topics.confirm(&topics, now) {
                    // Whoever waited for it went on without.
                    self.look_at(topic);
                }
            }
            Heard::InDoubt => lock(&self.doubt).told(true, now),
            Heard::Sure => lock(&self.doubt).told(false, now),
        }
        self.settle_doubt();
    }

    /// Whether the bus is believed may have changed.
    fn settle_doubt(&self) {
        let in_doubt = lock(&self.doubt).is(self.now());
        if in_doubt != self.topics.in_doubt() {
            tracing::info!(in_doubt, "the bus between the nodes");
            self.topics.set_doubt(in_doubt);
            self.look_at_all();
        }
    }

    fn heard_note(&self, topic: Topic, bytes: &Bytes) {
        let Some(told) = Decoded::read(bytes) else {
            // Of a later build, or damaged: something happened there.
            return self.look_at(topic);
        };
        match told.sign() {
            Some(Sign::Probe(n)) => {
                let missed = lock(&self.doubt).probe(told.from, n, self.now());
                if missed {
                    self.look_at_all();
                }
            }
            Some(Sign::Leaving) => lock(&self.doubt).leaves(told.from),
            None => {}
        }
        if let Some(note) = told.note().filter(|_| told.from != self.me) {
            self.act_on(&note);
        }
    }

    /// A note of another node. What says how things were, and may come late or twice, is only a reason to look how they are.
    fn act_on(&self, note: &Note<'_>) {
        match *note {
            Note::Thread { user, .. } | Note::Banned { user } => {
                self.cache.hear(note);
                self.look_at_local(user);
            }
            _ => self.act(note),
        }
    }

    /// A note of this node or another.
    fn act(&self, note: &Note<'_>) {
        match *note {
            Note::Entry { event, named } => self.offer(event, named),
            Note::Head { room, seq } => self.ends_at(room, seq),
            Note::Rooms { user, .. } => self.look_at_local(user),
            Note::AccountIs { user, .. } => {
                self.cache.hear(&Note::AccountChanged { user });
                self.look_at_local(user);
            }
            Note::RoomGone { members, .. } | Note::RoomBack { members, .. } => {
                self.cache.hear(note);
                for user in members {
                    self.look_at_local(*user);
                }
            }
            _ => {
                self.cache.hear(note);
                self.hub.hear(note);
            }
        }
    }

    /// An entry of this node or another was stored.
    fn offer(&self, event: &Event, named: &Named) {
        let offered = lock(&self.sequencer).offer(event, named, &mut |event, named| {
            self.goes_on(event, named);
        });
        if offered == Offered::Next {
            return;
        }
        // Also what is old to the room: it may be followed from an end that a membership came before, of which its person hears only now.
        self.cache.passes_by(event);
        match (offered, &event.kind) {
            (Offered::Held, _) => self.fill_soon(event.room),
            (_, EventKind::Join { user } | EventKind::Leave { user }) => self.look_at_local(*user),
            _ => {}
        }
        if offered == Offered::Unheard {
            self.hub.lanes.ends_at(event.room, event.seq);
        }
    }

    /// The next entry of a room that is followed. What was read from the log does not say whom it names: what was counted before it is counted anew.
    fn goes_on(&self, event: &Event, named: Option<&Named>) {
        let nobody = Named::default();
        let note = Note::Entry {
            event,
            named: named.unwrap_or(&nobody),
        };
        if named.is_some() {
            self.cache.hear(&note);
        } else {
            self.cache.missed(event.room, event.seq);
            self.cache.passes_by(event);
        }
        self.hub.hear(&note);
    }

    /// A room's log goes at least as far as this.
    fn ends_at(&self, room: RoomId, seq: Seq) {
        let (missing, followed) = {
            let mut sequencer = lock(&self.sequencer);
            let missing = sequencer.ends_at(room, seq);
            (missing, sequencer.head(room).is_some())
        };
        if missing {
            self.fill_soon(room);
        } else if !followed {
            self.hub.lanes.ends_at(room, seq);
        }
    }

    fn fill_soon(&self, room: RoomId) {
        self.work.add(WorkItem::Fill(room), self.now() + HOLD_MS);
    }

    fn look_at_local(&self, user: UserId) {
        if self.hub.people.has(user) {
            self.work.add(WorkItem::User(user), self.now());
        }
    }

    /// Something happened there, and it is not known what.
    fn look_at(&self, topic: Topic) {
        match topic {
            Topic::Room(room) => self.work.add(WorkItem::Head(room), self.now()),
            Topic::User(user) => self.look_at_local(user),
            Topic::Node(_) | Topic::All => self.look_at_all(),
        }
    }

    fn look_at_all(&self) {
        let now = self.now();
        for room in lock(&self.sequencer).rooms() {
            self.work.add(WorkItem::Head(room), now);
        }
        for user in self.hub.people.users() {
            self.work.add(WorkItem::User(user), now);
        }
    }
}

impl Tell for Nodes {
    /// A note of this node.
    fn tell(&self, note: &Note<'_>) {
        self.act(note);
        self.out.tell(note);
    }
}
