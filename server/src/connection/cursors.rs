//! The rooms that a connection listens to, with its cursor in each. What a lane no longer holds is read from the log, a page
//! at a time: that is how a resume is replayed, and how a slow reader is refilled.

use std::sync::Arc;

use protocol::{Heads, RoomId, Seq};
use tokio::time::Instant;

use super::{
    outgoing::Outgoing,
    pages::{LogPage, ReadFailed},
};
use crate::{
    hub::{Batch, Lane, LaneRead},
    state::State,
};

/// Frames that go into one flush.
const BATCH_FRAMES: usize = 64;
/// Bytes that go into one flush, about.
const BATCH_BYTES: usize = 64 * 1024;

struct Sub {
    lane: Arc<Lane>,
    cursor: Seq,
    /// The head that the last pong, or the welcome, told.
    told: Seq,
    /// Where the replay that `hello` asked for ends.
    replay_to: Seq,
}

/// The cursors of a connection, one a room.
pub(super) struct Cursors {
    /// The mailbox of the connection, by which the lanes know it.
    mailbox: u64,
    rooms: Vec<Sub>,
    /// Where the next batch starts, so that a busy room does not starve the others.
    turn: usize,
    /// Lanes whose followed entry is in the outgoing batch.
    followed: Vec<Arc<Lane>>,
}

/// What a sweep over a lane finds at one of its listeners.
pub(super) enum SweptFrames {
    /// So many entries, to be written.
    Entries(u64),
    /// Nothing is new to it.
    Nothing,
    /// Entries that only its own task can get, or may.
    NotHere,
}

/// A page of the log that a connection waits for.
pub(super) type FetchedLog = (RoomId, Result<LogPage, ReadFailed>);

impl Cursors {
    pub(super) const fn new(mailbox: u64) -> Self {
        Self {
            mailbox,
            rooms: Vec::new(),
            turn: 0,
            followed: Vec::new(),
        }
    }

    /// So many rooms will follow. Most people stay in the few that they are in: no more places than that.
    pub(super) fn expect(&mut self, rooms: usize) {
        self.rooms.reserve_exact(rooms);
    }

    /// Follows a lane from `cursor` on; `told` is the head that the client knows of.
    pub(super) fn add(&mut self, lane: Arc<Lane>, cursor: Seq, told: Seq) {
        self.rooms.push(Sub {
            lane,
            cursor,
            told,
            replay_to: told,
        });
    }

    /// No longer listens to a room; tells whether it did.
    pub(super) fn remove(&mut self, room: RoomId) -> bool {
        let Some(at) = self.rooms.iter().position(|sub| sub.lane.room() == room) else {
            return false;
        };
        self.rooms.swap_remove(at).lane.forget(self.mailbox);
        true
    }

    /// The rooms that it listens to and that are not among these.
    pub(super) fn others(&self, rooms: &[(RoomId, Seq)]) -> Vec<RoomId> {
        let mine = self.rooms.iter().map(|sub| sub.lane.room());
        mine.filter(|mine| rooms.iter().all(|(room, _)| room != mine))
            .collect()
    }

    pub(super) fn has(&self, room: RoomId) -> bool {
        self.rooms.iter().any(|sub| sub.lane.room() == room)
    }

    /// Moves new entries into the outgoing batch; tells a lane whose next ones must come from the log, with the cursor.
    pub(super) fn fill(&mut self, out: &mut Outgoing) -> Option<(Arc<Lane>, Seq)> {
        let count = self.rooms.len();
        let mut behind = None;
        for step in 0..count {
            let sub = &mut self.rooms[(self.turn + step) % count];
            if sub.lane.head().is_some_and(|head| head <= sub.cursor) {
                continue;
            }
            let (frames, bytes) = (
                BATCH_FRAMES.saturating_sub(out.frames()),
                BATCH_BYTES.saturating_sub(out.bytes()),
            );
            if frames == 0 || bytes == 0 {
                break;
            }
            match sub
                .lane
                .read(sub.cursor, frames, bytes, |frame| out.push(frame))
            {
                LaneRead::UpToDate => {}
                LaneRead::Moved(cursor) => {
                    if sub.lane.is_followed(sub.cursor, cursor) {
                        self.followed.push(Arc::clone(&sub.lane));
                    }
                    sub.cursor = cursor;
                }
                LaneRead::Behind => {
                    behind = behind.or_else(|| Some((Arc::clone(&sub.lane), sub.cursor)));
                }
            }
        }
        self.turn = if count == 0 {
            0
        } else {
            (self.turn + 1) % count
        };
        behind
    }

