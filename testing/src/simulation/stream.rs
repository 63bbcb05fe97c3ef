//! The server's ends of its connections, which can be cut in the order in which they began.
//!
//! A process that is killed drops its tasks in an order that depends on how many tasks other runs of this test started;
//! what each of them sends in farewell would be decided by that, and no seed would replay.

use std::{
    io::{Error, ErrorKind, Result},
    pin::Pin,
    sync::{Arc, Mutex, Weak},
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use turmoil::net::TcpStream;

type Slot = Mutex<Option<TcpStream>>;

/// All connections of a server; none any more once they were cut.
#[derive(Clone)]
pub(super) struct Streams(Arc<Mutex<Option<Vec<Weak<Slot>>>>>);

impl Streams {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Some(Vec::new()))))
    }

    /// One more. Whoever was let in after the cut, in the moment that is left to the process, is cut too.
    pub(super) fn add(&self, stream: TcpStream) -> SimStream {
        let slot = Arc::new(Mutex::new(Some(stream)));
        match &mut *self.0.lock().unwrap() {
            Some(all) => {
                all.retain(|slot| slot.strong_count() > 0);
                all.push(Arc::downgrade(&slot));
            }
            None => drop(slot.lock().unwrap().take()),
        }
        SimStream(slot)
    }

    /// Cuts them all, as the kernel does when their process ends.
    pub(super) fn cut(&self) {
        for slot in self.0.lock().unwrap().take().into_iter().flatten() {
            if let Some(slot) = slot.upgrade() {
                drop(slot.lock().unwrap().take());
            }
        }
    }
}

/// One of them.
pub(super) struct SimStream(Arc<Slot>);

impl SimStream {
    fn with<T>(&self, act: impl FnOnce(Pin<&mut TcpStream>) -> Poll<Result<T>>) -> Poll<Result<T>> {
        match &mut *self.0.lock().unwrap() {
            Some(stream) => act(Pin::new(stream)),
            None => Poll::Ready(Err(Error::from(ErrorKind::ConnectionAborted))),
        }
    }
}

impl AsyncRead for SimStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        self.with(|stream| stream.poll_read(cx, buf))
    }
}

impl AsyncWrite for SimStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.with(|stream| stream.poll_write(cx, buf))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.with(|stream| stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.with(|stream| stream.poll_shutdown(cx))
    }
}
