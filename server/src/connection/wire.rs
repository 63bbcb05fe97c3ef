//! A WebSocket between its handshake and its last byte: how much it may take, what is heard of it, and how it ends. Who
//! speaks through it, and what about, is not known here: the chat does, and so does the echo that test suites are run against.

use std::{
    future::poll_fn,
    io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::StreamExt as _;
use hyper::upgrade::Upgraded;
use protocol::{CloseCode, limits::FRAME_BYTES};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message, Utf8Bytes,
        error::{CapacityError, Error, ProtocolError},
        protocol::{Role, WebSocketConfig},
    },
};

use super::{
    halves::{Sink, SocketReader, split},
    outgoing::Outgoing,
};
use crate::hub::Frame;

/// Bytes that a connection reserves to read: small, since thousands sit idle. Pings and most of what people say fit.
const READ_BUFFER: usize = 256;
/// Bytes that are read ahead of the first message's frames.
const AHEAD: usize = 1024;

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
        let (read, sink, begun) = split(upgraded);
        let ahead = Ahead {
            bytes: begun,
            left: 0,
        };
        let ear = FrameReader {
            read,
            ahead: Some(Box::new(ahead)),
        };
        Self {
            out: Outgoing::new(sink),
            incoming: Incoming::new(ear, Vec::new(), options).await,
        }
    }
}

/// What tungstenite reads from. Its own answers to pings and closes are discarded: [`Outgoing`] sends those that [`Incoming`] makes, and has the only way out,
/// so that frames which many connections share are written as they are, and no connection keeps a buffer for them.
#[derive(Debug)]
struct FrameReader {
    read: SocketReader,
    /// Until the first message is there.
    ahead: Option<Box<Ahead>>,
}

/// Bytes that were read from the socket and not handed on. tungstenite gets them up to the end of one frame at a time, so that its buffer
/// holds nothing else and can be dropped with the frame.
#[derive(Debug)]
struct Ahead {
    bytes: Vec<u8>,
    /// Bytes of the frame that is being handed on that are still to come.
    left: u64,
}

impl Ahead {
    /// Fills `buf`, or tells that more must be read first.
    fn hand_on(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        if self.left == 0 {
            self.left = frame_bytes(&self.bytes).unwrap_or_default();
        }
        let most = self.bytes.len().min(buf.remaining());
        let count = usize::try_from(self.left).map_or(most, |left| left.min(most));
        buf.put_slice(&self.bytes[..count]);
        self.bytes.drain(..count);
        self.left -= count as u64;
        count > 0
    }
}

/// How long a frame is, by how it begins (RFC 6455, section 5.2); none where that is not all here.
fn frame_bytes(begin: &[u8]) -> Option<u64> {
    let second = begin.get(1)?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (head, payload) = match second & 0x7f {
        126 => (
            4,
            u16::from_be_bytes(begin.get(2..4)?.try_into().ok()?).into(),
        ),
        127 => (10, u64::from_be_bytes(begin.get(2..10)?.try_into().ok()?)),
        short => (2, short.into()),
    };
    Some(payload.saturating_add(head + mask))
}

impl AsyncRead for FrameReader {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { read, ahead } = self.get_mut();
        let Some(ahead) = ahead else {
            return Pin::new(read).poll_read(cx, buf);
        };
        while !ahead.hand_on(buf) {
            let mut more = [0; AHEAD];
            let mut more = ReadBuf::new(&mut more);
            ready!(Pin::new(&mut *read).poll_read(cx, &mut more))?;
            if more.filled().is_empty() {
                // The end, in the middle of a frame's head perhaps.
                ahead.left = ahead.bytes.len() as u64;
                ahead.hand_on(buf);
                break;
            }
            ahead.bytes.extend_from_slice(more.filled());
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for FrameReader {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// The reading half.
#[derive(Debug)]
pub struct Incoming(WebSocketStream<FrameReader>);

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireEvent {
    /// A text frame.
    Text(Utf8Bytes),
    /// A binary frame.
    Binary(Bytes),
    /// A ping, and the pong that it wants.
    Ping(Frame),
    /// A pong.
    Pong,
    /// The peer's goodbye, and the answer that it wants (RFC 6455, section 5.5.1).
    Closed(Frame),
    /// What the protocol forbids, and the code that it is closed with (section 7.4.1).
    Broken(CloseCode),
    /// Nothing, and nothing more will come.
    Lost,
}

impl Incoming {
    async fn new(ear: FrameReader, begun: Vec<u8>, options: Options) -> Self {
        let config = Some(options.config());
        Self(WebSocketStream::from_partially_read(ear, begun, Role::Server, config).await)
    }

    /// After `hello`, which is the longest that most connections ever say: makes the stream anew, so that its large buffer is freed.
    pub async fn begun(self, options: Options) -> Self {
        let FrameReader { read, ahead } = self.0.into_inner();
        let begun = ahead.map(|ahead| ahead.bytes).unwrap_or_default();
        Self::new(FrameReader { read, ahead: None }, begun, options).await
    }

    /// What comes next. May be dropped and called again.
    pub async fn next(&mut self) -> WireEvent {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => WireEvent::Text(text),
            Some(Ok(Message::Binary(bytes))) => WireEvent::Binary(bytes),
            Some(Ok(Message::Ping(payload))) => WireEvent::Ping(Frame::pong(&payload)),
            // Whole frames are written only, never read.
            Some(Ok(Message::Pong(_) | Message::Frame(_))) => WireEvent::Pong,
            Some(Ok(Message::Close(why))) => {
                let why = why.as_ref();
                let why = why.map(|why| (u16::from(why.code), why.reason.as_str()));
                WireEvent::Closed(Frame::close(why))
            }
            Some(Err(why)) => close_of(&why).map_or(WireEvent::Lost, WireEvent::Broken),
            None => WireEvent::Lost,
        }
    }

    /// Until the peer has said goodbye, or will not.
    pub(super) async fn goodbye(&mut self) {
        while let WireEvent::Text(_) | WireEvent::Binary(_) | WireEvent::Ping(_) | WireEvent::Pong =
            self.next().await
        {}
    }

    /// Ends the stream below. Bytes that nobody read would make the system reset it, and a reset overtakes the goodbye that was
    /// just written: the peer would see a lost connection, and come back with the very frame that it was closed for. So our
    /// side is shut first, and what still comes is passed over until the peer shuts its own (RFC 6455, section 7.1.1).
    pub(super) async fn part(self, mut sink: Sink) {
        let mut read = self.0.into_inner().read;
        if sink.shutdown().await.is_ok() {
            poll_fn(|cx| pass_over(&mut read, cx)).await;
        }
    }
}

/// Reads until there is no more. The buffer lives only while something is read: an idle connection has none.
fn pass_over(io: &mut SocketReader, cx: &mut Context<'_>) -> Poll<()> {
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
