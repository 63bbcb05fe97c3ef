//! A client that sends many messages and does not give up.

use std::{collections::VecDeque, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::{
    Ack, Act, ClientFrame, Command, ErrorCode, Hello, MessageId, RoomId, ServerFrame, UserId,
};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::{PATIENCE, Raw, Recorder, id};

/// Sooner than the server asks for, but below what it takes for a flood.
const SOON: Duration = Duration::from_millis(150);

/// The error that the connection of a [`Sender`] was lost.
#[derive(Debug)]
pub struct ConnectionLost(
    /// The close code, if there was a close frame.
    pub Option<u16>,
);

/// A client that sends messages into the first room; what is not acked is sent again, with the same id and in the same order.
pub struct Sender {
    url: String,
    token: String,
    user: UserId,
    recorder: Recorder,
    raw: Option<(Raw, checker::ConnectionId)>,
    /// Messages that are not acked yet, in order.
    pub pending: Vec<(MessageId, String)>,
    /// How often a message was refused for a while, and had to be sent again.
    pub put_off: u64,
    /// All acks so far, in order.
    pub acked: Vec<Ack>,
    /// What was put off, and goes out again at this time.
    again: VecDeque<(Instant, MessageId)>,
}

impl Sender {
    /// A sender for this user, which is not connected yet.
    pub fn new(url: &str, token: &str, user: UserId, recorder: &Recorder) -> Self {
        Self {
            url: url.to_owned(),
            token: token.to_owned(),
            user,
            recorder: recorder.clone(),
            raw: None,
            pending: Vec::new(),
            put_off: 0,
            acked: Vec::new(),
            again: VecDeque::new(),
        }
    }

    /// Connects, and sends what is pending.
    pub async fn connect(&mut self) -> Result<(), ConnectionLost> {
        let mut raw = Raw::try_open(&self.url, &[])
            .await
            .map_err(|_| ConnectionLost(None))?;
        let connection = self.recorder.opened(self.user);
        let hello = ClientFrame::Hello(Hello {
            v: 1,
            device: "0123456789abcdef".to_owned(),
            client: "sender".to_owned(),
            token: Some(self.token.clone()),
            resume: None,
        });
        self.recorder.says(connection, &hello);
        let said = raw.0.send(Message::text(hello.to_json())).await;
        self.raw = Some((raw, connection));
        if said.is_err() {
            return self.lost(None);
        }
        while !matches!(self.hear().await?, ServerFrame::Welcome(_)) {}
        self.again.clear();
        for (id, text) in self.pending.clone() {
            self.transmit(id, text).await?;
        }
        Ok(())
    }

    /// Sends a message, and does not wait.
    pub async fn send(&mut self, text: &str) -> Result<(), ConnectionLost> {
        let id = id();
        self.pending.push((id, text.to_owned()));
        self.transmit(id, text.to_owned()).await
    }

    /// Reads frames until everything is acked.
    pub async fn settle(&mut self) -> Result<(), ConnectionLost> {
        while !self.pending.is_empty() {
            self.hear().await?;
        }
        Ok(())
    }

    /// Reads one frame. What is refused for a while is sent again soon.
    pub async fn hear(&mut self) -> Result<ServerFrame, ConnectionLost> {
        let frame = loop {
            let due = self.again.front().map(|(at, _)| *at);
            let Some((raw, connection)) = &mut self.raw else {
                return Err(ConnectionLost(None));
            };
            let heard = tokio::select! {
                heard = timeout(PATIENCE, raw.0.next()) => heard.expect("a frame in time"),
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    let (_, id) = self.again.pop_front().unwrap();
                    let again = self.pending.iter().find(|(known, _)| *known == id).cloned();
                    if let Some((id, text)) = again {
                        self.transmit(id, text).await?;
                    }
                    continue;
                }
            };
            match heard {
                Some(Ok(Message::Text(text))) => {
                    let connection = *connection;
                    self.recorder.hears(connection, &text);
                    break ServerFrame::parse(&text).unwrap();
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(frame))) => {
                    return self.lost(frame.map(|frame| frame.code.into()));
                }
                _ => return self.lost(None),
            }
        };
        match &frame {
            ServerFrame::Ack(ack) => {
                self.pending.retain(|(id, _)| *id != ack.id);
                self.acked.push(*ack);
            }
            ServerFrame::Nack(nack) => {
                assert!(
                    nack.code.is_worth_a_retry() && nack.code != ErrorCode::RateLimited,
                    "{nack:?}"
                );
                self.put_off += 1;
                self.again.push_back((Instant::now() + SOON, nack.id));
            }
            _ => {}
        }
        Ok(frame)
    }

    async fn transmit(&mut self, id: MessageId, text: String) -> Result<(), ConnectionLost> {
        let frame = ClientFrame::Command(Command {
            id,
            room: RoomId::new(1).unwrap(),
            act: Act::Send {
                text,
                reply_to: None,
                thread: None,
            },
        });
        let Some((raw, connection)) = &mut self.raw else {
            return Err(ConnectionLost(None));
        };
        self.recorder.says(*connection, &frame);
        if raw.0.send(Message::text(frame.to_json())).await.is_err() {
            return self.lost(None);
        }
        Ok(())
    }

    fn lost<T>(&mut self, code: Option<u16>) -> Result<T, ConnectionLost> {
        if let Some((_, connection)) = self.raw.take() {
            self.recorder.closed(connection);
        }
        Err(ConnectionLost(code))
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        drop(self.lost::<()>(None));
    }
}
