//! A bot that pipelines: it sends many messages of a room without waiting, and the same ones again after every lost connection.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use protocol::{
    Act, ClientFrame, CloseCode, Command, ErrorCode, Hello, MessageId, Nack, Ping, RoomId, Seq,
    ServerFrame, UserId, VERSION,
};
use tokio::{
    sync::mpsc,
    time::{Instant, interval},
};

use super::{
    EPOCH,
    doors::Doors,
    ledger::Ledger,
    watch::ConnectionWatch,
    wire::{SimHeard, SimSocket, next},
};

/// How often it looks for what to do: connect, send again, ping.
const TICK: Duration = Duration::from_millis(700);
/// A connection that says nothing for so long is given up.
const SILENCE: Duration = Duration::from_secs(8);

/// Messages that a bot sends without waiting.
#[derive(Debug)]
pub struct Burst {
    /// The room that they are sent into.
    pub room: RoomId,
    /// How many there are.
    pub count: u64,
}

/// A handle on a bot: a client that pipelines its messages.
pub struct Bot {
    bursts: mpsc::Sender<Burst>,
    state: Arc<Mutex<Pipe>>,
}

struct Pipe {
    unacked: Vec<Command>,
    watch: ConnectionWatch,
}

impl Bot {
    /// A bot of this user, and the future that its host runs.
    pub fn new(
        (user, token): (UserId, &str),
        doors: Doors,
        ledger: &Ledger,
    ) -> (Self, impl Future<Output = turmoil::Result> + use<>) {
        let state = Arc::new(Mutex::new(Pipe {
            unacked: Vec::new(),
            watch: ConnectionWatch::new(user, ledger.clone()),
        }));
        let (bursts, inbox) = mpsc::channel(1_000);
        let driver = BotDriver {
            token: token.to_owned(),
            doors,
            state: Arc::clone(&state),
            ledger: ledger.clone(),
            minted: 0,
            wire: None,
            welcomed: false,
            heard_at: Instant::now(),
            flying: BTreeSet::new(),
            fresh: Vec::new(),
        };
        (Self { bursts, state }, driver.run(inbox))
    }

    /// Has it send messages.
    pub fn send(&self, burst: Burst) {
        self.bursts.try_send(burst).unwrap();
    }

    /// Whether all that it sent is acked.
    pub fn is_done(&self) -> bool {
        let state = self.state.lock().unwrap();
        state.unacked.is_empty() && state.watch.unanswered() == 0
    }
}

/// A message that was first sent over the connection of now.
struct FirstSent {
    id: MessageId,
    room: RoomId,
    seq: Option<Seq>,
}

struct BotDriver {
    token: String,
    doors: Doors,
    state: Arc<Mutex<Pipe>>,
    ledger: Ledger,
    minted: u64,
    wire: Option<SimSocket>,
    welcomed: bool,
    heard_at: Instant,
    /// Sent over the connection of now and not answered.
    flying: BTreeSet<MessageId>,
    fresh: Vec<FirstSent>,
}

impl BotDriver {
    async fn run(mut self, mut inbox: mpsc::Receiver<Burst>) -> turmoil::Result {
        let mut tick = interval(TICK);
        loop {
            tokio::select! {
                biased;
                burst = inbox.recv() => match burst {
                    Some(burst) => self.burst(&burst),
                    None => return Ok(()),
                },
                heard = next(&mut self.wire) => self.heard(heard),
                _ = tick.tick() => self.tick(),
            }
        }
    }

    fn burst(&mut self, burst: &Burst) {
        self.ledger.note("bot", burst);
        for _ in 0..burst.count {
            self.minted += 1;
            let id = MessageId::mint(EPOCH, u128::from(self.minted) << 32 | 0xb07);
            let send = Command {
                id,
                room: burst.room,
                act: Act::Send {
                    text: format!("bot {}", self.minted),
                    reply_to: None,
                    thread: None,
                },
            };
            if self.welcomed {
                self.fresh.push(FirstSent {
                    id,
                    room: burst.room,
                    seq: None,
                });
            }
            self.state.lock().unwrap().unacked.push(send);
        }
        self.send_all();
    }

