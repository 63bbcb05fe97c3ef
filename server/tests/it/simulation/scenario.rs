//! A server or several, some clients, a bot, and a bad network between them: one run, as its seed says.

use std::{collections::BTreeMap, time::Duration};

use client::Input;
use futures_util::FutureExt as _;
use protocol::{RoomId, RoomKind, Seq, UserId, rights::Who};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use server::{
    parts::{Audience, Subject, Tokens},
    store::{Accounts as _, Done, NewSignIn, Reply, SignUp, Store as _, Write},
};
use testing::{
    memory::MemoryStore,
    simulation::{
        Action, Bot, DiskFaults, Doors, EPOCH, Ledger, SimBroker, SimClient, first_panic,
        watch_panics,
    },
};
use turmoil::Sim;

use super::{
    lag::Lag,
    nodes::{BusKind, Node, NodeState, nodes},
    plan::Fault,
};

/// Longer than any run.
const LONG_S: u64 = 100_000;
/// How long everybody may take to come back after the faults, before it is looked who is late.
const COME_BACK_MS: u64 = 8_000;
/// How long people talk after that, over a bus that is as it is.
const TALK_MS: u64 = 20_000;
/// What ends a fault.
#[derive(Clone, Debug)]
pub(super) enum Recovery {
    Repair(String, String),
    Release(String, String),
    Disk(usize),
    Bus(usize),
    Open(usize),
    Online(usize),
}

pub(super) struct Scenario {
    pub(super) sim: Sim<'static>,
    pub(super) dice: StdRng,
    pub(super) ledger: Ledger,
    pub(super) store: MemoryStore,
    pub(super) clients: Vec<SimClient>,
    pub(super) bot: Bot,
    pub(super) rooms: Vec<RoomId>,
    pub(super) nodes: Vec<Node>,
    /// Between the nodes, where there are several.
    pub(super) bus: Option<(SimBroker, BusKind)>,
    pub(super) lag: Lag,
    pub(super) now_ms: u64,
    pub(super) later: BTreeMap<(u64, usize), Recovery>,
    /// Who is to be shut out.
    pub(super) to_ban: Option<UserId>,
    /// Who is shut out, and where the rooms' logs ended then.
    pub(super) banned: Option<(UserId, BTreeMap<RoomId, Seq>)>,
    /// The kinds of fault of this run.
    pub(super) faults: Vec<Fault>,
}

/// A run's result: the hash of its trace and the number of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traced {
    pub(super) hash: u64,
    pub(super) lines: u64,
    pub(super) virtual_ms: u64,
}

/// Runs the scenario of a seed with so many nodes; tells its trace, or what went wrong.
pub(super) fn run(seed: u64, count: usize, print: bool) -> Result<Traced, String> {
    watch_panics();
    let mut scenario = Scenario::new(seed, count, print);
    let end = scenario.run();
    let book = scenario.ledger.open();
    end.map_err(|why| format!("{why}\nat {} ms, after\n{}", book.now_ms, book.tail()))?;
    Ok(Traced {
        hash: book.hash(),
        lines: book.lines,
        virtual_ms: book.now_ms,
    })
}

/// What a store on a perfect disk answers at once.
pub(super) fn now<T>(answer: impl Future<Output = T>) -> T {
    answer.now_or_never().unwrap()
}

