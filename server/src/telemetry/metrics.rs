//! Metrics. Counting costs an atomic addition a flush or a commit, so it is always on; only the listener
//! that shows it is a setting. Names and units follow the conventions of Prometheus (base units, `_total` for what only grows).

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use protocol::CloseCode;

use crate::{hub::Census, state::Shared, store::PoolUse};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct NamedMetric {
    limit: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    state: &'static str,
}

/// A limit that somebody ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Sends of one user a second.
    Sends,
    /// Requests over HTTP, of one address or of all.
    Requests,
    /// Connections of one user or one address.
    Sockets,
    /// Guesses at passwords of one name, device or address.
    Tries,
    /// Passwords of one address that wait to be hashed.
    Passwords,
    /// The write queue was full.
    WriteQueue,
    /// Too many pages waited to be drawn.
    Pages,
    /// Connections of one address.
    Connections,
    /// Bytes of request bodies under way, of one address or of all.
    Bodies,
    /// Changes of one kind by one person.
    Changes,
    /// Rooms that one person makes, is in, or brings another into.
    Rooms,
    /// Read positions of one person that came faster than they are written.
    Reads,
    /// Memory of the newest entries of all rooms.
    Lanes,
    /// Memory of what unread counts are brought up to date by.
    Counts,
    /// Memory of long answers under way, of one person or of all.
    Answers,
    /// A peer did not send its body, or take its answer, in time.
    SlowPeers,
    /// Too many uses of sign-ins waited to be noted.
    SignInUses,
}

impl Limit {
    const fn name(self) -> &'static str {
        match self {
            Self::Sends => "sends",
            Self::Requests => "requests",
            Self::Sockets => "sockets",
            Self::Tries => "signin_tries",
            Self::Passwords => "passwords",
            Self::WriteQueue => "write_queue",
            Self::Pages => "pages",
            Self::Connections => "connections",
            Self::Bodies => "bodies",
            Self::Answers => "answers",
            Self::Lanes => "lanes",
            Self::Changes => "changes",
            Self::Rooms => "rooms",
            Self::Reads => "reads",
            Self::Counts => "counts",
            Self::SlowPeers => "slow_peers",
            Self::SignInUses => "sign_in_uses",
        }
    }
}

/// The instruments, and the gauges that are read off when somebody looks.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    frames: Counter,
    batch: Histogram,
    commit: Histogram,
    sync: Histogram,
    wait: Histogram,
    failed: Counter,
    last_delivery: Histogram,
    closes: Family<Code, Counter>,
    limits: Family<NamedMetric, Counter>,
    seen: SeenMetric,
}

/// What is read off.
#[derive(Debug, Default)]
struct SeenMetric {
    sessions: Family<InState, Gauge>,
    lanes: Gauge,
    lane_memory: Gauge,
    queued: Gauge,
    pool: Family<InState, Gauge>,
    memory: Gauge,
    descriptors: Gauge,
}

impl SeenMetric {
    fn register(&self, registry: &mut Registry) {
        registry.register(
            "sessions",
            "Live sessions by state; an offline one lost its connection and is kept for a while",
            self.sessions.clone(),
        );
        registry.register(
            "lanes",
            "Rooms whose newest entries are held in memory",
            self.lanes.clone(),
        );
        registry.register_with_unit(
            "lane_memory",
            "Memory of those entries, about",
            Unit::Bytes,
            self.lane_memory.clone(),
        );
        registry.register(
            "write_queue_depth",
            "Writes that wait for a transaction",
            self.queued.clone(),
        );
        registry.register(
            "store_readers",
            "Reading connections of the store by use, and readers that wait for one",
            self.pool.clone(),
        );
        registry.register_with_unit(
            "resident_memory",
            "Memory of the process",
            Unit::Bytes,
            self.memory.clone(),
        );
        registry.register(
            "open_descriptors",
            "File descriptors of the process",
            self.descriptors.clone(),
        );
    }
}

impl Default for Metrics {
    fn default() -> Self {
        // From 0.1 ms to 6.5 s: what a disk and a network may take.
        let times = || Histogram::new(exponential_buckets(0.000_1, 2.0, 17));
        let mut all = Self {
            registry: Registry::with_prefix("hubbub"),
            frames: Counter::default(),
            batch: Histogram::new(exponential_buckets(1.0, 2.0, 12)),
            commit: times(),
            sync: times(),
            wait: times(),
            failed: Counter::default(),
            last_delivery: times(),
            closes: Family::default(),
            limits: Family::default(),
            seen: SeenMetric::default(),
        };
        all.register();
        all
    }
}

