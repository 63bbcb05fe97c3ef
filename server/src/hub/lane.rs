//! A room's lane: the newest entries of its log as encoded frames, shared by all who listen. Each connection holds a cursor
//! into it, so that publishing costs no copy a member, and a connection that falls behind holds nothing but its number.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use protocol::{RoomId, Seq};
use tokio::time::{Duration, Instant};

use super::{
    frame::Frame,
    lock,
    memory::LaneMemory,
    subscribers::{Batch, LaneListener, Subscribers},
};

/// Entries that a lane keeps: a resume within them reads no database, unless something was deleted since.
const RING_ENTRIES: usize = 1_024;
/// Bytes that a lane keeps, as far as all lanes together fit into their memory.
const RING_BYTES: usize = 1024 * 1024;

/// What a frame takes besides its bytes: its place in the ring, and what counts its owners.
const FRAME_COST: usize = 128;

/// Sentinel: the head was not read from the store yet. Seqs stay far below.
const UNKNOWN: u64 = u64::MAX;

/// The newest entries of one room's log, as frames that all its subscribers share.
pub struct Lane {
    room: RoomId,
    head: AtomicU64,
    ring: Mutex<Ring>,
    /// The entry by which something was deleted last, of those that came while the lane was here.
    retracted: AtomicU64,
    // Apart from the ring: serving ten thousand listeners must not keep one of them from reading.
    subscribers: Subscribers,
    /// The `seq` of the one entry whose delivery time is being measured, 0 for none: a copy that is read without the lock.
    followed: AtomicU64,
    follow: Mutex<Option<MeasuredDelivery>>,
    memory: Arc<LaneMemory>,
    /// The turn of its last entry, among those of all lanes.
    turn: AtomicU64,
}

impl Drop for Lane {
    fn drop(&mut self) {
        let cost = lock(&self.ring).cost();
        self.memory.changed(cost, 0);
    }
}

/// An entry that is followed until the last listener has it: how long a delivery takes is measured on one entry at a time.
struct MeasuredDelivery {
    began: Instant,
    left: usize,
}

/// A listener may go away without a word; then the next entry is followed after so long.
const MAX_FOLLOW: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Ring {
    /// The `seq` of the first frame.
    first: Seq,
    frames: VecDeque<Frame>,
    bytes: usize,
}

impl Ring {
    /// Holds nothing; the next frame will be the one of `first`.
    fn restart(&mut self, first: Seq) {
        // With its places: a thousand empty rings are not nothing.
        self.frames = VecDeque::new();
        self.bytes = 0;
        self.first = first;
    }

    /// The memory that it takes, about.
    fn cost(&self) -> usize {
        self.bytes + self.frames.len() * FRAME_COST
    }
}

/// What a connection finds after its cursor.
#[derive(Debug, PartialEq, Eq)]
pub enum LaneRead {
    /// Nothing new.
    UpToDate,
    /// The cursor after the frames that were handed out.
    Moved(Seq),
    /// What follows is no longer here: the log has it.
    Behind,
}

impl Lane {
    pub(super) fn new(room: RoomId, memory: Arc<LaneMemory>) -> Self {
        Self {
            memory,
            turn: AtomicU64::new(0),
            room,
            head: AtomicU64::new(UNKNOWN),
            ring: Mutex::default(),
            retracted: AtomicU64::new(0),
            subscribers: Subscribers::default(),
            followed: AtomicU64::new(0),
            follow: Mutex::default(),
        }
    }

    /// Whose lane it is.
    pub(crate) const fn room(&self) -> RoomId {
        self.room
    }

    /// The last `seq` known here; none until somebody asked the store.
    pub(crate) fn head(&self) -> Option<Seq> {
        let head = self.head.load(Ordering::Acquire);
        (head != UNKNOWN).then_some(head)
    }

    /// Notes the head that the store knows; never lowers it, and begins no sweep.
    pub fn raise(&self, seq: Seq) {
        let mut ring = lock(&self.ring);
        let before = ring.cost();
        self.raise_locked(&mut ring, seq);
        self.memory.changed(before, ring.cost());
    }

    /// As [`Self::raise`], and begins a sweep if there is more than was known.
    pub(crate) fn reach(self: &Arc<Self>, seq: Seq) {
        if self.head().is_some_and(|head| head >= seq) {
            return;
        }
        self.raise(seq);
        Subscribers::sweep(self);
    }