impl Scenario {
    pub(super) fn new(seed: u64, count: usize, print: bool) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let ledger = Ledger::default();
        ledger.open().print = print;
        let mut nodes = nodes(count, seed, (&mut dice, &ledger));
        let store = nodes[0].plain_store();
        let mut sim = turmoil::Builder::new()
            .simulation_duration(Duration::from_secs(LONG_S))
            .tick_duration(Duration::from_millis(pick(&mut dice, &[10, 20, 50, 50])))
            .min_message_latency(Duration::from_millis(1))
            .max_message_latency(Duration::from_millis(pick(&mut dice, &[20, 100, 100, 400])))
            .rng_seed(dice.random())
            .build();
        let bus = (count > 1).then(|| {
            let kind = BusKind::any(&mut dice);
            ledger.note("bus", &kind);
            let faults = kind.faults(&mut dice);
            (SimBroker::new(faults, dice.random(), ledger.clone()), kind)
        });
        for (at, node) in nodes.iter_mut().enumerate() {
            if let Some((broker, _)) = &bus {
                node.among(broker, at);
            }
            let starting = node.server.clone();
            sim.host(node.name.as_str(), move || starting.clone().serve());
        }
        let names: Vec<String> = nodes.iter().map(|node| node.name.clone()).collect();
        let doors = |at: usize| Doors::new(names.clone(), seed ^ (at as u64 + 1) << 48);
        let users = dice.random_range(2..=4);
        let tokens = Tokens::new(nodes[0].server.secret());
        let (rooms, tokens) = set_up(nodes[0].store(), &tokens, users + 1);
        let mut clients = Vec::new();
        for device in 0..=users {
            // The first user has two clients.
            let (user, token) = &tokens[device % users];
            let name = format!("{}-{device}", NAMES[device % users]);
            let (client, future) = {
                let chance = (dice.random(), doors(device));
                SimClient::new(&name, (*user, token), chance, &ledger)
            };
            sim.client(name, future);
            clients.push(client);
        }
        let (user, token) = &tokens[users];
        let (bot, future) = Bot::new((*user, token), doors(users + 1), &ledger);
        sim.client("bot", future);
        let mut faults = Fault::some(&mut dice);
        if let Some((_, BusKind::Silent)) = bus {
            faults.extend(Fault::OF_THE_BUS);
        }
        // Neither the owner, nor the bot, which has no client.
        let to_ban = dice.random_bool(0.2).then(|| clients[1].user);
        Self {
            to_ban,
            banned: None,
            sim,
            dice,
            ledger,
            store,
            clients,
            bot,
            rooms,
            nodes,
            bus,
            lag: Lag::default(),
            now_ms: 0,
            later: BTreeMap::new(),
            faults,
        }
    }

    fn run(&mut self) -> Result<(), String> {
        for client in &self.clients {
            client.act(Action::Open);
        }
        self.advance(1_000)?;
        let trouble_ms = self.dice.random_range(8_000..30_000);
        while self.now_ms < 1_000 + trouble_ms {
            self.act();
            let pause_ms = self.dice.random_range(0..400);
            self.advance(pause_ms)?;
        }
        self.heal()?;
        if let Some((_, kind)) = self.bus {
            self.go_on_over(kind)?;
        }
        self.settle()?;
        self.check()
    }

    /// Nothing but the bus lies any more: people talk on, and nobody may lack for long what is stored.
    fn go_on_over(&mut self, kind: BusKind) -> Result<(), String> {
        let most_ms = kind.most_late_ms();
        self.faults = match kind {
            BusKind::Silent => Fault::OF_THE_BUS.to_vec(),
            _ => Vec::new(),
        };
        self.faults.push(Fault::Cut);
        // Everybody comes back first.
        self.advance(COME_BACK_MS)?;
        let end_ms = self.now_ms + most_ms + TALK_MS;
        while self.now_ms < end_ms {
            self.act();
            let pause_ms = self.dice.random_range(0..400);
            self.advance(pause_ms)?;
            self.watch_lag(most_ms)?;
        }
        self.heal()?;
        self.hush(kind)
    }

    /// Lets time pass.
    pub(super) fn advance(&mut self, ms: u64) -> Result<(), String> {
        let end_ms = self.now_ms + ms;
        while self.now_ms < end_ms {
            self.step()?;
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), String> {
        self.recover();
        self.mind_nodes()?;
        self.sim
            .step()
            .map_err(|why| format!("a host failed: {why}"))?;
        self.now_ms = u64::try_from(self.sim.elapsed().as_millis()).unwrap();
        self.watch_ban();
        let mut book = self.ledger.open();
        book.now_ms = self.now_ms;
        let wrong = book.wrong.first().cloned().or_else(first_panic);
        wrong.map_or(Ok(()), Err)
    }

    /// Ends all faults but those that a bus has all the time. A process that dies is gone first: what its tasks send when they are dropped must
    /// reach nobody.
    fn heal(&mut self) -> Result<(), String> {
        let dies = |node: &Node| matches!(node.state, NodeState::Dying { .. });
        while self.nodes.iter().any(dies) {
            self.step()?;
        }
        self.ledger.note("scenario", &"heals");
        self.later.clear();
        let hosts = self.hosts();
        for (at, node) in self.nodes.iter().enumerate() {
            *node.faults.lock().unwrap() = DiskFaults::default();
            for host in &hosts {
                self.sim.release(node.name.as_str(), host.as_str());
                self.sim.repair(node.name.as_str(), host.as_str());
            }
            if let Some((broker, _)) = &self.bus {
                broker.mend(at);
            }
        }
        for client in &self.clients {
            client.act(Action::Open);
            for input in [Input::Online, Input::Visible, Input::TryNow] {
                client.does(input);
            }
        }
        Ok(())
    }

    /// The clients of those who are not shut out.
    pub(super) fn let_in(&self) -> impl Iterator<Item = &SimClient> {
        let banned = self.banned.as_ref().map(|(user, _)| *user);
        let clients = self.clients.iter();
        clients.filter(move |client| Some(client.user) != banned)
    }

    pub(super) fn hosts(&self) -> Vec<String> {
        let clients = self.clients.iter().map(|client| client.name.clone());
        clients.chain(["bot".to_owned()]).collect()
    }
}

