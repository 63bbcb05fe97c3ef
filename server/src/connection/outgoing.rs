//! The writing half: frames are fed into one buffer and flushed together. What waits is kept outside of any future, so that
//! a `select!` may drop one at any time.

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{
    Sink as _, SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use protocol::CloseCode;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::error::{CapacityError, Error as WsError, ProtocolError};

use crate::hub::Goodbye;

/// The reading half.
pub(super) type Incoming = SplitStream<WebSocket>;

/// How long a goodbye may take to reach a peer that reads.
const GOODBYE: Duration = Duration::from_secs(2);
/// How long one may take to reach a peer that had stopped reading.
const LATE_GOODBYE: Duration = Duration::from_secs(20);

/// The connection is lost.
#[derive(Debug)]
pub(super) struct Lost;

/// See the module.
pub(super) struct Outgoing {
    sink: SplitSink<WebSocket, Message>,
    waiting: VecDeque<Message>,
    bytes: usize,
    flushed: bool,
    /// Since when nothing moved.
    since: Option<Instant>,
}

impl Outgoing {
    pub(super) const fn new(sink: SplitSink<WebSocket, Message>) -> Self {
        Self {
            sink,
            waiting: VecDeque::new(),
            bytes: 0,
            flushed: true,
            since: None,
        }
    }

    /// Puts a frame in line.
    pub(super) fn push(&mut self, frame: Utf8Bytes) {
        self.bytes += frame.len();
        self.waiting.push_back(Message::Text(frame));
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

    /// Writes what waits and flushes. May be dropped and called again.
    pub(super) async fn pump(&mut self) -> Result<(), Lost> {
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
            if let Message::Text(text) = &message {
                self.bytes -= text.len();
            }
            self.flushed = false;
            // Something moved: a slow reader is not a stuck one.
            self.since = None;
            sink.as_mut().start_send(message).map_err(|_| Lost)?;
        }
        ready!(sink.as_mut().poll_flush(cx)).map_err(|_| Lost)?;
        self.flushed = true;
        Poll::Ready(Ok(()))
    }

    /// Answers the peer's goodbye (RFC 6455, section 5.5.1).
    pub(super) async fn answer_close(&mut self) {
        // Out of time or lost: the peer is gone either way.
        drop(timeout(GOODBYE, self.sink.close()).await);
    }

    /// Says goodbye and waits a little for the peer's answer, so that what was written before is not cut off.
    pub(super) async fn finish(&mut self, goodbye: Goodbye, stream: &mut Incoming) {
        let limit = if goodbye.code == CloseCode::TooSlow {
            LATE_GOODBYE
        } else {
            GOODBYE
        };
        let close = CloseFrame {
            code: goodbye.code.code(),
            reason: Utf8Bytes::from(goodbye.reason),
        };
        self.waiting.push_back(Message::Close(Some(close)));
        let talk = async {
            self.pump().await?;
            while let Some(Ok(message)) = stream.next().await {
                if matches!(message, Message::Close(_)) {
                    break;
                }
            }
            Ok::<(), Lost>(())
        };
        // Out of time or lost: the peer is gone either way.
        drop(timeout(limit, talk).await);
    }
}

/// The close code that fits a broken frame (RFC 6455, section 7.4.1); none if the connection is simply gone.
pub(super) fn close_of(why: &axum::Error) -> Option<CloseCode> {
    use std::error::Error as _;
    let error = why
        .source()
        .and_then(|source| source.downcast_ref::<WsError>())?;
    match error {
        WsError::Capacity(CapacityError::MessageTooLong { .. }) => Some(CloseCode::TooBig),
        WsError::Utf8(_) => Some(CloseCode::InvalidPayload),
        WsError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        WsError::Protocol(_) | WsError::AttackAttempt => Some(CloseCode::Protocol),
        _ => None,
    }
}
