//! A connection that speaks HTTP: how long its peer may take to read an answer, and how it ends.

use std::{
    io::{self, IoSlice},
    mem::MaybeUninit,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Duration,
};

use super::pace::PeerPace;
use crate::{
    clock::Clock,
    network::Network,
    shares::Share,
    telemetry::{Limit, Metrics},
};

/// How long an answer may wait for a peer that takes nothing of it.
pub(super) const ANSWER_TIME: Duration = Duration::from_secs(20);
/// The least rate at which a peer must take an answer: what a bad mobile network still does.
const ANSWER_BYTES_PER_S: u32 = 1_024;
/// How long the rest of a request that was refused is passed over, so that the refusal arrives.
const LINGER: Duration = Duration::from_secs(2);
/// How much of it.
const LINGER_BYTES: usize = 1024 * 1024;

/// What the stream and the requests on it know of each other.
#[derive(Default)]
pub(super) struct Flow {
    /// Requests that began.
    requests: AtomicU64,
    /// Something was read that is not part of a whole request.
    unfinished: AtomicBool,
    /// It is no longer HTTP.
    upgraded: AtomicBool,
}

impl Flow {
    /// The head of a request is whole.
    pub(super) fn begin(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.unfinished.store(false, Ordering::Relaxed);
    }

    /// More of its body is to come.
    pub(super) fn body_follows(&self) {
        self.unfinished.store(true, Ordering::Relaxed);
    }

    /// Its body is whole as well.
    pub(super) fn body_ended(&self) {
        self.unfinished.store(false, Ordering::Relaxed);
    }

    /// What follows is no HTTP.
    pub(super) fn upgrade(&self) {
        self.upgraded.store(true, Ordering::Relaxed);
    }
}

/// What is around the stream while it speaks HTTP.
struct Watch {
    clock: Clock,
    metrics: Arc<Metrics>,
    flow: Arc<Flow>,
    /// The answer that is being written, by the number of its request.
    answer: u64,
    pace: PeerPace,
    /// How long the rest of a refused request may still take.
    linger: Option<PeerPace>,
    passed_over: usize,
    _place: Option<Share<Network>>,
}

/// A stream that ends a connection whose peer does not read its answer in time.
pub(crate) struct HttpStream<S> {
    stream: S,
    watch: Box<Watch>,
}

fn answer_pace(clock: Clock) -> PeerPace {
    PeerPace::new(clock, ANSWER_TIME, ANSWER_BYTES_PER_S)
}

impl<S> HttpStream<S> {
    pub(super) fn new(
        stream: S,
        flow: Arc<Flow>,
        clock: Clock,
        metrics: Arc<Metrics>,
        place: Option<Share<Network>>,
    ) -> Self {
        let watch = Box::new(Watch {
            clock,
            metrics,
            flow,
            answer: 0,
            pace: answer_pace(clock),
            linger: None,
            passed_over: 0,
            _place: place,
        });
        Self { stream, watch }
    }

    /// The stream alone, which is no longer bounded by what holds for HTTP.
    pub(crate) fn into_inner(self) -> S {
        self.stream
    }
}

impl Watch {
    /// What a write came to: one that waits for too long fails.
    fn wrote(
        &mut self,
        cx: &mut Context<'_>,
        wrote: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if self.flow.upgraded.load(Ordering::Relaxed) {
            return wrote;
        }
        let answer = self.flow.requests.load(Ordering::Relaxed);
        if answer != self.answer {
            self.answer = answer;
            self.pace = answer_pace(self.clock);
        }
        match wrote {
            Poll::Ready(Ok(bytes)) => self.pace.moved(bytes),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                ready!(self.pace.poll_over(cx));
                self.metrics.hit(Limit::SlowPeers);
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
        wrote
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for HttpStream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, watch } = self.get_mut();
        let before = buf.filled().len();
        let read = Pin::new(stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            watch.flow.unfinished.store(true, Ordering::Relaxed);
        }
        read
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for HttpStream<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Self { stream, watch } = self.get_mut();
        let wrote = Pin::new(stream).poll_write(cx, buf);
        watch.wrote(cx, wrote)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Self { stream, watch } = self.get_mut();
        let wrote = Pin::new(stream).poll_write_vectored(cx, bufs);
        watch.wrote(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    /// Bytes that nobody read would make the system reset the connection, and a reset overtakes the answer that was just written: who
    /// sent too much would not learn why it was refused. So our side is shut first, and what still comes is passed over for a while.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, watch } = self.get_mut();
        ready!(Pin::new(&mut *stream).poll_shutdown(cx))?;
        let flow = &watch.flow;
        if flow.upgraded.load(Ordering::Relaxed) || !flow.unfinished.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        let clock = watch.clock;
        let linger = watch
            .linger
            .get_or_insert_with(|| PeerPace::new(clock, LINGER, u32::MAX));
        let mut bytes = [MaybeUninit::uninit(); 4096];
        while watch.passed_over < LINGER_BYTES {
            let mut buffer = ReadBuf::uninit(&mut bytes);
            match Pin::new(&mut *stream).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    watch.passed_over += buffer.filled().len();
                }
                Poll::Ready(_) => break,
                Poll::Pending => {
                    ready!(linger.poll_over(cx));
                    break;
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}
