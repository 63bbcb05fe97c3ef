//! The real client's state machine, driven on a real socket.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use client::{Effect, Input, Link, Now, OutboxEntry, Seeded, Session, SessionConfig, TimelineItem};
use futures_util::{
    FutureExt as _, SinkExt as _, StreamExt as _,
    future::{BoxFuture, pending},
};
use protocol::{Act, RoomId, Seq, UserId};
use tokio::{
    net::TcpStream,
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, sleep_until},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use crate::{Recorder, recorder::Tape, until};

type ClientSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Connecting = BoxFuture<'static, Result<ClientSocket, Error>>;
type Probing = BoxFuture<'static, bool>;

/// What the driver shares with the test.
struct SharedSession {
    session: Session,
    /// What a browser would have in its storage.
    outbox: Vec<OutboxEntry>,
}

impl SharedSession {
    /// A step of the session, with what it puts into storage: whoever looks sees both or neither, so a message that is
    /// shown is never one that the outbox has yet to hear of.
    fn step(&mut self, input: Input, now: Now, rng: &mut Seeded) -> Vec<Effect> {
        let effects = self.session.step(input, now, rng);
        for effect in &effects {
            match effect {
                Effect::Save(entry) => {
                    self.outbox
                        .retain(|known| known.command.id != entry.command.id);
                    self.outbox.push(entry.clone());
                }
                Effect::Forget(id) => self.outbox.retain(|known| known.command.id != *id),
                _ => {}
            }
        }
        effects
    }
}

/// A client that is connected to a server: the session of the crate `client`, with a task that carries out its effects.
pub struct TestClient {
    shared: Arc<Mutex<SharedSession>>,
    inputs: mpsc::Sender<Input>,
    driver: JoinHandle<()>,
}

impl TestClient {
    /// Connects and waits for the welcome.
    pub async fn connect(url: &str, token: &str, user: UserId) -> Self {
        Self::recorded(url, token, user, None).await
    }

    /// Connects, and has every frame recorded.
    pub async fn recorded(
        url: &str,
        token: &str,
        user: UserId,
        recorder: Option<Recorder>,
    ) -> Self {
        let client = Self::start(url, token, user, recorder);
        until("a welcome", || {
            client.with(|session| session.link().is_live())
        })
        .await;
        client
    }

    fn start(url: &str, token: &str, user: UserId, recorder: Option<Recorder>) -> Self {
        let mut config = SessionConfig::new(format!("device-of-user-{:08}", user.get()), "tests");
        config.token = Some(token.to_owned());
        let session = Session::new(config);
        let shared = Arc::new(Mutex::new(SharedSession {
            session,
            outbox: Vec::new(),
        }));
        let (inputs, inbox) = mpsc::channel(1_000);
        let driver = TestDriver {
            url: url.to_owned(),
            http: reqwest::Client::new(),
            shared: Arc::clone(&shared),
            rng: randomness(),
            began: Instant::now(),
            connecting: None,
            probing: None,
            socket: None,
            wake: None,
            tape: recorder.map(|recorder| Tape::new(recorder, user)),
        };
        let driver = tokio::spawn(driver.run(inbox));
        Self {
            shared,
            inputs,
            driver,
        }
    }

    /// Calls `look` with the session, and returns what it returns.
    pub fn with<T>(&self, look: impl FnOnce(&Session) -> T) -> T {
        look(&self.shared.lock().unwrap().session)
    }

    /// Gives the session an input, such as an act of its user.
    pub async fn act(&self, input: Input) {
        self.inputs.send(input).await.unwrap();
    }

    /// Sends a message into a room.
    pub async fn say(&self, room: RoomId, text: &str) {
        self.act(Input::Act {
            room,
            act: Act::Send {
                text: text.to_owned(),
                reply_to: None,
                thread: None,
            },
        })
        .await;
    }

    /// What is shown of a room: texts with their places, in order; a gap is a text of its own.
    pub fn sees(&self, room: RoomId) -> Vec<(Seq, String)> {
        self.with(|session| {
            let Some(view) = session.room(room) else {
                return Vec::new();
            };
            view.timeline()
                .items
                .iter()
                .filter_map(|item| match item {
                    TimelineItem::Message(message) => Some((
                        message.seq.unwrap_or_default(),
                        message.text.clone().unwrap_or_default(),
                    )),
                    TimelineItem::Gap(gap) => Some((gap.after, format!("gap of {}", gap.count))),
                    TimelineItem::Note(_) => None,
                })
                .collect()
        })
    }

    /// Waits until the texts of a room are these.
    pub async fn sees_just(&self, room: RoomId, texts: &[&str]) {
        let now = || {
            self.sees(room)
                .into_iter()
                .map(|(_, text)| text)
                .collect::<Vec<_>>()
        };
        let wanted: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        until(&format!("{wanted:?}, last seen {:?}", now()), || {
            now() == wanted
        })
        .await;
    }

    /// How many commands are not acked yet.
    pub fn unacked(&self) -> usize {
        self.shared.lock().unwrap().outbox.len()
    }

    /// Waits until the connection is up.
    pub async fn is_online(&self) {
        until("to be online", || {
            self.with(|session| matches!(session.link(), Link::Online | Link::Back))
        })
        .await;
    }
}

