//! Somebody who sends much and does not give up: what is not acked is sent again, with the same id, in the same order.

use std::{collections::VecDeque, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::{
    Ack, Act, ClientFrame, Command, ErrorCode, Hello, MessageId, RoomId, ServerFrame, UserId,
};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::{PATIENCE, Raw, Recorder, id};

/// Sooner than the server asks for, but below what it takes for a flood.
const SOON: Duration = Duration::from_millis(150);

/// The connection is gone: with this close code, or none.
#[derive(Debug)]
pub(crate) struct Lost(#[expect(dead_code, reason = "a test that fails shows it")] Option<u16>);

pub(crate) struct Sender {
    url: String,
    token: String,
    user: UserId,
    recorder: Recorder,
    raw: Option<(Raw, checker::ConnectionId)>,
    /// Not acked yet, in order.
    pub(crate) pending: Vec<(MessageId, String)>,
    /// Refusals that were worth a retry.
    pub(crate) put_off: u64,
    pub(crate) acked: Vec<Ack>,
    /// What was put off, and goes out again at this time.
    again: VecDeque<(Instant, MessageId)>,
}

impl Sender {
    pub(crate) fn new(url: &str, token: &str, user: UserId, recorder: &Recorder) -> Self {
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
    pub(crate) async fn connect(&mut self) -> Result<(), Lost> {
        let mut raw = Raw::try_open(&self.url, &[])
            .await
            .map_err(|_| Lost(None))?;
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
    pub(crate) async fn send(&mut self, text: &str) -> Result<(), Lost> {
        let id = id();
        self.pending.push((id, text.to_owned()));
        self.transmit(id, text.to_owned()).await
    }

    /// Hears until everything is acked.
    pub(crate) async fn settle(&mut self) -> Result<(), Lost> {
        while !self.pending.is_empty() {
            self.hear().await?;
        }
        Ok(())
    }

    /// Hears one frame. What is refused for a while goes out again soon.
    pub(crate) async fn hear(&mut self) -> Result<ServerFrame, Lost> {
        let frame = loop {
            let due = self.again.front().map(|(at, _)| *at);
            let Some((raw, connection)) = &mut self.raw else {
                return Err(Lost(None));
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

    async fn transmit(&mut self, id: MessageId, text: String) -> Result<(), Lost> {
        let frame = ClientFrame::Command(Command {
            id,
            room: RoomId::new(1).unwrap(),
            act: Act::Send {
                text,
                reply_to: None,
            },
        });
        let Some((raw, connection)) = &mut self.raw else {
            return Err(Lost(None));
        };
        self.recorder.says(*connection, &frame);
        if raw.0.send(Message::text(frame.to_json())).await.is_err() {
            return self.lost(None);
        }
        Ok(())
    }

    fn lost<T>(&mut self, code: Option<u16>) -> Result<T, Lost> {
        if let Some((_, connection)) = self.raw.take() {
            self.recorder.closed(connection);
        }
        Err(Lost(code))
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        drop(self.lost::<()>(None));
    }
}
