//! The writing half: frames that wait are written together, and flushed once. What waits is kept outside of any future, so
//! that a `select!` may drop one at any time.

use std::{
    cell::RefCell,
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use protocol::CloseCode;
use tokio::{
    io::AsyncWrite as _,
    time::{Instant, timeout},
};

use super::{halves::Sink, wire::Incoming};
use crate::hub::{Frame, Goodbye};

/// How long a goodbye may take to reach a peer that reads.
const GOODBYE: Duration = Duration::from_secs(2);
/// How long one may take to reach a peer that had stopped reading.
const LATE_GOODBYE: Duration = Duration::from_secs(20);
/// Bytes of several frames that go into one write.
const WRITE_BYTES: usize = 64 * 1024;

thread_local! {
    /// Where frames are put together for one write: a thread writes to one connection at a time, so none needs its own.
    static TOGETHER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The connection is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

/// The sink of a connection, and the frames that wait for it.
#[derive(Debug)]
pub struct Outgoing {
    sink: Sink,
    waiting: VecDeque<Frame>,
    /// Bytes of the first one that are out already.
    begun: usize,
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
            begun: 0,
            bytes: 0,
            flushed: true,
            written: 0,
            since: None,
        }
    }

    /// Puts a frame in line.
    pub fn push(&mut self, frame: Frame) {
        self.bytes += frame.len();
        self.waiting.push_back(frame);
    }

    /// Puts a frame in front of what has not begun to leave: a control frame may stand between any two others (RFC 6455,
    /// section 5.5).
    pub fn push_first(&mut self, frame: Frame) {
        self.bytes += frame.len();
        let at = usize::from(self.begun > 0);
        self.waiting.insert(at, frame);
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
        poll_fn(|cx| self.poll_pump(cx)).await
    }

    /// Writes `count` frames in one piece, if nothing waits before them; tells whether they are out. What could not be written waits, for
    /// whoever pumps next: nobody is woken once it can be.
    pub(super) fn write_now(&mut self, frames: &Frame, count: u64) -> bool {
        // Not even a lost connection is told here: the one who pumps finds out.
        let wrote = self.sink.write_now(frames.bytes()).unwrap_or_default();
        if wrote == frames.len() {
            self.written += count;
            return true;
        }
        self.flushed = false;
        // The rest is queued as one frame, so the others are counted now.
        self.written += count.saturating_sub(1);
        self.push(frames.clone());
        self.begun = wrote;
        false
    }

    /// As [`Self::pump`].
    pub(super) fn poll_pump(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Lost>> {
        while !self.waiting.is_empty() {
            let wrote = ready!(self.poll_write(cx))?;
            self.flushed = false;
            // Something moved: a slow reader is not a stuck one.
            self.since = None;
            self.wrote(wrote);
        }
        ready!(Pin::new(&mut self.sink).poll_flush(cx)).map_err(|_| Lost)?;
        self.flushed = true;
        self.since = None;
        // An idle connection keeps no queue.
        self.waiting = VecDeque::new();
        Poll::Ready(Ok(()))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Lost>> {
        let sink = Pin::new(&mut self.sink);
        let mut rest = self.waiting.iter();
        let Some(first) = rest.next() else {
            return Poll::Ready(Ok(0));
        };
        let first = &first.bytes()[self.begun..];
        let wrote = if rest.len() == 0 || first.len() >= WRITE_BYTES {
            ready!(sink.poll_write(cx, first))
        } else {
            let wrote = TOGETHER.with_borrow_mut(|together| {
                together.clear();
                together.extend_from_slice(first);
                for frame in rest {
                    if together.len() + frame.len() > WRITE_BYTES {
                        break;
                    }
                    together.extend_from_slice(frame.bytes());
                }
                sink.poll_write(cx, together)
            });
            ready!(wrote)
        };
        match wrote {
            Ok(bytes) if bytes > 0 => Poll::Ready(Ok(bytes)),
            _ => Poll::Ready(Err(Lost)),
        }
    }

    /// So many bytes are out: what is whole leaves the line.
    fn wrote(&mut self, bytes: usize) {
        self.begun += bytes;
        while let Some(first) = self.waiting.front() {
            let len = first.len();
            if self.begun < len {
                return;
            }
            self.begun -= len;
            self.bytes -= len;
            self.written += 1;
            self.waiting.pop_front();
        }
    }

    /// Answers the peer's goodbye (RFC 6455, section 5.5.1).
    pub async fn answer_close(mut self, answer: Frame, incoming: Incoming) {
        self.push(answer);
        let talk = async {
            if self.pump().await.is_ok() {
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
        self.push(Frame::close(Some((goodbye.code.code(), &goodbye.reason))));
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
