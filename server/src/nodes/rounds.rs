//! What a node does by the clock: it listens, tells its probe, looks at the store while it is in doubt, and compares.

use std::{sync::Arc, time::Duration};

use protocol::{RoomId, UserId};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use super::{
    Item, Nodes,
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

impl Nodes {
    /// Hears the other nodes until it is stopped.
    pub(crate) async fn run(self: Arc<Self>, stop: CancellationToken) {
        self.need(&[Topic::All, Topic::Node(self.me)]);
        let hear = async {
            let mut tick = interval(TICK);
            tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut rounds = Rounds::default();
            loop {
                tokio::select! {
                    biased;
                    _ = tick.tick() => self.tick(&mut rounds),
                    heard = self.out.bus.heard() => self.heard(heard),
                }
            }
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = hear => {}
            () = self.work() => {}
        }
    }

    /// What is due by the clock.
    fn tick(&self, rounds: &mut Rounds) {
        let now = self.now();
        let due = |last: u64, every: u64| now.saturating_sub(last) >= every;
        if rounds.probed.is_none_or(|last| due(last, PROBE_MS)) {
            rounds.probed = Some(now);
            rounds.probes += 1;
            if let Some(bytes) = sign(self.me, Sign::Probe(rounds.probes)) {
                self.out.bus.tell(Topic::All, bytes);
            }
        }
        self.settle_doubt();
        let overdue = self.topics.overdue(now);
        if !overdue.is_empty() {
            self.out.bus.listen(&overdue);
        }
        for topic in overdue {
            self.look_at(topic);
        }
        if due(rounds.polled, POLL_MS) {
            rounds.polled = now;
            self.cache.forget_passes();
            if self.topics.in_doubt() {
                self.look_at_all();
            }
        }
        if due(rounds.accounts, AUDIT_MS) {
            rounds.accounts = now;
            self.cache.forget_accounts();
        }
        let rooms = lock(&self.sequencer).rooms();
        for room in rounds.rooms.turn(&rooms, TICK_MS, AUDIT_MS) {
            self.work.add(Item::Head(room), now);
        }
        let people = self.hub.people.users();
        for user in rounds.people.turn(&people, TICK_MS, AUDIT_MS) {
            self.work.add(Item::User(user), now);
        }
        if due(rounds.swept, SWEEP_MS) {
            rounds.swept = now;
            self.sweep(now);
        }
    }

    pub(super) fn settle_doubt(&self) {
        let in_doubt = lock(&self.doubt).is(self.now());
        if in_doubt != self.topics.in_doubt() {
            tracing::info!(in_doubt, "the bus between the nodes");
            self.topics.set_doubt(in_doubt);
            self.look_at_all();
        }
    }

    fn sweep(&self, now: u64) {
        let is_used = |topic| match topic {
            Topic::Room(room) => self.hub.lanes.has(room),
            Topic::User(user) => self.hub.people.has(user),
            Topic::Node(_) | Topic::All => true,
        };
        let mut gone = Vec::new();
        self.topics.sweep(now, is_used, |topics| {
            self.out.bus.forget(topics);
            gone.extend_from_slice(topics);
        });
        for topic in gone {
            match topic {
                Topic::Room(room) => lock(&self.sequencer).forget(room),
                Topic::User(user) => drop(lock(&self.seen).remove(&user)),
                Topic::Node(_) | Topic::All => {}
            }
        }
    }

    /// Looks at what is to be looked at, one after the other.
    async fn work(&self) {
        loop {
            let item = match self.work.next(self.now()) {
                NextItem::Item(item) => item,
                NextItem::Wait(ms) => {
                    tokio::select! {
                        biased;
                        () = self.work.more() => {}
                        () = sleep(Duration::from_millis(ms)) => {}
                    }
                    continue;
                }
                NextItem::Nothing => {
                    self.work.more().await;
                    continue;
                }
            };
            let looked = match item {
                Item::Fill(room) => self.fill(room).await,
                Item::User(user) => self.look(user).await,
                Item::Head(room) => self.compare(room).await,
            };
            if let Err(why) = looked {
                tracing::debug!(%why, ?item, "the store did not answer");
                self.work.add(item, self.now() + RETRY_MS);
            }
        }
    }
}
