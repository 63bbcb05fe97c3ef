//! Somebody with the real client machine, on a host of the simulated network: a browser that can crash and be closed.

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use client::{Config, Effect, Input, Now, OutboxEntry, Seeded, Session};
use protocol::{Act, MessageId, ServerFrame, UserId};
use tokio::{
    sync::{mpsc, oneshot},
    task::AbortHandle,
    time::{Instant, sleep_until},
};

use super::{
    http::{self, Call},
    ledger::Ledger,
    watch::Watch,
    wire::{Heard, Wire, next},
    world::EPOCH,
};

/// What is done to a browser.
#[derive(Debug)]
pub(super) enum Deed {
    /// The person, or the page, does this.
    Do(Input),
    /// The page crashes and is loaded again: its storage is what is left.
    Crash,
    /// The page is closed.
    Shut,
    /// The page is opened again.
    Open,
    /// The connection breaks.
    Cut,
    /// A request over HTTP.
    Call(Call),
}

/// What the browser holds.
pub(super) struct Life {
    /// None while the page is closed.
    pub(super) session: Option<Session>,
    /// What its storage keeps.
    pub(super) stored: BTreeMap<MessageId, OutboxEntry>,
    pub(super) watch: Watch,
}

/// A handle on a person's browser.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) user: UserId,
    life: Arc<Mutex<Life>>,
    deeds: mpsc::Sender<Deed>,
}

impl Person {
    /// A person, and what runs on its host.
    pub(super) fn new(
        name: &str,
        (user, token): (UserId, &str),
        seed: u64,
        ledger: &Ledger,
    ) -> (Self, impl Future<Output = turmoil::Result> + use<>) {
        let life = Arc::new(Mutex::new(Life {
            session: None,
            stored: BTreeMap::new(),
            watch: Watch::new(user, ledger.clone()),
        }));
        let (deeds, inbox) = mpsc::channel(1_000);
        let mut config = Config::new(format!("device-of-{name:-<16}"), "simulation");
        config.token = Some(token.to_owned());
        // Small pages, so that there is something to load.
        config.page = 20;
        let driver = Driver {
            name: name.to_owned(),
            user,
            config,
            life: Arc::clone(&life),
            ledger: ledger.clone(),
            rng: Seeded::new(seed),
            began: None,
            wire: None,
            probe: None,
            wake: None,
        };
        let person = Self {
            name: name.to_owned(),
            user,
            life,
            deeds,
        };
        (person, driver.run(inbox))
    }

    pub(super) fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap()
    }

    /// Looks at the session, if the page is open.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Session) -> T) -> Option<T> {
        self.life().session.as_ref().map(look)
    }

    pub(super) fn act(&self, deed: Deed) {
        self.deeds.try_send(deed).unwrap();
    }

    pub(super) fn does(&self, input: Input) {
        self.act(Deed::Do(input));
    }
}

struct Driver {
    name: String,
    user: UserId,
    config: Config,
    life: Arc<Mutex<Life>>,
    ledger: Ledger,
    rng: Seeded,
    /// When its host's clock showed the simulation's start.
    began: Option<Instant>,
    wire: Option<Wire>,
    probe: Option<Probe>,
    wake: Option<u64>,
}

/// A question whether the server is ready. Dropped, it is given up.
struct Probe {
    answer: oneshot::Receiver<bool>,
    asking: AbortHandle,
}

impl Probe {
    fn start() -> Self {
        let (tell, answer) = oneshot::channel();
        let asking = tokio::spawn(async move {
            // Nobody may wait for it any more.
            let _ = tell.send(http::ready().await);
        });
        Self {
            answer,
            asking: asking.abort_handle(),
        }
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.asking.abort();
    }
}

async fn answered(probe: &mut Option<Probe>) -> bool {
    match probe {
        Some(probe) => (&mut probe.answer).await.unwrap_or(false),
        None => pending().await,
    }
}

