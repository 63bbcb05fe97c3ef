//! What clients do, and the faults that they meet: one throw of the dice after the other.

use client::Input;
use protocol::limits;
use rand::{Rng as _, rngs::StdRng};
use server::store::{Accounts as _, Logs as _};
use testing::simulation::{Action, Burst, DiskFaults, SimRequest};

use super::{
    habits,
    scenario::{Recovery, Scenario, now, pick},
};

/// How long somebody is away while very much is said.
const FLOOD_MS: u64 = 5_000;

/// How long a bus is silent at least: longer than from one probe to the next.
const SILENCE_MS: u64 = 2_200;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Partition,
    Hold,
    Cut,
    Kill,
    PowerLoss,
    Stop,
    Slow,
    Errors,
    Unknown,
    Full,
    Crash,
    Absence,
    Offline,
    /// More than a resume replays is said while somebody is away.
    Flood,
    /// A node is told that it hears nothing of the others.
    BusCut,
    /// It hears nothing, and nobody says so.
    BusDeaf,
    /// It hears the others, and they do not hear it.
    BusMute,
}

const ALL: [Fault; 13] = [
    Fault::Partition,
    Fault::Hold,
    Fault::Cut,
    Fault::Kill,
    Fault::PowerLoss,
    Fault::Stop,
    Fault::Slow,
    Fault::Errors,
    Fault::Unknown,
    Fault::Full,
    Fault::Crash,
    Fault::Absence,
    Fault::Offline,
];

impl Fault {
    /// What a bus does that falls silent.
    pub(super) const OF_THE_BUS: [Self; 3] = [Self::BusCut, Self::BusDeaf, Self::BusMute];

    /// The faults of one run: not all at once, so that none hides another.
    pub(super) fn some(dice: &mut StdRng) -> Vec<Self> {
        let mut some = ALL.to_vec();
        some.retain(|_| dice.random_bool(0.4));
        // A long run: few of them are enough.
        if dice.random_bool(0.03) {
            some.push(Self::Flood);
        }
        some
    }
}

impl Scenario {
    /// The next thing that happens.
    pub(super) fn act(&mut self) {
        if !self.faults.is_empty() && self.dice.random_bool(0.06) {
            let fault = self.faults[self.dice.random_range(0..self.faults.len())];
            return self.inject(fault);
        }
        if let Some(user) = self.to_ban
            && self.banned.is_none()
            && self.dice.random_bool(0.03)
        {
            // The first is the owner's.
            return self.clients[0].act(Action::Call(SimRequest::Ban(user)));
        }
        match self.dice.random_range(0..100) {
            0..10 => {
                let room = self.rooms[self.dice.random_range(0..2)];
                let count = self.dice.random_range(1..12);
                self.bot.send(Burst { room, count });
            }
            10..20 => self.call(),
            _ => self.client_acts(),
        }
    }

    fn client_acts(&mut self) {
        let who = self.dice.random_range(0..self.clients.len());
        let Self { clients, dice, .. } = self;
        let client = &clients[who];
        let Some(rooms) = client.look(|session| {
            let rooms = session.rooms().filter(|room| room.member);
            rooms.map(|room| room.id).collect::<Vec<_>>()
        }) else {
            return;
        };
        if rooms.is_empty() {
            return;
        }
        let room = if dice.random_bool(0.5) {
            rooms[0]
        } else {
            pick(dice, &rooms)
        };
        let inputs = client
            .look(|session| habits::inputs(session, room, client.user, dice))
            .unwrap_or_default();
        for input in inputs {
            client.does(input);
        }
    }

    fn call(&mut self) {
        let who = self.dice.random_range(0..self.clients.len());
        let user = self.clients[who].user;
        let other = self.clients[self.dice.random_range(0..self.clients.len())].user;
        let room = pick(&mut self.dice, &self.rooms);
        let attic = self.rooms[1];
        let number = self.dice.random_range(0..1_000);
        let call = match self.dice.random_range(0..12) {
            0..3 => SimRequest::Join(attic),
            3..5 => SimRequest::Leave(attic, user),
            5 => SimRequest::Leave(self.rooms[2], other),
            6..8 => SimRequest::Add(self.rooms[2], other),
            8 => SimRequest::Make(
                pick(&mut self.dice, &["public", "private"]),
                format!("room {number}"),
            ),
            9 => SimRequest::Direct(vec![other]),
            _ => SimRequest::Topic(room, format!("topic {number}")),
        };
        self.clients[who].act(Action::Call(call));
    }

    /// Looks whether somebody is shut out now: nothing of theirs may stand behind this. A crash can lose what nobody was told of.
    pub(super) fn watch_ban(&mut self) {
        let Some(user) = self.to_ban else { return };
        let is_banned = now(self.store.account(user)).unwrap().unwrap().banned;
        if is_banned == self.banned.is_some() {
            return;
        }
        self.banned = is_banned.then(|| {
            let rooms = self.ledger.rooms_stored();
            let end = |room| (room, now(self.store.last_seq(room)).unwrap());
            (user, rooms.into_iter().map(end).collect())
        });
    }

