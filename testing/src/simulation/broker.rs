//! The bus between the nodes of a simulation, which lies as a bus may: it loses notes, doubles them, brings them late and out of order, and falls silent.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use protocol::RoomId;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use server::{Bus, Heard, Topic};
use tokio::{sync::Notify, time::sleep};

use super::ledger::Ledger;

/// The faults of a bus. Chances are in 1,000.
#[derive(Clone, Copy, Debug, Default)]
pub struct BusFaults {
    /// The chance that a note is lost.
    pub lost: u32,
    /// Whether none is lost of what is told to all nodes: so that no missing probe gives the other losses away.
    pub spares_all: bool,
    /// The chance that a note comes a second time, up to [`TWICE_MS`] later.
    pub twice: u32,
    /// How long a note takes at most, in milliseconds.
    pub late_ms: u64,
    /// Whether notes may come in another order.
    pub mixed: bool,
    /// How long it takes at most until a topic is listened to, in milliseconds.
    pub confirm_ms: u64,
}

/// How late a note comes the second time, at most, in milliseconds.
const TWICE_MS: u64 = 6_000;

/// Rooms that are kept for [`SimBroker::take_begun`].
const MAX_BEGUN: usize = 100;

/// One node's end of the bus.
#[derive(Default)]
struct NodeLine {
    /// What is delivered to it.
    topics: BTreeSet<Topic>,
    /// What it asked for.
    asked: BTreeSet<Topic>,
    /// What is on its way, by when it arrives, in milliseconds of the simulation.
    coming: BTreeMap<(u64, u64), Heard>,
    /// When the last note of those that keep their order arrives.
    last: u64,
    /// It is told that it hears nothing.
    cut: bool,
    /// It hears nothing, and nobody says so.
    deaf: bool,
    /// What it tells reaches nobody.
    mute: bool,
    wake: Arc<Notify>,
}

struct Broker {
    dice: StdRng,
    faults: BusFaults,
    ledger: Ledger,
    lines: BTreeMap<usize, NodeLine>,
    count: u64,
    /// Rooms that a node began to listen to, since it was asked for them.
    begun: Vec<RoomId>,
}

/// A bus for all nodes of a simulation.
#[derive(Clone)]
pub struct SimBroker(Arc<Mutex<Broker>>);

impl Broker {
    fn takes(&mut self, most_ms: u64) -> u64 {
        self.dice.random_range(0..=most_ms)
    }

    /// Puts something on its way to a node.
    fn send(&mut self, node: usize, at: u64, what: Heard) {
        self.count += 1;
        let count = self.count;
        if let Some(line) = self.lines.get_mut(&node) {
            line.coming.insert((at, count), what);
            line.wake.notify_one();
        }
    }

    /// When something that is sent now arrives at a node.
    fn arrival(&mut self, node: usize, now: u64, most_ms: u64) -> u64 {
        let at = now + self.takes(most_ms);
        let mixed = self.faults.mixed;
        let Some(line) = self.lines.get_mut(&node) else {
            return at;
        };
        if mixed {
            return at;
        }
        line.last = at.max(line.last);
        line.last
    }

    fn tell(&mut self, from: usize, topic: Topic, note: &Bytes, now: u64) {
        let gone = |line: &NodeLine| line.cut || line.mute;
        if self.lines.get(&from).is_none_or(gone) {
            return;
        }
        let listens = |line: &NodeLine| line.topics.contains(&topic) && !line.cut && !line.deaf;
        let lines = self.lines.iter().filter(|(_, line)| listens(line));
        let nodes: Vec<usize> = lines.map(|(node, _)| *node).collect();
        let BusFaults {
            lost,
            twice,
            late_ms,
            spares_all,
            ..
        } = self.faults;
        let lost = if spares_all && topic == Topic::All {
            0
        } else {
            lost
        };
        for node in nodes {
            let (is_lost, is_twice) = (self.takes(999), self.takes(999));
            if is_lost >= u64::from(lost) {
                let at = self.arrival(node, now, late_ms);
                self.send(node, at, Heard::Note(topic, note.clone()));
            }
            if is_twice < u64::from(twice) {
                let at = now + self.takes(TWICE_MS);
                self.send(node, at, Heard::Note(topic, note.clone()));
            }
        }
    }
}

/// The simulation's time, in milliseconds.
fn now() -> u64 {
    let elapsed = turmoil::sim_elapsed().unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or_default()
}

impl SimBroker {
    /// A bus whose chances follow the seed.
    pub fn new(faults: BusFaults, seed: u64, ledger: Ledger) -> Self {
        Self(Arc::new(Mutex::new(Broker {
            dice: StdRng::seed_from_u64(seed),
            faults,
            ledger,
            lines: BTreeMap::new(),
            count: 0,
            begun: Vec::new(),
        })))
    }