impl Metrics {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register(
            "frames_sent",
            "Frames written to connections, each delivery once",
            self.frames.clone(),
        );
        registry.register(
            "commit_writes",
            "Writes that shared a transaction",
            self.batch.clone(),
        );
        registry.register_with_unit(
            "commit_duration",
            "From the first statement of a transaction to its end, retries included",
            Unit::Seconds,
            self.commit.clone(),
        );
        registry.register_with_unit(
            "commit_sync_duration",
            "The COMMIT alone: with durability full, the time until the disk has it",
            Unit::Seconds,
            self.sync.clone(),
        );
        registry.register_with_unit(
            "store_wait_duration",
            "From when a reader of the store wanted a connection until it had one",
            Unit::Seconds,
            self.wait.clone(),
        );
        registry.register(
            "commits_failed",
            "Transactions that were not stored",
            self.failed.clone(),
        );
        registry.register_with_unit(
            "last_delivery_duration",
            "From the commit of an entry until the last listening connection has written it; one entry a room at a time is followed",
            Unit::Seconds,
            self.last_delivery.clone(),
        );
        registry.register(
            "connections_closed",
            "Connections that the server ended, by close code",
            self.closes.clone(),
        );
        registry.register(
            "limits_hit",
            "Refusals by a limit of the settings",
            self.limits.clone(),
        );
        self.seen.register(registry);
    }

    /// So many frames left for a peer.
    pub fn sent(&self, frames: u64) {
        self.frames.inc_by(frames);
    }

    /// A transaction ended: how many writes it held, and how long it took in all, in seconds.
    pub(crate) fn committed(&self, writes: usize, took_s: f64, stored: bool) {
        self.batch
            .observe(f64::from(u32::try_from(writes).unwrap_or(u32::MAX)));
        self.commit.observe(took_s);
        if !stored {
            self.failed.inc();
        }
    }

    /// A COMMIT returned after so many seconds.
    pub(crate) fn synced(&self, took_s: f64) {
        self.sync.observe(took_s);
    }

    /// A reader of the store waited so many seconds for a connection.
    pub(crate) fn waited(&self, took_s: f64) {
        self.wait.observe(took_s);
    }

    /// The last connection has an entry, so many seconds after its commit.
    pub(crate) fn delivered(&self, took_s: f64) {
        self.last_delivery.observe(took_s);
    }

    /// The server ended a connection.
    pub(crate) fn closed(&self, code: CloseCode) {
        let code = code.code();
        self.closes.get_or_create(&Code { code }).inc();
    }

    /// Somebody ran into a limit.
    pub(crate) fn hit(&self, limit: Limit) {
        let limit = limit.name();
        self.limits.get_or_create(&NamedMetric { limit }).inc();
    }

    /// Everything as text, in the format of `OpenMetrics`.
    pub(crate) fn text(&self, state: &Shared) -> String {
        self.look(state);
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = text::encode(&mut out, &self.registry);
        out
    }

    fn look(&self, state: &Shared) {
        let SeenMetric {
            sessions,
            lanes,
            lane_memory,
            queued,
            pool,
            memory,
            descriptors,
        } = &self.seen;
        let Census {
            online,
            away,
            offline,
        } = state.hub.people.census();
        for (state, count) in [("online", online), ("away", away), ("offline", offline)] {
            sessions.get_or_create(&InState { state }).set(gauge(count));
        }
        lanes.set(gauge(state.hub.lanes.count() as u64));
        lane_memory.set(gauge(state.hub.lanes.bytes() as u64));
        queued.set(gauge(state.queue.depth() as u64));
        let PoolUse {
            in_use,
            idle,
            waiting,
        } = state.store.pool_use();
        for (state, count) in [("in_use", in_use), ("idle", idle), ("waiting", waiting)] {
            pool.get_or_create(&InState { state }).set(gauge(count));
        }
        if let Some((resident, open)) = process() {
            memory.set(gauge(resident));
            descriptors.set(gauge(open));
        }
    }
}

fn gauge(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Resident bytes and descriptors of this process, where the system tells.
fn process() -> Option<(u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    let descriptors = std::fs::read_dir("/proc/self/fd").ok()?.count();
    Some((kib * 1_024, descriptors as u64))
}
