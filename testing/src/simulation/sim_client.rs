//! The real client's state machine on a host of the simulated network, in a browser that can crash and be closed.

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use client::{Effect, Input, Now, OutboxEntry, Seeded, Session, SessionConfig};
use protocol::{Act, MessageId, ServerFrame, UserId};
use tokio::{
    sync::{mpsc, oneshot},
    task::AbortHandle,
    time::{Instant, sleep_until},
};

use super::{
    EPOCH,
    doors::Doors,
    http::{self, SimRequest},
    ledger::Ledger,
    watch::ConnectionWatch,
    wire::{SimHeard, SimSocket, next},
};

/// What is done to a browser.
#[derive(Debug)]
pub enum Action {
    /// The user or the page gives the session this input.
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
    Call(SimRequest),
}

/// What the browser holds.
pub struct SimBrowser {
    /// None while the page is closed.
    pub session: Option<Session>,
    /// What its storage keeps.
    pub stored: BTreeMap<MessageId, OutboxEntry>,
    watch: ConnectionWatch,
}

impl SimBrowser {
    /// How many commands have no answer yet.
    pub fn unanswered(&self) -> usize {
        self.watch.unanswered()
    }
}

/// A handle on a client.
pub struct SimClient {
    /// The name of its host.
    pub name: String,
    /// Its user.
    pub user: UserId,
    browser: Arc<Mutex<SimBrowser>>,
    actions: mpsc::Sender<Action>,
}

impl SimClient {
    /// A client of this user, and the future that its host runs.
    pub fn new(
        name: &str,
        (user, token): (UserId, &str),
        (seed, doors): (u64, Doors),
        ledger: &Ledger,
    ) -> (Self, impl Future<Output = turmoil::Result> + use<>) {
        let browser = Arc::new(Mutex::new(SimBrowser {
            session: None,
            stored: BTreeMap::new(),
            watch: ConnectionWatch::new(user, ledger.clone()),
        }));
        let (actions, inbox) = mpsc::channel(1_000);
        let mut config = SessionConfig::new(format!("device-of-{name:-<16}"), "simulation");
        // What is checked at the end is all of a room that was looked at before another one: none of it may have been let go meanwhile.
        config.keep_open = 100_000;
        config.keep_closed = config.keep_open;
        config.token = Some(token.to_owned());
        // Small pages, so that there is something to load.
        config.page = 20;
        let driver = SimDriver {
            name: name.to_owned(),
            user,
            config,
            browser: Arc::clone(&browser),
            ledger: ledger.clone(),
            rng: Seeded::new(seed),
            doors,
            began: None,
            wire: None,
            probe: None,
            wake: None,
        };
        let client = Self {
            name: name.to_owned(),
            user,
            browser,
            actions,
        };
        (client, driver.run(inbox))
    }

    /// Its browser, locked.
    pub fn browser(&self) -> MutexGuard<'_, SimBrowser> {
        self.browser.lock().unwrap()
    }

    /// Calls `look` with the session, if the page is open.
    pub fn look<T>(&self, look: impl FnOnce(&Session) -> T) -> Option<T> {
        self.browser().session.as_ref().map(look)
    }

    /// Does something to its browser.
    pub fn act(&self, action: Action) {
        self.actions.try_send(action).unwrap();
    }

    /// Gives its session an input.
    pub fn does(&self, input: Input) {
        self.act(Action::Do(input));
    }
}

struct SimDriver {
    name: String,
    user: UserId,
    config: SessionConfig,
    browser: Arc<Mutex<SimBrowser>>,
    ledger: Ledger,
    rng: Seeded,
    doors: Doors,
    /// When its host's clock showed the simulation's start.
    began: Option<Instant>,
    wire: Option<SimSocket>,
    probe: Option<SimProbe>,
    wake: Option<u64>,
}

/// A question whether the server is ready. Dropped, it is given up.
struct SimProbe {
    answer: oneshot::Receiver<bool>,
    asking: AbortHandle,
}

impl SimProbe {
    fn start(host: String) -> Self {
        let (tell, answer) = oneshot::channel();
        let asking = tokio::spawn(async move {
            // Nobody may wait for it any more.
            let _ = tell.send(http::ready(&host).await);
        });
        Self {
            answer,
            asking: asking.abort_handle(),
        }
    }
}

impl Drop for SimProbe {
    fn drop(&mut self) {
        self.asking.abort();
    }
}

async fn answered(probe: &mut Option<SimProbe>) -> bool {
    match probe {
        Some(probe) => (&mut probe.answer).await.unwrap_or(false),
        None => pending().await,
    }
}

impl SimDriver {
    async fn run(mut self, mut inbox: mpsc::Receiver<Action>) -> turmoil::Result {
        let began = Instant::now() - turmoil::sim_elapsed().unwrap();
        self.began = Some(began);
        loop {
            let wake = self.wake;
            tokio::select! {
                biased;
                action = inbox.recv() => match action {
                    Some(action) => self.carry_out_action(action),
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

    fn carry_out_action(&mut self, action: Action) {
        if !matches!(action, Action::Do(_)) {
            self.ledger.note(&self.name, &action);
        }
        match action {
            Action::Do(input) => self.step(input),
            Action::Crash => {
                self.shut();
                self.open();
            }
            Action::Shut => self.shut(),
            Action::Open => self.open(),
            Action::Cut => {
                if self.wire.take().is_some() {
                    self.step(Input::Closed {
                        code: 1006,
                        reason: String::new(),
                    });
                }
            }
            Action::Call(call) => {
                let token = self.config.token.clone().unwrap_or_default();
                let (name, ledger) = (self.name.clone(), self.ledger.clone());
                let host = self.doors.next();
                ledger.open().asking += 1;
                tokio::spawn(async move {
                    let answer = http::call(&host, &token, &call).await;
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
        let mut browser = self.browser.lock().unwrap();
        browser.session = None;
        browser.watch.renew();
    }

    fn open(&mut self) {
        {
            let mut browser = self.browser.lock().unwrap();
            if browser.session.is_some() {
                return;
            }
            let mut session = Session::new(self.config.clone());
            session.restore(browser.stored.values().cloned().collect());
            browser.session = Some(session);
        }
        self.step(Input::Start);
    }

    fn heard(&mut self, heard: Option<SimHeard>) {
        let input = match heard {
            Some(SimHeard::Open) => Input::Opened,
            Some(SimHeard::Text(text)) => {
                let frame = ServerFrame::parse(&text).unwrap();
                self.browser.lock().unwrap().watch.heard(&frame);
                Input::Frame(text)
            }
            Some(SimHeard::Closed { code, reason }) => {
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
            let mut browser = self.browser.lock().unwrap();
            let Some(session) = &mut browser.session else {
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
        let mut browser = self.browser.lock().unwrap();
        match effect {
            Effect::Connect => {
                browser.watch.renew();
                self.wire = Some(SimSocket::open(self.doors.next()));
            }
            Effect::Probe => self.probe = Some(SimProbe::start(self.doors.next())),
            Effect::Disconnect { code, reason } => {
                if let Some(wire) = self.wire.take() {
                    wire.close(code, reason);
                }
                browser.watch.renew();
            }
            Effect::Transmit(frame) => {
                browser.watch.said(&frame);
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
                browser.stored.insert(entry.command.id, entry);
            }
            Effect::Failed(failed) => {
                let id = failed.entry.command.id;
                self.ledger.open().said.remove(&(self.user, id));
            }
            Effect::Forget(id) => {
                let kept = browser.stored.remove(&id);
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