    fn raise_locked(&self, ring: &mut Ring, seq: Seq) {
        if self.head().is_none_or(|head| head < seq) {
            // What is between was not seen here: readers take it from the log.
            ring.restart(seq + 1);
            // It may have been a deletion.
            self.retracted.fetch_max(seq, Ordering::AcqRel);
            self.head.store(seq, Ordering::Release);
        }
    }

    /// The entry `by` deletes a message. Its text, and those that edits gave it, may be among the frames here, and nothing replays
    /// what was deleted (contract, "Commands"): whoever comes for them later takes them from the log, which no longer has it.
    pub(super) fn retract(&self, by: Seq) {
        let mut ring = lock(&self.ring);
        if let Some(head) = self.head().filter(|head| *head < by) {
            self.empty(&mut ring, head);
        }
        self.retracted.fetch_max(by, Ordering::AcqRel);
    }

    fn empty(&self, ring: &mut Ring, head: Seq) {
        let before = ring.cost();
        ring.restart(head + 1);
        self.memory.changed(before, 0);
    }

    /// Holds nothing any more: others need the memory, and the log has it all.
    pub(super) fn cool(&self) {
        let mut ring = lock(&self.ring);
        if let Some(head) = self.head() {
            self.empty(&mut ring, head);
        }
    }

    /// The memory that it takes, about.
    pub(super) fn cost(&self) -> usize {
        lock(&self.ring).cost()
    }

    /// The greater, the newer its last entry is among those of all lanes.
    pub(super) fn turn(&self) -> u64 {
        self.turn.load(Ordering::Relaxed)
    }

    /// The `seq` of the newest deletion, or possible one. What was read from the log before it may still hold a text that is deleted.
    pub(crate) fn retracted(&self) -> Seq {
        self.retracted.load(Ordering::Acquire)
    }

    /// Appends an entry and begins to hand it to whoever listens. An entry that was published before changes nothing.
    pub(super) fn publish(self: &Arc<Self>, seq: Seq, frame: Frame, now: Instant) {
        {
            let mut ring = lock(&self.ring);
            if self.head().is_some_and(|head| seq <= head) {
                return;
            }
            self.follow(seq, now);
            let before = ring.cost();
            self.raise_locked(&mut ring, seq.saturating_sub(1));
            ring.bytes += frame.len();
            ring.frames.push_back(frame);
            while ring.frames.len() > RING_ENTRIES || ring.bytes > RING_BYTES {
                let Some(old) = ring.frames.pop_front() else {
                    break;
                };
                ring.bytes -= old.len();
                ring.first += 1;
            }
            self.memory.changed(before, ring.cost());
            self.turn.store(self.memory.turn(), Ordering::Relaxed);
            self.head.store(seq, Ordering::Release);
        }
        Subscribers::sweep(self);
    }

    /// Hands out the frames after `cursor`, at most `entries` and about `bytes`.
    pub fn read(
        &self,
        cursor: Seq,
        entries: usize,
        bytes: usize,
        mut out: impl FnMut(Frame),
    ) -> LaneRead {
        match self.head() {
            Some(head) if head <= cursor => return LaneRead::UpToDate,
            None => return LaneRead::Behind,
            Some(_) => {}
        }
        let ring = lock(&self.ring);
        let Some(skip) = (cursor + 1)
            .checked_sub(ring.first)
            .and_then(|skip| usize::try_from(skip).ok())
        else {
            return LaneRead::Behind;
        };
        let mut moved = cursor;
        let mut weight = 0;
        for frame in ring.frames.iter().skip(skip).take(entries) {
            weight += frame.len();
            if weight > bytes && moved > cursor {
                break;
            }
            moved += 1;
            out(frame.clone());
        }
        if moved == cursor {
            LaneRead::Behind
        } else {
            LaneRead::Moved(moved)
        }
    }

    /// The frames after `cursor` in one piece, at most `entries` and about `bytes`; none if there are none here.
    pub(crate) fn batch(&self, cursor: Seq, entries: usize, bytes: usize) -> Option<Batch> {
        let mut frames = Vec::new();
        match self.read(cursor, entries, bytes, |frame| frames.push(frame)) {
            LaneRead::Moved(upto) => Some(Batch {
                after: cursor,
                upto,
                frame: Frame::joined(frames),
            }),
            LaneRead::UpToDate | LaneRead::Behind => None,
        }
    }

    fn follow(&self, seq: Seq, now: Instant) {
        let mut follow = lock(&self.follow);
        if follow
            .as_ref()
            .is_some_and(|follow| now.saturating_duration_since(follow.began) < MAX_FOLLOW)
        {
            return;
        }
        let left = self.subscribers.count();
        *follow = (left > 0).then_some(MeasuredDelivery { began: now, left });
        self.followed
            .store(if left > 0 { seq } else { 0 }, Ordering::Release);
    }