    fn open(&self) -> MutexGuard<'_, Broker> {
        self.0.lock().unwrap()
    }

    /// A node's end, from a start of the node on.
    pub(super) fn join(&self, node: usize) -> Arc<dyn Bus> {
        let mut broker = self.open();
        let before = broker.lines.remove(&node).unwrap_or_default();
        let line = NodeLine {
            cut: before.cut,
            deaf: before.deaf,
            mute: before.mute,
            ..NodeLine::default()
        };
        let wake = Arc::clone(&line.wake);
        broker.lines.insert(node, line);
        if before.cut {
            broker.send(node, 0, Heard::InDoubt);
        }
        Arc::new(SimBus {
            broker: self.clone(),
            node,
            wake,
        })
    }

    /// From here on it has these faults.
    pub fn set_faults(&self, faults: BusFaults) {
        self.open().faults = faults;
    }

    /// The rooms that nodes asked to listen to since this was called before; not more than [`MAX_BEGUN`].
    pub fn take_begun(&self) -> Vec<RoomId> {
        std::mem::take(&mut self.open().begun)
    }

    /// A node's connection to the bus breaks, and it knows.
    pub fn cut(&self, node: usize) {
        let mut broker = self.open();
        if let Some(line) = broker.lines.get_mut(&node) {
            line.cut = true;
            line.topics.clear();
            line.coming.clear();
            broker.send(node, 0, Heard::InDoubt);
        }
    }

    /// A node hears nothing any more, and nobody says so.
    pub fn deafen(&self, node: usize) {
        if let Some(line) = self.open().lines.get_mut(&node) {
            line.deaf = true;
            line.coming.clear();
        }
    }

    /// What a node tells reaches nobody any more.
    pub fn mute(&self, node: usize) {
        if let Some(line) = self.open().lines.get_mut(&node) {
            line.mute = true;
        }
    }

    /// Whether a node does not hear, or is not heard.
    pub fn is_broken(&self, node: usize) -> bool {
        let broker = self.open();
        let line = broker.lines.get(&node);
        line.is_some_and(|line| line.cut || line.deaf || line.mute)
    }

    /// A node hears and is heard again.
    pub fn mend(&self, node: usize) {
        let mut broker = self.open();
        let Some(line) = broker.lines.get_mut(&node) else {
            return;
        };
        (line.deaf, line.mute) = (false, false);
        if std::mem::take(&mut line.cut) {
            broker.send(node, 0, Heard::Sure);
        }
    }
}

/// One node's end of the bus.
struct SimBus {
    broker: SimBroker,
    node: usize,
    wake: Arc<Notify>,
}

impl SimBus {
    /// What has arrived, or how long it takes until something does.
    fn arrived(&self) -> Result<Heard, Option<u64>> {
        let now = now();
        let mut broker = self.broker.open();
        let Some(line) = broker.lines.get_mut(&self.node) else {
            return Err(None);
        };
        let Some(first) = line.coming.first_entry() else {
            return Err(None);
        };
        let at = first.key().0;
        if at > now {
            return Err(Some(at - now));
        }
        let heard = first.remove();
        // In the order of what is done, and not by the clocks of hosts, which go on one after the other: what is told after this is heard.
        match &heard {
            Heard::Listens(topics) => {
                let asked = &line.asked;
                let still = topics.iter().filter(|topic| asked.contains(*topic));
                line.topics.extend(still);
            }
            Heard::Sure => line.topics.clone_from(&line.asked),
            Heard::Note(..) | Heard::InDoubt => {}
        }
        Ok(heard)
    }
}

#[async_trait]
impl Bus for SimBus {
    fn listen(&self, topics: &[Topic]) {
        let mut broker = self.broker.open();
        broker
            .ledger
            .note("bus", &format_args!("{} listens to {topics:?}", self.node));
        let broker = &mut *broker;
        let Some(line) = broker.lines.get_mut(&self.node) else {
            return;
        };
        let rooms = topics.iter().filter_map(|topic| match topic {
            Topic::Room(room) if !line.asked.contains(topic) => Some(*room),
            _ => None,
        });
        let place = MAX_BEGUN.saturating_sub(broker.begun.len());
        broker.begun.extend(rooms.take(place));
        line.asked.extend(topics);
        if line.cut || line.deaf {
            return;
        }
        let confirm_ms = broker.faults.confirm_ms;
        let at = now() + broker.takes(confirm_ms);
        broker.send(self.node, at, Heard::Listens(topics.to_vec()));
    }

    fn forget(&self, topics: &[Topic]) {
        if let Some(line) = self.broker.open().lines.get_mut(&self.node) {
            for topic in topics {
                line.topics.remove(topic);
                line.asked.remove(topic);
            }
        }
    }

    fn tell(&self, topic: Topic, note: Bytes) {
        let mut broker = self.broker.open();
        let text = String::from_utf8_lossy(&note);
        broker
            .ledger
            .note("bus", &format_args!("{} {topic:?} {text}", self.node));
        broker.tell(self.node, topic, &note, now());
    }

    async fn heard(&self) -> Heard {
        loop {
            match self.arrived() {
                Ok(heard) => return heard,
                Err(None) => self.wake.notified().await,
                Err(Some(ms)) => {
                    tokio::select! {
                        biased;
                        () = self.wake.notified() => {}
                        () = sleep(Duration::from_millis(ms)) => {}
                    }
                }
            }
        }
    }
}
