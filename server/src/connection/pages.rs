//! Pages of a room's log that were just read. Whoever falls behind a lane, or comes back after a restart, rarely does so alone, and those
//! who stand at the same place need the same page: one of them reads it, the others get its frames.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};

use protocol::{RoomId, Seq, ServerFrame};
use tokio::time::{Duration, Instant};

use crate::{
    hub::{Frame, Lane, encode},
    state::State,
    store::SharedStore,
};

/// Entries that one read of the log brings.
const PAGE_ENTRIES: u32 = 256;
/// Bytes that it brings, about.
const PAGE_BYTES: usize = 256 * 1024;
/// Pages that are kept, of all rooms.
const MAX_PAGES: usize = 256;
/// Bytes that they have, at most; those that are still being read come to it later.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// How long one is kept: who stands at the same place came there together.
const KEPT: Duration = Duration::from_secs(2);

/// The store could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReadFailed;

/// What follows a place in a room's log, in order; empty if nothing does.
#[derive(Clone, Debug)]
pub(super) struct LogPage {
    /// When its reading began.
    began: Instant,
    /// [`Lane::retracted`] when it began.
    retracted: Seq,
    after: Seq,
    frames: Arc<[Frame]>,
    bytes: usize,
}

impl LogPage {
    /// The entries after `cursor`, if they begin right behind it.
    pub(super) fn after(&self, cursor: Seq) -> impl Iterator<Item = (Seq, &Frame)> {
        let numbered = (self.after + 1..).zip(self.frames.iter());
        numbered.skip_while(move |(seq, _)| *seq <= cursor)
    }

    /// Whether something was deleted while it waited for its reader. Not where it has only just been read, or one who falls behind where much
    /// is deleted would never get any.
    pub(super) fn is_outdated(&self, lane: &Lane, now: Instant) -> bool {
        now.saturating_duration_since(self.began) >= KEPT && lane.retracted() != self.retracted
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    fn has(&self, seq: Seq) -> bool {
        seq > self.after && seq - self.after <= self.frames.len() as u64
    }
}

/// A read of a page, and how it went. The read itself is a task of its own: a connection that has to write first does not look at what it
/// asked for, and must keep neither those who wait for the same page from it, nor a reader of the database.
#[derive(Clone)]
pub(super) struct PageRead {
    // Not what the future gives: that is known only once somebody has looked at it.
    page: Arc<OnceLock<Result<LogPage, ReadFailed>>>,
    over: Shared<BoxFuture<'static, ()>>,
}

impl PageRead {
    /// What the read brought, once it has.
    pub(super) async fn done(self) -> Result<LogPage, ReadFailed> {
        self.over.await;
        self.page.get().cloned().unwrap_or(Err(ReadFailed))
    }
}

/// What is read or was, from where, and when that began.
struct KnownPage {
    began: Instant,
    lane: Arc<Lane>,
    /// [`Lane::retracted`] when it began.
    retracted: Seq,
    after: Seq,
    reading: PageRead,
}

impl KnownPage {
    /// Whether it may still be handed out: not for long, and not once something was deleted in the room.
    fn is_fresh(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.began) < KEPT && self.lane.retracted() == self.retracted
    }

    fn failed(&self) -> bool {
        let over = self.reading.over.peek().is_some();
        self.reading.page.get().map_or(over, Result::is_err)
    }

    /// Whether the entry after `cursor` is in it, or will be.
    fn follows(&self, lane: &Arc<Lane>, cursor: Seq) -> bool {
        Arc::ptr_eq(&self.lane, lane)
            && match self.reading.page.get() {
                Some(page) => page.as_ref().is_ok_and(|page| page.has(cursor + 1)),
                None => self.after == cursor,
            }
    }

    fn bytes(&self) -> usize {
        let page = self.reading.page.get();
        let page = page.and_then(|page| page.as_ref().ok());
        page.map_or(0, |page| page.bytes)
    }
}

/// The pages read last, of all rooms; the oldest stands first.
#[derive(Default)]
pub(crate) struct LogPages(Mutex<VecDeque<KnownPage>>);

impl LogPages {
    fn known(&self) -> MutexGuard<'_, VecDeque<KnownPage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page in which the entry after `cursor` is, which the lane knows to be there: read for this, or for somebody who stood there
    /// just now. Empty only where the room is gone.
    pub(super) fn page(&self, state: &State, lane: &Arc<Lane>, cursor: Seq) -> PageRead {
        let now = state.clock.instant();
        let mut known = self.known();
        known.retain(|one| one.is_fresh(now) && !one.failed());
        if let Some(one) = known.iter().find(|one| one.follows(lane, cursor)) {
            return one.reading.clone();
        }
        let retracted = lane.retracted();
        let (store, room) = (Arc::clone(&state.store), lane.room());
        let page = Arc::new(OnceLock::new());
        let told = Arc::clone(&page);
        let task = state.tasks.spawn(async move {
            let frames = read(store, room, cursor).await;
            let read = frames.map(|frames| LogPage {
                began: now,
                retracted,
                after: cursor,
                bytes: frames.iter().map(Frame::len).sum(),
                frames,
            });
            told.get_or_init(|| read);
        });
        let over = task.map(drop).boxed().shared();
        let reading = PageRead { page, over };
        let mut bytes: usize = known.iter().map(KnownPage::bytes).sum();
        while known.len() == MAX_PAGES || bytes > MAX_BYTES {
            let gone = known.pop_front();
            bytes = bytes.saturating_sub(gone.map_or(bytes, |gone| gone.bytes()));
        }
        known.push_back(KnownPage {
            began: now,
            lane: Arc::clone(lane),
            retracted,
            after: cursor,
            reading: reading.clone(),
        });
        reading
    }

    /// Lets go of what is too old.
    pub(crate) fn sweep(&self, now: Instant) {
        self.known().retain(|one| one.is_fresh(now));
    }
}

async fn read(store: SharedStore, room: RoomId, cursor: Seq) -> Result<Arc<[Frame]>, ReadFailed> {
    let events = store.log(room, cursor, PAGE_ENTRIES, PAGE_BYTES).await;
    let events = events.map_err(|_| ReadFailed)?;
    // A hole would be passed over in silence; no log has one.
    let whole = events
        .iter()
        .zip(cursor + 1..)
        .all(|(event, seq)| event.seq == seq);
    if !whole {
        return Err(ReadFailed);
    }
    let encoded = |event| encode(&ServerFrame::Event(event));
    Ok(events.into_iter().map(encoded).collect())
}
