//! The nodes of a run, and what becomes of their processes.

use std::sync::{Arc, Mutex};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use server::Secret;
use testing::{
    memory::{MemoryStore, Perfect},
    simulation::{BusFaults, DiskFaults, FaultyDisk, Ledger, SimBroker, SimServer},
};

use super::scenario::{Recovery, Scenario, pick};

/// How long a stop may take (contract, SIGTERM).
const STOP_MS: u64 = 25_000;
/// A process that is told to end is gone after so many milliseconds: two of the longest ticks.
const GONE_MS: u64 = 100;

/// How a node's process is.
#[derive(Clone, Copy, Debug)]
pub(super) enum NodeState {
    Up,
    Stopping {
        since_ms: u64,
    },
    /// Its connections are cut; its process ends after this moment.
    Dying {
        since_ms: u64,
        until_ms: u64,
    },
    Down {
        until_ms: u64,
    },
}

/// A node: its host, its way to the store, and how it is.
pub(super) struct Node {
    pub(super) name: String,
    pub(super) server: SimServer,
    pub(super) state: NodeState,
    pub(super) faults: Arc<Mutex<DiskFaults>>,
    store: Arc<MemoryStore>,
}

/// How the bus between the nodes is, in all of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BusKind {
    /// It loses nothing.
    True,
    /// It loses notes, doubles them, and brings them late.
    Lying,
    /// It loses nothing but falls silent at times, one way or both.
    Silent,
}

impl BusKind {
    pub(super) fn any(dice: &mut StdRng) -> Self {
        pick(dice, &[Self::True, Self::Lying, Self::Silent])
    }

    pub(super) fn faults(self, dice: &mut StdRng) -> BusFaults {
        let late_ms = pick(dice, &[2, 10, 25]);
        let confirm_ms = pick(dice, &[5, 80, 300]);
        let good = BusFaults {
            late_ms,
            confirm_ms,
            ..BusFaults::default()
        };
        match self {
            Self::True | Self::Silent => good,
            Self::Lying => BusFaults {
                lost: 200,
                twice: pick(dice, &[50, 300]),
                mixed: true,
                spares_all: dice.random_bool(0.6),
                late_ms: pick(dice, &[20, 100, 1_000]),
                ..good
            },
        }
    }

    /// How long a client that is online may lack what is stored, in milliseconds: with a bus that loses nothing it is told at once; a silence is noticed when two probes are missing,
    /// and then the store is looked at each second; a note that is lost without a trace is made up for when heads are compared, every 20 s. And what the client's network takes.
    pub(super) const fn most_late_ms(self) -> u64 {
        match self {
            Self::True => 3_000,
            Self::Silent => 9_000,
            Self::Lying => 24_000,
        }
    }
}

/// The nodes of a run: one, or several over one store.
pub(super) fn nodes(count: usize, seed: u64, (dice, ledger): (&mut StdRng, &Ledger)) -> Vec<Node> {
    let disk = |dice: &mut StdRng| {
        let faults = Arc::new(Mutex::new(DiskFaults::default()));
        let disk = FaultyDisk {
            faults: Arc::clone(&faults),
            dice: StdRng::seed_from_u64(dice.random()),
            ledger: ledger.clone(),
        };
        (faults, disk)
    };
    let (faults, first) = disk(dice);
    let first = Arc::new(MemoryStore::on(first));
    let secret = Secret::random(dice);
    let mut stores = vec![(faults, Arc::clone(&first))];
    for _ in 1..count {
        let (faults, disk) = disk(dice);
        stores.push((faults, Arc::new(first.link(disk))));
    }
    let node = |(at, (faults, store)): (usize, (Arc<Mutex<DiskFaults>>, Arc<MemoryStore>))| Node {
        name: match count {
            1 => "server".to_owned(),
            _ => format!("node-{at}"),
        },
        server: SimServer::new(
            Arc::clone(&store),
            secret.clone(),
            seed.wrapping_add((at as u64) << 32),
        ),
        state: NodeState::Up,
        faults,
        store,
    };
    stores.into_iter().enumerate().map(node).collect()
}

impl Node {
    /// A way to the store without faults, for who looks on.
    pub(super) fn plain_store(&self) -> MemoryStore {
        self.store.link(Perfect)
    }

    /// The way that the node itself has.
    pub(super) const fn store(&self) -> &Arc<MemoryStore> {
        &self.store
    }

    /// It hears the others.
    pub(super) fn among(&mut self, broker: &SimBroker, at: usize) {
        self.server = self.server.clone().among(broker.clone(), at);
    }
}

impl Scenario {
    pub(super) fn mind_nodes(&mut self) -> Result<(), String> {
        (0..self.nodes.len()).try_for_each(|at| self.mind_node(at))
    }

    fn mind_node(&mut self, at: usize) -> Result<(), String> {
        let Self {
            nodes, sim, dice, ..
        } = self;
        let node = &mut nodes[at];
        let name = node.name.as_str();
        match node.state {
            NodeState::Stopping { since_ms } if !sim.is_host_running(name) => {
                if self.now_ms - since_ms > STOP_MS {
                    return Err(format!("{name} took too long to stop"));
                }
                let pause_ms = dice.random_range(0..3_000);
                node.state = NodeState::Down {
                    until_ms: self.now_ms + pause_ms,
                };
            }
            NodeState::Dying { since_ms, until_ms } if since_ms < self.now_ms => {
                sim.crash(name);
                node.store.crash(dice).unwrap();
                node.state = NodeState::Down { until_ms };
            }
            NodeState::Down { until_ms } if until_ms <= self.now_ms => {
                self.ledger.note(name, &"starts");
                // What a queue that was not emptied in time left behind is as good as crashed.
                node.store.crash(dice).unwrap();
                sim.bounce(name);
                node.state = NodeState::Up;
            }
            NodeState::Up if !sim.is_host_running(name) => {
                return Err(format!("{name} died"));
            }
            _ => {}
        }
        Ok(())
    }

    /// One of the nodes.
    pub(super) fn some_node(&mut self) -> usize {
        match self.nodes.len() {
            1 => 0,
            many => self.dice.random_range(0..many),
        }
    }

    pub(super) fn stop_node(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        if let NodeState::Up = node.state {
            node.server.stop();
            node.state = NodeState::Stopping {
                since_ms: self.now_ms,
            };
        }
    }

    /// A node's process ends at once. When the power is lost, nobody is told of it.
    pub(super) fn kill_node(&mut self, at: usize, power: bool) {
        if let NodeState::Down { .. } | NodeState::Dying { .. } = self.nodes[at].state {
            return;
        }
        // The network comes back only after the process is gone: what its tasks send when they are dropped, in an order that no
        // seed decides, must reach nobody.
        let until_ms = self.lasts(5_000).max(self.now_ms + GONE_MS);
        if power {
            let name = self.nodes[at].name.clone();
            for host in self.hosts() {
                self.sim.partition(name.as_str(), host.as_str());
                self.recover_at(until_ms, Recovery::Repair(name.clone(), host));
            }
        } else {
            self.nodes[at].server.kill();
        }
        let since_ms = self.now_ms;
        self.nodes[at].state = NodeState::Dying { since_ms, until_ms };
    }
}