    pub(super) fn lasts(&mut self, most_ms: u64) -> u64 {
        self.now_ms + self.dice.random_range(1..most_ms)
    }

    pub(super) fn recover_at(&mut self, at_ms: u64, recovery: Recovery) {
        let number = self.later.last_key_value().map_or(0, |((_, n), _)| n + 1);
        self.later.insert((at_ms, number), recovery);
    }

    /// Ends the faults whose time is over.
    pub(super) fn recover(&mut self) {
        while let Some(entry) = self.later.first_entry() {
            if entry.key().0 > self.now_ms {
                return;
            }
            let recovery = entry.remove();
            self.ledger.note("scenario", &recovery);
            match recovery {
                Recovery::Repair(node, host) => self.sim.repair(node.as_str(), host.as_str()),
                Recovery::Release(node, host) => self.sim.release(node.as_str(), host.as_str()),
                Recovery::Disk(node) => {
                    *self.nodes[node].faults.lock().unwrap() = DiskFaults::default();
                }
                Recovery::Bus(node) => {
                    if let Some((broker, _)) = &self.bus {
                        broker.mend(node);
                    }
                }
                Recovery::Open(who) => self.clients[who].act(Action::Open),
                Recovery::Online(who) => self.clients[who].does(Input::Online),
            }
        }
    }

    fn inject(&mut self, fault: Fault) {
        self.ledger.note("scenario", &fault);
        let hosts = self.hosts();
        let host = hosts[self.dice.random_range(0..hosts.len())].clone();
        let who = self.dice.random_range(0..self.clients.len());
        let at = self.some_node();
        let name = self.nodes[at].name.clone();
        match fault {
            Fault::Partition => {
                self.sim.partition(name.as_str(), host.as_str());
                let at_ms = self.lasts(15_000);
                self.recover_at(at_ms, Recovery::Repair(name, host));
            }
            Fault::Hold => {
                self.sim.hold(name.as_str(), host.as_str());
                let at_ms = self.lasts(8_000);
                self.recover_at(at_ms, Recovery::Release(name, host));
            }
            Fault::Cut => self.clients[who].act(Action::Cut),
            Fault::Kill | Fault::PowerLoss => self.kill_node(at, fault == Fault::PowerLoss),
            Fault::Stop => self.stop_node(at),
            Fault::Slow | Fault::Errors | Fault::Unknown | Fault::Full => {
                self.break_disk(at, fault);
            }
            Fault::BusCut | Fault::BusDeaf | Fault::BusMute => self.break_bus(at, fault),
            Fault::Crash => self.clients[who].act(Action::Crash),
            Fault::Absence => {
                self.clients[who].act(Action::Shut);
                let at_ms = self.lasts(20_000);
                self.recover_at(at_ms, Recovery::Open(who));
            }
            Fault::Offline => {
                self.clients[who].does(Input::Offline);
                let at_ms = self.lasts(10_000);
                self.recover_at(at_ms, Recovery::Online(who));
            }
            Fault::Flood => {
                self.faults.retain(|fault| *fault != Fault::Flood);
                self.clients[who].does(Input::Offline);
                self.bot.send(Burst {
                    room: self.rooms[0],
                    count: limits::REPLAY_ENTRIES + 50,
                });
                let at_ms = self.now_ms + FLOOD_MS;
                self.recover_at(at_ms, Recovery::Online(who));
            }
        }
    }

    fn break_bus(&mut self, at: usize, fault: Fault) {
        let Some((broker, _)) = &self.bus else { return };
        if broker.is_broken(at) {
            return;
        }
        match fault {
            Fault::BusCut => broker.cut(at),
            Fault::BusDeaf => broker.deafen(at),
            _ => broker.mute(at),
        }
        // Long enough that a probe is lost: of a shorter silence nobody can know.
        let at_ms = self.lasts(18_000) + SILENCE_MS;
        self.recover_at(at_ms, Recovery::Bus(at));
    }

    fn break_disk(&mut self, at: usize, fault: Fault) {
        {
            let mut faults = self.nodes[at].faults.lock().unwrap();
            match fault {
                Fault::Slow => {
                    faults.commit_ms = self.dice.random_range(1..1_500);
                    faults.read_ms = self.dice.random_range(1..400);
                }
                Fault::Errors => {
                    faults.fails = self.dice.random_range(1..300);
                    faults.busy = self.dice.random_range(1..300);
                    faults.unreadable = self.dice.random_range(1..200);
                }
                Fault::Unknown => faults.unknown = self.dice.random_range(1..500),
                _ => faults.fails = 1_000,
            }
        }
        let at_ms = self.lasts(10_000);
        self.recover_at(at_ms, Recovery::Disk(at));
    }
}