    fn say(&self, frame: &ClientFrame) {
        self.state.lock().unwrap().watch.said(frame);
        if let Some(wire) = &self.wire {
            wire.say(frame.to_json());
        }
    }

    /// Sends, in order, what is not on its way.
    fn send_all(&mut self) {
        if !self.welcomed {
            return;
        }
        let unacked = self.state.lock().unwrap().unacked.clone();
        for send in unacked {
            if self.flying.insert(send.id) {
                self.say(&ClientFrame::Command(send));
            }
        }
    }

    fn tick(&mut self) {
        let silent = self.heard_at.elapsed() > SILENCE;
        if self.wire.is_none() || silent {
            self.lost();
            self.heard_at = Instant::now();
            self.wire = Some(SimSocket::open(self.doors.next()));
        } else if self.welcomed {
            self.say(&ClientFrame::Ping(Ping { n: 1 }));
            self.send_all();
        }
    }

    fn lost(&mut self) {
        self.wire = None;
        self.welcomed = false;
        self.flying.clear();
        self.fresh.clear();
        self.state.lock().unwrap().watch.renew();
    }

    fn heard(&mut self, heard: Option<SimHeard>) {
        self.heard_at = Instant::now();
        self.ledger.note("bot", &heard);
        match heard {
            Some(SimHeard::Open) => {
                let hello = Hello {
                    v: VERSION,
                    device: "device-of-the-bot".to_owned(),
                    client: "bot".to_owned(),
                    token: Some(self.token.clone()),
                    resume: None,
                };
                self.say(&ClientFrame::Hello(hello));
            }
            Some(SimHeard::Text(text)) => self.frame(&ServerFrame::parse(&text).unwrap()),
            Some(SimHeard::Closed { code, .. }) => {
                if !CloseCode::should_reconnect(code) {
                    self.ledger.wrong(format!("the bot was closed with {code}"));
                }
                self.lost();
            }
            None => self.lost(),
        }
    }

    fn frame(&mut self, frame: &ServerFrame) {
        self.state.lock().unwrap().watch.heard(frame);
        match frame {
            ServerFrame::Welcome(_) => {
                self.welcomed = true;
                self.send_all();
            }
            ServerFrame::Ack(ack) => {
                self.flying.remove(&ack.id);
                self.state
                    .lock()
                    .unwrap()
                    .unacked
                    .retain(|send| send.id != ack.id);
                self.place(ack.id, ack.seq);
            }
            ServerFrame::Nack(nack) => self.refused(nack),
            _ => {}
        }
    }

    fn refused(&mut self, nack: &Nack) {
        if !matches!(nack.code, ErrorCode::Unavailable | ErrorCode::Overloaded) {
            self.ledger.wrong(format!("the bot was refused: {nack:?}"));
        }
        // It goes out again after the ones behind it, so its place says nothing.
        self.flying.remove(&nack.id);
        self.fresh.retain(|fresh| fresh.id != nack.id);
    }

    /// What one connection sends into a room is stored in the order it was sent.
    fn place(&mut self, id: MessageId, seq: Seq) {
        let Some(at) = self.fresh.iter().position(|fresh| fresh.id == id) else {
            return;
        };
        let room = self.fresh[at].room;
        self.fresh[at].seq = Some(seq);
        let wrong = self.fresh.iter().enumerate().any(|(other, fresh)| {
            fresh.room == room
                && fresh
                    .seq
                    .is_some_and(|placed| placed.cmp(&seq) != other.cmp(&at))
        });
        if wrong {
            self.ledger
                .wrong(format!("{id} at {seq} is not where it was sent"));
        }
    }
}
