//! Pages of a room's log that were just read. Whoever falls behind a lane, or comes back after a restart, rarely does so alone, and those
//! who stand at the same place need the same page: one of them reads it, the others get its frames.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use protocol::{RoomId, Seq, ServerFrame};
use tokio::time::{Duration, Instant};

use crate::{
    clock::Clock,
    hub::{Frame, encode},
    store::Store,
};

/// Entries that one read of the log brings.
const PAGE_ENTRIES: u32 = 256;
/// Bytes that it brings, about.
const PAGE_BYTES: usize = 256 * 1024;
/// Pages of a room that are kept.
const PAGES: usize = 4;
/// How long one is kept: the log tells less of what was deleted since it was read.
const KEPT: Duration = Duration::from_secs(2);

/// The store could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unread;

/// What follows a place in a room's log, in order; empty if nothing does.
#[derive(Clone, Debug)]
pub(super) struct Page {
    after: Seq,
    frames: Arc<[Frame]>,
}

impl Page {
    /// The entries after `cursor`, if they begin right behind it.
    pub(super) fn after(&self, cursor: Seq) -> impl Iterator<Item = (Seq, &Frame)> {
        let numbered = (self.after + 1..).zip(self.frames.iter());
        numbered.skip_while(move |(seq, _)| *seq <= cursor)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    fn has(&self, seq: Seq) -> bool {
        seq > self.after && seq - self.after <= self.frames.len() as u64
    }
}

#[derive(Default)]
struct Room {
    pages: VecDeque<(Instant, Page)>,
    failed: Option<Instant>,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Pages(Mutex<HashMap<RoomId, Arc<tokio::sync::Mutex<Room>>>>);

impl Pages {
    fn rooms(&self) -> MutexGuard<'_, HashMap<RoomId, Arc<tokio::sync::Mutex<Room>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page in which the entry after `cursor` is, if there is one: read just now, or by somebody who stood there, too.
    pub(super) async fn page(
        &self,
        store: &dyn Store,
        clock: Clock,
        room: RoomId,
        cursor: Seq,
    ) -> Result<Page, Unread> {
        let asked = clock.instant();
        let known = Arc::clone(self.rooms().entry(room).or_default());
        let mut known = known.lock().await;
        // Those who waited for a read that failed do not each try it again, one after the other.
        if known.failed.is_some_and(|failed| failed >= asked) {
            return Err(Unread);
        }
        let now = clock.instant();
        known
            .pages
            .retain(|(read, _)| now.saturating_duration_since(*read) < KEPT);
        let found = known.pages.iter().find(|(_, page)| page.has(cursor + 1));
        if let Some((_, page)) = found {
            return Ok(page.clone());
        }
        let Ok(events) = store.log(room, cursor, PAGE_ENTRIES, PAGE_BYTES).await else {
            known.failed = Some(clock.instant());
            return Err(Unread);
        };
        // A hole would be passed over in silence; no log has one.
        if !events
            .iter()
            .zip(cursor + 1..)
            .all(|(event, seq)| event.seq == seq)
        {
            return Err(Unread);
        }
        let events = events.into_iter();
        let page = Page {
            after: cursor,
            frames: events
                .map(|event| encode(&ServerFrame::Event(event)))
                .collect(),
        };
        if !page.is_empty() {
            if known.pages.len() == PAGES {
                known.pages.pop_front();
            }
            known.pages.push_back((now, page.clone()));
        }
        Ok(page)
    }

    /// Lets go of what is too old.
    pub(crate) fn sweep(&self, now: Instant) {
        self.rooms().retain(|_, room| {
            let fresh = |room: &Room| {
                let newest = room.pages.back();
                newest.is_some_and(|(read, _)| now.saturating_duration_since(*read) < KEPT)
            };
            // Whoever holds it just now uses it.
            Arc::strong_count(room) > 1 || room.try_lock().is_ok_and(|room| fresh(&room))
        });
    }
}
