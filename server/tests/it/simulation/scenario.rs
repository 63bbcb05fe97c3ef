//! A server, some clients, a bot, and a bad network between them: one run, as its seed says.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use client::Input;
use futures_util::FutureExt as _;
use protocol::{RoomId, RoomKind, UserId, rights::Who};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use server::{
    Secret,
    parts::{Audience, Subject, Tokens},
    store::{Accounts as _, Done, NewSignIn, Reply, SignUp, Store as _, Write},
};
use testing::{
    memory::MemoryStore,
    simulation::{
        Action, Bot, DiskFaults, EPOCH, FaultyDisk, Ledger, SimClient, SimServer, first_panic,
        watch_panics,
    },
};
use turmoil::Sim;

use super::plan::Fault;

/// Longer than any run.
const LONG_S: u64 = 100_000;
/// How long a stop may take (contract, SIGTERM).
const STOP_MS: u64 = 25_000;

/// How the server is.
#[derive(Clone, Copy, Debug)]
pub(super) enum ServerState {
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

/// What ends a fault.
#[derive(Clone, Debug)]
pub(super) enum Recovery {
    Repair(String),
    Release(String),
    Disk,
    Open(usize),
    Online(usize),
}

pub(super) struct Scenario {
    pub(super) sim: Sim<'static>,
    pub(super) dice: StdRng,
    pub(super) ledger: Ledger,
    pub(super) disk_faults: Arc<Mutex<DiskFaults>>,
    pub(super) store: Arc<MemoryStore>,
    pub(super) clients: Vec<SimClient>,
    pub(super) bot: Bot,
    pub(super) rooms: Vec<RoomId>,
    pub(super) server_state: ServerState,
    pub(super) now_ms: u64,
    pub(super) later: BTreeMap<(u64, usize), Recovery>,
    pub(super) server: SimServer,
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

/// Runs the scenario of a seed; tells its trace, or what went wrong.
pub(super) fn run(seed: u64, print: bool) -> Result<Traced, String> {
    watch_panics();
    let mut scenario = Scenario::new(seed, print);
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
    fn new(seed: u64, print: bool) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let ledger = Ledger::default();
        ledger.open().print = print;
        let disk_faults = Arc::new(Mutex::new(DiskFaults::default()));
        let store = Arc::new(MemoryStore::on(FaultyDisk {
            faults: Arc::clone(&disk_faults),
            dice: StdRng::seed_from_u64(dice.random()),
            ledger: ledger.clone(),
        }));
        let secret = Secret::random(&mut dice);
        let server = SimServer::new(Arc::clone(&store), secret.clone(), seed);
        let mut sim = turmoil::Builder::new()
            .simulation_duration(Duration::from_secs(LONG_S))
            .tick_duration(Duration::from_millis(pick(&mut dice, &[10, 20, 50, 50])))
            .min_message_latency(Duration::from_millis(1))
            .max_message_latency(Duration::from_millis(pick(&mut dice, &[20, 100, 100, 400])))
            .rng_seed(dice.random())
            .build();
        let starting = server.clone();
        sim.host("server", move || starting.clone().serve());
        let users = dice.random_range(2..=4);
        let (rooms, tokens) = set_up(&store, &Tokens::new(&secret), users + 1);
        let mut clients = Vec::new();
        for device in 0..=users {
            // The first user has two clients.
            let (user, token) = &tokens[device % users];
            let name = format!("{}-{device}", NAMES[device % users]);
            let (client, future) = SimClient::new(&name, (*user, token), dice.random(), &ledger);
            sim.client(name, future);
            clients.push(client);
        }
        let (user, token) = &tokens[users];
        let (bot, future) = Bot::new((*user, token), &ledger);
        sim.client("bot", future);
        let faults = Fault::some(&mut dice);
        Self {
            sim,
            dice,
            ledger,
            disk_faults,
            store,
            clients,
            bot,
            rooms,
            server_state: ServerState::Up,
            now_ms: 0,
            later: BTreeMap::new(),
            server,
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
        self.heal();
        self.settle()?;
        self.check()
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
        self.mind_server()?;
        self.sim
            .step()
            .map_err(|why| format!("a host failed: {why}"))?;
        self.now_ms = u64::try_from(self.sim.elapsed().as_millis()).unwrap();
        let mut book = self.ledger.open();
        book.now_ms = self.now_ms;
        let wrong = book.wrong.first().cloned().or_else(first_panic);
        wrong.map_or(Ok(()), Err)
    }

    fn mind_server(&mut self) -> Result<(), String> {
        match self.server_state {
            ServerState::Stopping { since_ms } if !self.sim.is_host_running("server") => {
                if self.now_ms - since_ms > STOP_MS {
                    return Err("the server took too long to stop".to_owned());
                }
                let pause_ms = self.dice.random_range(0..3_000);
                self.server_state = ServerState::Down {
                    until_ms: self.now_ms + pause_ms,
                };
            }
            ServerState::Dying { since_ms, until_ms } if since_ms < self.now_ms => {
                self.sim.crash("server");
                self.store.crash(&mut self.dice).unwrap();
                self.server_state = ServerState::Down { until_ms };
            }
            ServerState::Down { until_ms } if until_ms <= self.now_ms => {
                self.ledger.note("server", &"starts");
                // What a queue that was not emptied in time left behind is as good as crashed.
                self.store.crash(&mut self.dice).unwrap();
                self.sim.bounce("server");
                self.server_state = ServerState::Up;
            }
            ServerState::Up if !self.sim.is_host_running("server") => {
                return Err("the server died".to_owned());
            }
            _ => {}
        }
        Ok(())
    }

    /// Ends all faults.
    fn heal(&mut self) {
        self.ledger.note("scenario", &"heals");
        *self.disk_faults.lock().unwrap() = DiskFaults::default();
        self.later.clear();
        for host in self.hosts() {
            self.sim.release("server", host.as_str());
            self.sim.repair("server", host.as_str());
        }
        for client in &self.clients {
            client.act(Action::Open);
            for input in [Input::Online, Input::Visible, Input::TryNow] {
                client.does(input);
            }
        }
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