    /// Takes the entries that follow the cursor in `lane` as handed out, and leaves them in `batch`; none is taken unless `may` says so
    /// once they are known.
    pub(super) fn take(
        &mut self,
        lane: &Arc<Lane>,
        batch: &mut Option<Batch>,
        may: impl FnOnce() -> bool,
    ) -> SweptFrames {
        let mut rooms = self.rooms.iter_mut();
        let Some(sub) = rooms.find(|sub| Arc::ptr_eq(&sub.lane, lane)) else {
            return SweptFrames::Nothing;
        };
        if lane.head().is_some_and(|head| head <= sub.cursor) {
            return SweptFrames::Nothing;
        }
        if batch.as_ref().is_none_or(|batch| batch.after != sub.cursor) {
            *batch = lane.batch(sub.cursor, BATCH_FRAMES, BATCH_BYTES);
        }
        let Some(batch) = batch.as_ref().filter(|_| may()) else {
            return SweptFrames::NotHere;
        };
        sub.cursor = batch.upto;
        SweptFrames::Entries(batch.upto - batch.after)
    }

    /// What was taken of a lane is in the outgoing batch: if the entry that it follows is among them, its arrival is told later.
    pub(super) fn wait_for(&mut self, lane: &Arc<Lane>, batch: &Batch) {
        if lane.is_followed(batch.after, batch.upto) {
            self.followed.push(Arc::clone(lane));
        }
    }

    /// Reads the next page of a room's log.
    pub(super) async fn fetch(state: State, lane: Arc<Lane>, cursor: Seq) -> FetchedLog {
        let reading = state.pages.page(&state, &lane, cursor);
        (lane.room(), reading.done().await)
    }

    /// Puts a page of the log into the outgoing batch. False if the store failed: the connection cannot keep its promise.
    pub(super) fn fetched(
        &mut self,
        (room, page): FetchedLog,
        now: Instant,
        out: &mut Outgoing,
    ) -> bool {
        let Some(sub) = self.rooms.iter_mut().find(|sub| sub.lane.room() == room) else {
            return true;
        };
        let Ok(page) = page else { return false };
        if page.is_outdated(&sub.lane, now) {
            // Asked for once more, as what follows the cursor is still not here.
            return true;
        }
        if page.is_empty() {
            // The lane knows of an entry that the log does not show: the room was deleted meanwhile.
            sub.cursor = sub.lane.head().unwrap_or(sub.cursor);
        }
        let from = sub.cursor;
        for (seq, frame) in page.after(from) {
            if seq == sub.cursor + 1 {
                sub.cursor = seq;
                out.push(frame.clone());
            }
        }
        if sub.lane.is_followed(from, sub.cursor) {
            self.followed.push(Arc::clone(&sub.lane));
        }
        true
    }

    /// Whether a lane holds more than was handed out.
    pub(super) fn has_more(&self) -> bool {
        let more = |sub: &Sub| sub.lane.head().is_some_and(|head| head > sub.cursor);
        self.rooms.iter().any(more)
    }

    /// The outgoing batch is written.
    pub(super) fn written(&mut self, state: &State) {
        for lane in self.followed.drain(..) {
            state.hub.lanes.arrived(&lane);
        }
    }

    /// Whether what `hello` asked for is still on its way: it is paced by its reader, and never trips 4002.
    pub(super) fn is_replaying(&self) -> bool {
        self.rooms.iter().any(|sub| sub.cursor < sub.replay_to)
    }

    /// The heads of the rooms that changed since they were told last.
    pub(super) fn heads(&mut self) -> Heads {
        let mut heads = Heads::new();
        for sub in &mut self.rooms {
            if let Some(head) = sub.lane.head()
                && head > sub.told
            {
                sub.told = head;
                heads.insert(sub.lane.room(), head);
            }
        }
        heads
    }
}

impl Drop for Cursors {
    fn drop(&mut self) {
        for sub in &self.rooms {
            sub.lane.forget(self.mailbox);
        }
    }
}