impl Driver {
    async fn run(mut self, mut inbox: mpsc::Receiver<Deed>) -> turmoil::Result {
        let began = Instant::now() - turmoil::sim_elapsed().unwrap();
        self.began = Some(began);
        loop {
            let wake = self.wake;
            tokio::select! {
                biased;
                deed = inbox.recv() => match deed {
                    Some(deed) => self.suffer(deed),
                    None => return Ok(()),
                },
                heard = next(&mut self.wire) => self.heard(heard),
                ready = answered(&mut self.probe) => {
                    self.probe = None;
                    self.step(Input::Probed { ready });
                }
                () = async {
                    match wake {
                        Some(at) => sleep_until(began + Duration::from_millis(at)).await,
                        None => pending().await,
                    }
                } => {
                    self.wake = None;
                    self.step(Input::Wake);
                }
            }
        }
    }

    fn suffer(&mut self, deed: Deed) {
        if !matches!(deed, Deed::Do(_)) {
            self.ledger.note(&self.name, &deed);
        }
        match deed {
            Deed::Do(input) => self.step(input),
            Deed::Crash => {
                self.shut();
                self.open();
            }
            Deed::Shut => self.shut(),
            Deed::Open => self.open(),
            Deed::Cut => {
                if self.wire.take().is_some() {
                    self.step(Input::Closed {
                        code: 1006,
                        reason: String::new(),
                    });
                }
            }
            Deed::Call(call) => {
                let token = self.config.token.clone().unwrap_or_default();
                let (name, ledger) = (self.name.clone(), self.ledger.clone());
                ledger.open().asking += 1;
                tokio::spawn(async move {
                    let answer = http::call(&token, &call).await;
                    ledger.note(&name, &answer);
                    ledger.open().asking -= 1;
                });
            }
        }
    }

    fn shut(&mut self) {
        self.wire = None;
        self.probe = None;
        self.wake = None;
        let mut life = self.life.lock().unwrap();
        life.session = None;
        life.watch.renew();
    }

    fn open(&mut self) {
        {
            let mut life = self.life.lock().unwrap();
            if life.session.is_some() {
                return;
            }
            let mut session = Session::new(self.config.clone());
            session.restore(life.stored.values().cloned().collect());
            life.session = Some(session);
        }
        self.step(Input::Start);
    }

    fn heard(&mut self, heard: Option<Heard>) {
        let input = match heard {
            Some(Heard::Open) => Input::Opened,
            Some(Heard::Text(text)) => {
                let frame = ServerFrame::parse(&text).unwrap();
                self.life.lock().unwrap().watch.heard(&frame);
                Input::Frame(text)
            }
            Some(Heard::Closed { code, reason }) => {
                self.wire = None;
                Input::Closed { code, reason }
            }
            None => {
                self.wire = None;
                return;
            }
        };
        self.step(input);
    }

    fn step(&mut self, input: Input) {
        let Some(began) = self.began else { return };
        let mono_ms = u64::try_from(began.elapsed().as_millis()).unwrap();
        let now = Now {
            mono_ms,
            wall_ms: EPOCH + mono_ms,
        };
        let effects = {
            let mut life = self.life.lock().unwrap();
            let Some(session) = &mut life.session else {
                return;
            };
            self.ledger.note(&self.name, &input);
            session.step(input, now, &mut self.rng)
        };
        for effect in effects {
            self.ledger.note(&self.name, &effect);
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        let mut life = self.life.lock().unwrap();
        match effect {
            Effect::Connect => {
                life.watch.renew();
                self.wire = Some(Wire::open());
            }
            Effect::Probe => self.probe = Some(Probe::start()),
            Effect::Disconnect { code, reason } => {
                if let Some(wire) = self.wire.take() {
                    wire.close(code, reason);
                }
                life.watch.renew();
            }
            Effect::Transmit(frame) => {
                life.watch.said(&frame);
                if let Some(wire) = &self.wire {
                    wire.say(frame.to_json());
                }
            }
            Effect::WakeAt(at) => self.wake = Some(at),
            Effect::Save(entry) => {
                if let (Act::Send { .. }, None) = (&entry.command.act, &entry.failed) {
                    self.ledger
                        .open()
                        .said
                        .insert((self.user, entry.command.id));
                }
                life.stored.insert(entry.command.id, entry);
            }
            Effect::Failed(failed) => {
                let id = failed.entry.command.id;
                self.ledger.open().said.remove(&(self.user, id));
            }
            Effect::Forget(id) => {
                let kept = life.stored.remove(&id);
                if kept.is_none() {
                    let name = &self.name;
                    self.ledger
                        .wrong(format!("{name} forgot {id}, which was not kept"));
                }
            }
            _ => {}
        }
    }
}
