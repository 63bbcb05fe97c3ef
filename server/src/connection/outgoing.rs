//! The writing half: frames are fed into one buffer and flushed together. What waits is kept outside of any future, so that
//! a `select!` may drop one at any time.

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Sink as _, SinkExt as _};
use protocol::CloseCode;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{
        CloseFrame,
        frame::{
            Frame,
            coding::{Data, OpCode},
        },
    },
};

use super::wire::{Incoming, Sink};
use crate::hub::Goodbye;

/// How long a goodbye may take to reach a peer that reads.
const GOODBYE: Duration = Duration::from_secs(2);
/// How long one may take to reach a peer that had stopped reading.
const LATE_GOODBYE: Duration = Duration::from_secs(20);

/// The connection is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

/// See the module.
#[derive(Debug)]
pub struct Outgoing {
    sink: Sink,
    waiting: VecDeque<Message>,
    bytes: usize,
    flushed: bool,
    /// Frames that left since somebody asked.
    written: u64,
    /// Since when nothing moved.
    since: Option<Instant>,
}

impl Outgoing {
    pub(super) const fn new(sink: Sink) -> Self {
        Self {
            sink,
            waiting: VecDeque::new(),
            bytes: 0,
            flushed: true,
            written: 0,
            since: None,
        }
    }

    /// Puts a text in line. It is UTF-8, as its writer knows: many connections share its bytes, and none looks again.
    pub fn push(&mut self, text: impl Into<Bytes>) {
        self.put(text.into(), Data::Text);
    }

    /// Puts bytes in line.
    pub fn push_binary(&mut self, bytes: Bytes) {
        self.put(bytes, Data::Binary);
    }

    fn put(&mut self, bytes: Bytes, kind: Data) {
        self.bytes += bytes.len();
        let frame = Frame::message(bytes, OpCode::Data(kind), true);
        self.waiting.push_back(Message::Frame(frame));
    }

    /// Bytes that wait.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Frames that wait.
    pub(super) fn frames(&self) -> usize {
        self.waiting.len()
    }

    /// Whether everything is out.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.flushed
    }

    /// When the peer must have taken something; none if nothing waits.
    pub(super) fn deadline(&mut self, now: Instant, stall: Duration) -> Option<Instant> {
        if self.is_idle() {
            self.since = None;
            return None;
        }
        Some(*self.since.get_or_insert(now) + stall)
    }

    /// Frames that left since this was asked last.
    pub(super) const fn take_written(&mut self) -> u64 {
        std::mem::replace(&mut self.written, 0)
    }

    /// Writes what waits and flushes. May be dropped and called again.
    pub async fn pump(&mut self) -> Result<(), Lost> {
        let done = poll_fn(|cx| self.poll_pump(cx)).await;
        self.since = None;
        done
    }

    fn poll_pump(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Lost>> {
        let mut sink = std::pin::Pin::new(&mut self.sink);
        while !self.waiting.is_empty() {
            ready!(sink.as_mut().poll_ready(cx)).map_err(|_| Lost)?;
            let Some(message) = self.waiting.pop_front() else {
                break;
            };
            if let Message::Frame(frame) = &message {
                self.bytes -= frame.payload().len();
            }
            self.flushed = false;
            // Something moved: a slow reader is not a stuck one.
            self.since = None;
            sink.as_mut().start_send(message).map_err(|_| Lost)?;
            self.written += 1;
        }
        ready!(sink.as_mut().poll_flush(cx)).map_err(|_| Lost)?;
        self.flushed = true;
        Poll::Ready(Ok(()))
    }

    /// Answers the peer's goodbye (RFC 6455, section 5.5.1).
    pub async fn answer_close(mut self, incoming: Incoming) {
        let talk = async {
            if self.sink.close().await.is_ok() {
                incoming.part(self.sink).await;
            }
        };
        // Out of time or lost: the peer is gone either way.
        drop(timeout(GOODBYE, talk).await);
    }

    /// Says goodbye and waits a little for the peer's answer, so that what was written before is not cut off.
    pub async fn finish(mut self, goodbye: Goodbye, mut incoming: Incoming) {
        let limit = if goodbye.code == CloseCode::TooSlow {
            LATE_GOODBYE
        } else {
            GOODBYE
        };
        let close = CloseFrame {
            code: goodbye.code.code().into(),
            reason: goodbye.reason.into(),
        };
        self.waiting.push_back(Message::Close(Some(close)));
        let talk = async {
            self.pump().await?;
            incoming.goodbye().await;
            incoming.part(self.sink).await;
            Ok::<(), Lost>(())
        };
        // Out of time or lost: the peer is gone either way.
        drop(timeout(limit, talk).await);
    }
}
