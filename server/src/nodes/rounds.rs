//! What a node does by the clock: it listens, tells its probe, looks at the store while it is in doubt, and compares.

use std::{sync::Arc, time::Duration};

use protocol::{RoomId, UserId};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use super::{
    Nodes, WorkItem,
    doubt::PROBE_MS,
    lock,
    work::{NextItem, Rota},
};
use crate::bus::{Sign, Topic, sign};

/// How often it is looked what is due.
const TICK: Duration = Duration::from_millis(250);
const TICK_MS: u64 = 250;
/// While notes may be lost, how often the store is looked at, in milliseconds. Passes are remembered for no longer at any time.
const POLL_MS: u64 = 1_000;
/// Within which time the head of each room that is followed is compared with the store's, and what is each person's own is looked at, in milliseconds; and how
/// long accounts are remembered.
const AUDIT_MS: u64 = 20_000;
/// How often it is looked which topics nobody needs, in milliseconds.
const SWEEP_MS: u64 = 10_000;
/// After the store did not answer, it is asked again in so many milliseconds.
const RETRY_MS: u64 = 1_000;

/// When what was done last, in milliseconds of the monotonic clock.
#[derive(Default)]
struct Rounds {
    probed: Option<u64>,
    probes: u64,
    polled: u64,
    accounts: u64,
    swept: u64,
    rooms: Rota<RoomId>,
    people: Rota<UserId>,
}

/// Hears the other nodes until it is stopped.
pub(crate) async fn run(nodes: Arc<Nodes>, stop: CancellationToken) {
    let always = [Topic::All, Topic::Node(nodes.me)];
    nodes.out.need(&always, &nodes.topics, nodes.now());
    let hear = async {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut rounds = Rounds::default();
        loop {
            tokio::select! {
                biased;
                _ = tick.tick() => rounds.tick(&nodes),
                heard = nodes.out.bus.heard() => nodes.heard(heard),
            }
        }
    };
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = hear => {}
        () = work(&nodes) => {}
    }
}

impl Rounds {
    /// What is due by the clock.
    fn tick(&mut self, nodes: &Nodes) {
        let now = nodes.now();
        let due = |last: u64, every: u64| now.saturating_sub(last) >= every;
        if self.probed.is_none_or(|last| due(last, PROBE_MS)) {
            self.probed = Some(now);
            self.probes += 1;
            if let Some(bytes) = sign(nodes.me, Sign::Probe(self.probes)) {
                nodes.out.bus.tell(Topic::All, bytes);
            }
        }
        nodes.settle_doubt();
        let overdue = nodes.topics.overdue(now);
        if !overdue.is_empty() {
            nodes.out.bus.listen(&overdue);
        }
        for topic in overdue {
            nodes.look_at(topic);
        }
        if due(self.polled, POLL_MS) {
            self.polled = now;
            nodes.cache.forget_passes();
            if nodes.topics.in_doubt() {
                nodes.look_at_all();
            }
        }
        if due(self.accounts, AUDIT_MS) {
            self.accounts = now;
            nodes.cache.forget_accounts();
        }
        let rooms = lock(&nodes.sequencer).rooms();
        for room in self.rooms.turn(&rooms, TICK_MS, AUDIT_MS) {
            nodes.work.add(WorkItem::Head(room), now);
        }
        let people = nodes.hub.people.users();
        for user in self.people.turn(&people, TICK_MS, AUDIT_MS) {
            nodes.work.add(WorkItem::User(user), now);
        }
        if due(self.swept, SWEEP_MS) {
            self.swept = now;
            sweep(nodes, now);
        }
    }
}

/// Lets go of what nobody needs.
fn sweep(nodes: &Nodes, now: u64) {
    let is_used = |topic| match topic {
        Topic::Room(room) => nodes.hub.lanes.has(room),
        Topic::User(user) => nodes.hub.people.has(user),
        Topic::Node(_) | Topic::All => true,
    };
    let mut gone = Vec::new();
    nodes.topics.sweep(now, is_used, |topics| {
        nodes.out.bus.forget(topics);
        gone.extend_from_slice(topics);
    });
    for topic in gone {
        match topic {
            Topic::Room(room) => lock(&nodes.sequencer).forget(room),
            Topic::User(user) => drop(lock(&nodes.seen).remove(&user)),
            Topic::Node(_) | Topic::All => {}
        }
    }
}

/// Looks at what is to be looked at, one after the other.
async fn work(nodes: &Nodes) {
    loop {
        let item = match nodes.work.next(nodes.now()) {
            NextItem::Item(item) => item,
            NextItem::Wait(ms) => {
                tokio::select! {
                    biased;
                    () = nodes.work.more() => {}
                    () = sleep(Duration::from_millis(ms)) => {}
                }
                continue;
            }
            NextItem::Nothing => {
                nodes.work.more().await;
                continue;
            }
        };
        let looked = match item {
            WorkItem::Fill(room) => nodes.fill(room).await,
            WorkItem::User(user) => nodes.look(user).await,
            WorkItem::Head(room) => nodes.compare(room).await,
        };
        if let Err(why) = looked {
            tracing::debug!(%why, ?item, "the store did not answer");
            nodes.work.add(item, nodes.now() + RETRY_MS);
        }
    }
}