    /// Whether the entry that is followed is among those after `from`, up to and with `to`.
    pub(crate) fn is_followed(&self, from: Seq, to: Seq) -> bool {
        let seq = self.followed.load(Ordering::Acquire);
        seq > from && seq <= to
    }

    /// A listener has the entry that is followed; how long it took if that was the last one.
    pub(crate) fn arrived(&self, now: Instant) -> Option<Duration> {
        let mut follow = lock(&self.follow);
        let one = follow.as_mut()?;
        one.left = one.left.saturating_sub(1);
        if one.left > 0 {
            return None;
        }
        let took = now.saturating_duration_since(one.began);
        *follow = None;
        self.followed.store(0, Ordering::Release);
        Some(took)
    }

    /// Hands every entry from now on to `listener`.
    pub fn listen(&self, listener: Arc<dyn LaneListener>) {
        self.subscribers.listen(listener);
    }

    /// Unregisters the listener with this mailbox id.
    pub(crate) fn forget(&self, mailbox: u64) {
        self.subscribers.forget(mailbox);
    }

    pub(super) const fn subscribers(&self) -> &Subscribers {
        &self.subscribers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane() -> Arc<Lane> {
        Arc::new(Lane::new(RoomId::new(1).unwrap(), Arc::default()))
    }

    fn read(lane: &Lane, cursor: Seq, entries: usize) -> (LaneRead, Vec<String>) {
        let mut seen = Vec::new();
        let result = lane.read(cursor, entries, 1 << 20, |frame| {
            seen.push(String::from_utf8_lossy(&frame.bytes()[2..]).into_owned());
        });
        (result, seen)
    }

    fn publish(lane: &Arc<Lane>, seq: Seq) {
        lane.publish(seq, Frame::text(&format!("e{seq}")), Instant::now());
    }

    #[test]
    fn a_new_lane_asks_the_log() {
        let lane = lane();
        assert_eq!(read(&lane, 0, 9).0, LaneRead::Behind);
        lane.raise(5);
        assert_eq!(read(&lane, 5, 9).0, LaneRead::UpToDate);
        assert_eq!(read(&lane, 4, 9).0, LaneRead::Behind);
    }

    #[test]
    fn entries_come_in_order_and_once() {
        let lane = lane();
        lane.raise(5);
        publish(&lane, 6);
        publish(&lane, 7);
        publish(&lane, 6);
        assert_eq!(
            read(&lane, 5, 9),
            (LaneRead::Moved(7), vec!["e6".into(), "e7".into()])
        );
        assert_eq!(read(&lane, 5, 1), (LaneRead::Moved(6), vec!["e6".into()]));
        assert_eq!(read(&lane, 6, 9), (LaneRead::Moved(7), vec!["e7".into()]));
    }

    #[test]
    fn a_jump_is_never_papered_over() {
        let lane = lane();
        lane.raise(5);
        publish(&lane, 6);
        publish(&lane, 9);
        assert_eq!(read(&lane, 6, 9).0, LaneRead::Behind);
        assert_eq!(read(&lane, 8, 9), (LaneRead::Moved(9), vec!["e9".into()]));
        lane.raise(3);
        assert_eq!(lane.head(), Some(9));
    }

    #[test]
    fn what_came_before_a_deletion_is_left_to_the_log() {
        let lane = lane();
        lane.raise(5);
        publish(&lane, 6);
        publish(&lane, 7);
        lane.retract(8);
        assert_eq!(lane.retracted(), 8);
        assert_eq!(read(&lane, 5, 9).0, LaneRead::Behind);
        assert_eq!(read(&lane, 7, 9).0, LaneRead::UpToDate);
        publish(&lane, 8);
        assert_eq!(read(&lane, 6, 9).0, LaneRead::Behind);
        assert_eq!(read(&lane, 7, 9), (LaneRead::Moved(8), vec!["e8".into()]));
    }

    #[test]
    fn what_is_too_old_is_left_to_the_log() {
        let lane = lane();
        lane.raise(0);
        let all = RING_ENTRIES as u64 + 10;
        (1..=all).for_each(|seq| publish(&lane, seq));
        assert_eq!(read(&lane, 9, 1).0, LaneRead::Behind);
        assert_eq!(
            read(&lane, 10, 1),
            (LaneRead::Moved(11), vec!["e11".into()])
        );
    }
}
