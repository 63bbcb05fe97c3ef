//! A WebSocket between its handshake and its last byte: how much it may take, what is heard of it, and how it ends. Who
//! speaks through it, and what about, is not known here: the chat does, and so does the echo that test suites are run against.

use std::{
    future::poll_fn,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::{
    StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use protocol::{CloseCode, limits::FRAME_BYTES};
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message, Utf8Bytes,
        error::{CapacityError, Error, ProtocolError},
        protocol::{Role, WebSocketConfig},
    },
};

use super::outgoing::Outgoing;

/// Bytes that a connection reserves to read: small, since thousands sit idle.
const READ_BUFFER: usize = 1024;
/// Several events share one write up to this.
const WRITE_BUFFER: usize = 16 * 1024;
/// Most bytes of one frame that goes out: a page of 100 messages of 8,000 characters each fits. What waits behind it is
/// bounded by the connection itself.
const MOST_WRITE_BUFFER: usize = 8 * 1024 * 1024;

type Socket = WebSocketStream<TokioIo<Upgraded>>;
pub(super) type Sink = SplitSink<Socket, Message>;

/// How much a connection may take; the contract's own by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Most bytes of a message that comes in, whole or in fragments; more is closed with 1009.
    pub message_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            message_bytes: FRAME_BYTES,
        }
    }
}

impl Options {
    fn config(self) -> WebSocketConfig {
        WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            // An answer as large as what was said fits, too.
            .max_write_buffer_size(MOST_WRITE_BUFFER.max(self.message_bytes + 2 * WRITE_BUFFER))
            .max_message_size(Some(self.message_bytes))
            .max_frame_size(Some(self.message_bytes))
    }
}

/// A connection that is open; its halves work beside each other.
#[derive(Debug)]
pub struct Wire {
    /// The writing half.
    pub out: Outgoing,
    /// The reading half.
    pub incoming: Incoming,
}

impl Wire {
    pub(super) async fn new(upgraded: Upgraded, options: Options) -> Self {
        let io = TokioIo::new(upgraded);
        let socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(options.config()));
        let (sink, stream) = socket.await.split();
        Self {
            out: Outgoing::new(sink),
            incoming: Incoming(stream),
        }
    }
}

/// The reading half.
#[derive(Debug)]
pub struct Incoming(SplitStream<Socket>);

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A text.
    Text(Utf8Bytes),
    /// Bytes.
    Binary(Bytes),
    /// A ping, which is answered by itself, or a pong.
    Sign,
    /// The peer's goodbye: it expects an answer (RFC 6455, section 5.5.1).
    Closed,
    /// What the protocol forbids, and the code that it is closed with (section 7.4.1).
    Broken(CloseCode),
    /// Nothing, and nothing more will come.
    Lost,
}

impl Incoming {
    /// What comes next. May be dropped and called again.
    pub async fn next(&mut self) -> Heard {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Heard::Text(text),
            Some(Ok(Message::Binary(bytes))) => Heard::Binary(bytes),
            // Whole frames are written only, never read.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Heard::Sign,
            Some(Ok(Message::Close(_))) => Heard::Closed,
            Some(Err(why)) => close_of(&why).map_or(Heard::Lost, Heard::Broken),
            None => Heard::Lost,
        }
    }

    /// Until the peer has said goodbye, or will not.
    pub(super) async fn goodbye(&mut self) {
        while let Heard::Text(_) | Heard::Binary(_) | Heard::Sign = self.next().await {}
    }

    /// Ends the stream below. Bytes that nobody read would make the system reset it, and a reset overtakes the goodbye that was
    /// just written: the peer would see a lost connection, and come back with the very frame that it was closed for. So our
    /// side is shut first, and what still comes is passed over until the peer shuts its own (RFC 6455, section 7.1.1).
    pub(super) async fn part(self, sink: Sink) {
        let Ok(socket) = self.0.reunite(sink) else {
            return;
        };
        let mut io = socket.into_inner();
        let shut = poll_fn(|cx| Pin::new(&mut io).poll_shutdown(cx)).await;
        if shut.is_ok() {
            poll_fn(|cx| pass_over(&mut io, cx)).await;
        }
    }
}

/// Reads until there is no more. The buffer lives only while something is read: an idle connection has none.
fn pass_over(io: &mut TokioIo<Upgraded>, cx: &mut Context<'_>) -> Poll<()> {
    let mut bytes = [MaybeUninit::uninit(); 4096];
    loop {
        let mut buffer = ReadBuf::uninit(&mut bytes);
        let read = ready!(Pin::new(&mut *io).poll_read(cx, &mut buffer));
        if read.is_err() || buffer.filled().is_empty() {
            return Poll::Ready(());
        }
    }
}

/// The close code that fits a broken frame (RFC 6455, section 7.4.1); none if the connection is simply gone.
fn close_of(why: &Error) -> Option<CloseCode> {
    match why {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => Some(CloseCode::TooBig),
        Error::Utf8(_) => Some(CloseCode::InvalidPayload),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        Error::Protocol(_) | Error::AttackAttempt => Some(CloseCode::Protocol),
        _ => None,
    }
}