impl Drop for TestClient {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

struct TestDriver {
    url: String,
    http: reqwest::Client,
    shared: Arc<Mutex<SharedSession>>,
    rng: Seeded,
    began: Instant,
    /// A try, which can be given up as a browser gives one up.
    connecting: Option<Connecting>,
    probing: Option<Probing>,
    socket: Option<ClientSocket>,
    wake: Option<u64>,
    tape: Option<Tape>,
}

impl TestDriver {
    async fn run(mut self, mut inbox: mpsc::Receiver<Input>) {
        self.step(Input::Start).await;
        loop {
            let wake = self.wake;
            let began = self.began;
            let input = tokio::select! {
                input = inbox.recv() => match input {
                    Some(input) => input,
                    None => return,
                },
                tried = due(&mut self.connecting) => self.tried(tried),
                ready = due(&mut self.probing) => {
                    self.probing = None;
                    Input::Probed { ready }
                }
                message = next(&mut self.socket) => self.heard(message),
                () = async {
                    match wake {
                        Some(at) => sleep_until(began + std::time::Duration::from_millis(at)).await,
                        None => pending().await,
                    }
                } => {
                    self.wake = None;
                    Input::Wake
                }
            };
            self.step(input).await;
        }
    }

    fn tried(&mut self, tried: Result<ClientSocket, Error>) -> Input {
        self.connecting = None;
        match tried {
            Ok(socket) => {
                self.socket = Some(socket);
                if let Some(tape) = &mut self.tape {
                    tape.opened();
                }
                Input::Opened
            }
            Err(_) => Input::Closed {
                code: 1006,
                reason: String::new(),
            },
        }
    }

    fn heard(&mut self, message: Option<Result<Message, Error>>) -> Input {
        match message {
            Some(Ok(Message::Text(text))) => {
                if let Some(tape) = &self.tape {
                    tape.hears(&text);
                }
                Input::Frame(text.to_string())
            }
            Some(Ok(Message::Close(frame))) => {
                self.lost();
                let (code, reason) = frame.map_or((1005, String::new()), |frame| {
                    (frame.code.into(), frame.reason.to_string())
                });
                Input::Closed { code, reason }
            }
            Some(Ok(_)) => Input::Wake,
            Some(Err(_)) | None => {
                self.lost();
                Input::Closed {
                    code: 1006,
                    reason: String::new(),
                }
            }
        }
    }

    fn lost(&mut self) {
        self.socket = None;
        if let Some(tape) = &mut self.tape {
            tape.closed();
        }
    }

    fn now(&self) -> Now {
        let mono_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap();
        Now {
            mono_ms,
            wall_ms: 1_795_400_000_000 + mono_ms,
        }
    }

    async fn step(&mut self, input: Input) {
        let now = self.now();
        let effects = self.shared.lock().unwrap().step(input, now, &mut self.rng);
        for effect in effects {
            self.carry_out(effect).await;
        }
    }

    async fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Connect => {
                let url = format!("{}/ws", self.url.replace("http", "ws"));
                self.connecting = Some(async move { Ok(connect_async(url).await?.0) }.boxed());
            }
            Effect::Probe => {
                let question = self.http.get(format!("{}/readyz", self.url));
                self.probing = Some(
                    async move {
                        let answer = question.send().await;
                        answer.is_ok_and(|answer| !answer.status().is_server_error())
                    }
                    .boxed(),
                );
            }
            Effect::Disconnect { code, reason } => {
                self.connecting = None;
                let socket = self.socket.take();
                self.lost();
                if let Some(mut socket) = socket {
                    let frame = CloseFrame {
                        code: CloseCode::from(code),
                        reason: reason.into(),
                    };
                    drop(socket.close(Some(frame)).await);
                }
            }
            Effect::Transmit(frame) => {
                if let Some(tape) = &self.tape {
                    tape.says(&frame);
                }
                if let Some(socket) = &mut self.socket {
                    // A lost socket is told by its reading half.
                    drop(socket.send(Message::text(frame.to_json())).await);
                }
            }
            Effect::WakeAt(at) => self.wake = Some(at),
            _ => {}
        }
    }
}

/// Each browser has its own, also those of one person: two that drew the same numbers would give two messages the same id
/// where they are typed in the same millisecond.
fn randomness() -> Seeded {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Seeded::new(NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn due<T>(what: &mut Option<BoxFuture<'static, T>>) -> T {
    match what {
        Some(what) => what.await,
        None => pending().await,
    }
}

async fn next(socket: &mut Option<ClientSocket>) -> Option<Result<Message, Error>> {
    match socket {
        Some(socket) => socket.next().await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests {
    use server::Clock;

    use super::*;
    use crate::TestServer;

    /// Browsers of one person.
    const BROWSERS: usize = 25;

    #[tokio::test]
    async fn what_browsers_of_one_person_say_in_the_same_millisecond_is_each_stored() {
        let server = TestServer::unlimited(None, Clock::system(), &["--sockets-per-user=0"]).await;
        let (recorder, ada) = (Recorder::default(), server.sign_up("ada").await);
        let start =
            |_| TestClient::start(&server.url, &ada.token, ada.user, Some(recorder.clone()));
        let browsers: Vec<TestClient> = (0..BROWSERS).map(start).collect();
        for browser in &browsers {
            browser.is_online().await;
        }
        let room = RoomId::new(1).unwrap();
        tokio::time::pause();
        for (n, browser) in browsers.iter().enumerate() {
            browser.say(room, &format!("from browser {n}")).await;
        }
        until("all to have said it", || {
            let checker = recorder.checker();
            let report = checker.report();
            report.commands + report.repeats == BROWSERS as u64
        })
        .await;
        assert_eq!(recorder.checker().report().repeats, 0, "ids twice");
        tokio::time::resume();
        until("all to see all of it", || {
            let all = |browser: &TestClient| browser.sees(room).len() == BROWSERS;
            browsers.iter().all(all)
        })
        .await;
        drop(browsers);
        server.judge(recorder, &[room]).await;
    }
}
