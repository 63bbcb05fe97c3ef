//! The two halves of a connection that was upgraded. Nearly always it is a TCP socket: then nothing stands between a half and the
//! socket. A test's own network goes through what hyper and tokio have for any stream.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf, ReadHalf, WriteHalf},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use crate::serve::HttpStream;

/// Any stream; boxed, since few are.
type AnyStream = TokioIo<Upgraded>;

/// The half that is read.
#[derive(Debug)]
pub(super) enum SocketReader {
    Tcp(OwnedReadHalf),
    Any(Box<ReadHalf<AnyStream>>),
}

/// The half that is written.
#[derive(Debug)]
pub(super) enum Sink {
    Tcp(OwnedWriteHalf),
    Any(Box<WriteHalf<AnyStream>>),
}

/// Both halves, and what the peer sent right behind its request.
pub(super) fn split(upgraded: Upgraded) -> (SocketReader, Sink, Vec<u8>) {
    let tcp = |stream: TcpStream, begun: &[u8]| {
        let (read, write) = stream.into_split();
        (SocketReader::Tcp(read), Sink::Tcp(write), begun.to_vec())
    };
    // Ours, or axum's.
    let upgraded = match upgraded.downcast::<TokioIo<HttpStream<TcpStream>>>() {
        Ok(parts) => return tcp(parts.io.into_inner().into_inner(), &parts.read_buf),
        Err(upgraded) => upgraded,
    };
    match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => tcp(parts.io.into_inner(), &parts.read_buf),
        Err(upgraded) => {
            let (read, write) = tokio::io::split(TokioIo::new(upgraded));
            let (read, write) = (Box::new(read), Box::new(write));
            (SocketReader::Any(read), Sink::Any(write), Vec::new())
        }
    }
}

impl Sink {
    /// Writes what can be written at once; nobody is woken once more can be.
    pub(super) fn write_now(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(half) => half.try_write(bytes),
            Self::Any(half) => {
                let cx = &mut Context::from_waker(Waker::noop());
                match Pin::new(half).poll_write(cx, bytes) {
                    Poll::Ready(wrote) => wrote,
                    Poll::Pending => Ok(0),
                }
            }
        }
    }
}

impl AsyncRead for SocketReader {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(half) => Pin::new(half).poll_read(cx, buf),
            Self::Any(half) => Pin::new(half).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Sink {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(half) => Pin::new(half).poll_write(cx, buf),
            Self::Any(half) => Pin::new(half).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(half) => Pin::new(half).poll_flush(cx),
            Self::Any(half) => Pin::new(half).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(half) => Pin::new(half).poll_shutdown(cx),
            Self::Any(half) => Pin::new(half).poll_shutdown(cx),
        }
    }
}