pub(super) fn pick<T: Copy>(dice: &mut StdRng, all: &[T]) -> T {
    all[dice.random_range(0..all.len())]
}

const NAMES: [&str; 5] = ["ada", "wren", "zhou", "noor", "iris"];

/// An account, signed in; its access token.
fn sign_up(commit: impl Fn(Write) -> Done, tokens: &Tokens, name: &str) -> (UserId, String) {
    let account = SignUp {
        name: name.to_owned(),
        display_name: name.to_uppercase(),
        password: String::new(),
        invite: None,
        open: true,
        now: EPOCH,
    };
    let Reply::Account { user, .. } = commit(Write::CreateAccount(account)).reply else {
        unreachable!("an account was made")
    };
    let device = "0123456789abcdef";
    let new = NewSignIn {
        user,
        device: device.to_owned(),
        label: String::new(),
        address: String::new(),
        now: EPOCH,
        expires_at: EPOCH + LONG_S * 1_000,
    };
    let Reply::SignedIn(begun) = commit(Write::SignIn(new)).reply else {
        unreachable!("a sign-in began")
    };
    let subject = Subject {
        user,
        sign_in: begun.id,
        device,
    };
    let token = tokens.make(Audience::Access, subject, EPOCH, LONG_S, None);
    (user, token.unwrap())
}

/// Accounts, rooms and sign-ins, without a password hashed: a pool of threads would follow no seed.
fn set_up(
    store: &MemoryStore,
    tokens: &Tokens,
    users: usize,
) -> (Vec<RoomId>, Vec<(UserId, String)>) {
    let commit = |write: Write| {
        now(store.commit([write].into()))
            .unwrap()
            .remove(0)
            .unwrap()
    };
    let signed_in: Vec<(UserId, String)> = NAMES[..users]
        .iter()
        .map(|name| sign_up(commit, tokens, name))
        .collect();
    let owner = now(store.account(signed_in[0].0)).unwrap().unwrap();
    let who = Who {
        id: owner.id,
        role: owner.role,
    };
    let mut rooms = vec![RoomId::new(1).unwrap()];
    for (name, kind) in [("attic", RoomKind::Public), ("cellar", RoomKind::Private)] {
        let Done {
            reply: Reply::Room { room, .. },
            ..
        } = commit(Write::CreateRoom {
            who,
            kind,
            name: name.to_owned(),
            topic: String::new(),
            now: EPOCH,
        })
        else {
            unreachable!("a room was made")
        };
        rooms.push(room);
    }
    let bot = signed_in[users - 1].0;
    for (room, user) in [(rooms[1], bot), (rooms[2], signed_in[1].0)] {
        // A public room is joined by oneself, a private one is opened by who is in it.
        let asks = if room == rooms[1] { user } else { owner.id };
        let role = now(store.account(asks)).unwrap().unwrap().role;
        commit(Write::Join {
            who: Who { id: asks, role },
            room,
            user,
            now: EPOCH,
        });
    }
    (rooms, signed_in)
}
