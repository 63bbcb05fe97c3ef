//! What people do, and what is done to them: one throw of the dice after the other.

use client::Input;
use protocol::limits;
use rand::{Rng as _, rngs::StdRng};

use super::{
    bot::Burst,
    disk::Weather,
    habits,
    http::Call,
    person::Deed,
    world::{Relief, Server, World, pick},
};

/// How long somebody is away while very much is said.
const FLOOD_MS: u64 = 5_000;

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

/// A process that is told to end is gone after so many milliseconds: two of the longest ticks.
const GONE_MS: u64 = 100;

impl Fault {
    /// The faults of one life: not all at once, so that none hides another.
    pub(super) fn some(dice: &mut StdRng) -> Vec<Self> {
        let mut some = ALL.to_vec();
        some.retain(|_| dice.random_bool(0.4));
        // A long life: few of them are enough.
        if dice.random_bool(0.03) {
            some.push(Self::Flood);
        }
        some
    }
}

impl World {
    /// The next thing that happens.
    pub(super) fn act(&mut self) {
        if !self.suffers.is_empty() && self.dice.random_bool(0.06) {
            let fault = self.suffers[self.dice.random_range(0..self.suffers.len())];
            return self.suffer(fault);
        }
        match self.dice.random_range(0..100) {
            0..10 => {
                let room = self.rooms[self.dice.random_range(0..2)];
                let count = self.dice.random_range(1..12);
                self.bot.send(Burst { room, count });
            }
            10..20 => self.call(),
            _ => self.person_acts(),
        }
    }

    fn person_acts(&mut self) {
        let who = self.dice.random_range(0..self.people.len());
        let Self { people, dice, .. } = self;
        let person = &people[who];
        let Some(rooms) = person.look(|session| {
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
        let inputs = person
            .look(|session| habits::inputs(session, room, person.user, dice))
            .unwrap_or_default();
        for input in inputs {
            person.does(input);
        }
    }

    fn call(&mut self) {
        let who = self.dice.random_range(0..self.people.len());
        let user = self.people[who].user;
        let other = self.people[self.dice.random_range(0..self.people.len())].user;
        let room = pick(&mut self.dice, &self.rooms);
        let attic = self.rooms[1];
        let number = self.dice.random_range(0..1_000);
        let call = match self.dice.random_range(0..12) {
            0..3 => Call::Join(attic),
            3..5 => Call::Leave(attic, user),
            5 => Call::Leave(self.rooms[2], other),
            6..8 => Call::Add(self.rooms[2], other),
            8 => Call::Make(
                pick(&mut self.dice, &["public", "private"]),
                format!("room {number}"),
            ),
            9 => Call::Direct(vec![other]),
            _ => Call::Topic(room, format!("topic {number}")),
        };
        self.people[who].act(Deed::Call(call));
    }

    fn lasts(&mut self, most_ms: u64) -> u64 {
        self.now_ms + self.dice.random_range(1..most_ms)
    }

    fn relieve_at(&mut self, at_ms: u64, relief: Relief) {
        let number = self.later.last_key_value().map_or(0, |((_, n), _)| n + 1);
        self.later.insert((at_ms, number), relief);
    }

    /// Ends the faults whose time is over.
    pub(super) fn relieve(&mut self) {
        while let Some(entry) = self.later.first_entry() {
            if entry.key().0 > self.now_ms {
                return;
            }
            let relief = entry.remove();
            self.ledger.note("world", &relief);
            match relief {
                Relief::Repair(host) => self.sim.repair("server", host.as_str()),
                Relief::Release(host) => self.sim.release("server", host.as_str()),
                Relief::Weather => *self.weather.lock().unwrap() = Weather::default(),
                Relief::Open(who) => self.people[who].act(Deed::Open),
                Relief::Online(who) => self.people[who].does(Input::Online),
            }
        }
    }

    fn suffer(&mut self, fault: Fault) {
        self.ledger.note("world", &fault);
        let hosts = self.hosts();
        let host = hosts[self.dice.random_range(0..hosts.len())].clone();
        let who = self.dice.random_range(0..self.people.len());
        match fault {
            Fault::Partition => {
                self.sim.partition("server", host.as_str());
                let at_ms = self.lasts(15_000);
                self.relieve_at(at_ms, Relief::Repair(host));
            }
            Fault::Hold => {
                self.sim.hold("server", host.as_str());
                let at_ms = self.lasts(8_000);
                self.relieve_at(at_ms, Relief::Release(host));
            }
            Fault::Cut => self.people[who].act(Deed::Cut),
            Fault::Kill | Fault::PowerLoss => self.kill(fault == Fault::PowerLoss),
            Fault::Stop => {
                if let Server::Up = self.server {
                    self.house.stop.borrow().cancel();
                    self.server = Server::Stopping {
                        since_ms: self.now_ms,
                    };
                }
            }
            Fault::Slow | Fault::Errors | Fault::Unknown | Fault::Full => self.cloud(fault),
            Fault::Crash => self.people[who].act(Deed::Crash),
            Fault::Absence => {
                self.people[who].act(Deed::Shut);
                let at_ms = self.lasts(20_000);
                self.relieve_at(at_ms, Relief::Open(who));
            }
            Fault::Offline => {
                self.people[who].does(Input::Offline);
                let at_ms = self.lasts(10_000);
                self.relieve_at(at_ms, Relief::Online(who));
            }
            Fault::Flood => {
                self.suffers.retain(|fault| *fault != Fault::Flood);
                self.people[who].does(Input::Offline);
                self.bot.send(Burst {
                    room: self.rooms[0],
                    count: limits::REPLAY_ENTRIES + 50,
                });
                let at_ms = self.now_ms + FLOOD_MS;
                self.relieve_at(at_ms, Relief::Online(who));
            }
        }
    }

    /// The server's process ends at once. When the power is lost, nobody is told of it.
    fn kill(&mut self, power: bool) {
        if let Server::Down { .. } | Server::Dying { .. } = self.server {
            return;
        }
        // The network comes back only after the process is gone: what its tasks send when they are dropped, in an order that no
        // seed decides, must reach nobody.
        let until_ms = self.lasts(5_000).max(self.now_ms + GONE_MS);
        if power {
            for host in self.hosts() {
                self.sim.partition("server", host.as_str());
                self.relieve_at(until_ms, Relief::Repair(host));
            }
        } else {
            self.house.kill.borrow().cancel();
        }
        let since_ms = self.now_ms;
        self.server = Server::Dying { since_ms, until_ms };
    }

    fn cloud(&mut self, fault: Fault) {
        {
            let mut weather = self.weather.lock().unwrap();
            match fault {
                Fault::Slow => {
                    weather.commit_ms = self.dice.random_range(1..1_500);
                    weather.read_ms = self.dice.random_range(1..400);
                }
                Fault::Errors => {
                    weather.fails = self.dice.random_range(1..300);
                    weather.busy = self.dice.random_range(1..300);
                    weather.unreadable = self.dice.random_range(1..200);
                }
                Fault::Unknown => weather.unknown = self.dice.random_range(1..500),
                _ => weather.fails = 1_000,
            }
        }
        let at_ms = self.lasts(10_000);
        self.relieve_at(at_ms, Relief::Weather);
    }
}
