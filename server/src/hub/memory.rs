//! The memory of all lanes together. A lane alone is bounded; a thousand busy rooms are a thousand of them. Where they do not fit any more,
//! those whose last entry is the oldest let go of what they hold: whoever still needs it reads the log. So do those in which nothing happens
//! any more, as far as they hold much.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use super::{Lane, lock};

/// Bytes that lanes may hold for as long as they like: what a busy team says in a day fits.
const KEPT: usize = 8 * 1024 * 1024;
/// How often it is looked which lanes rest, in milliseconds: nothing happened in them from one look to the next.
const REST_MS: u64 = 3_000;

/// What the lanes hold. Publishing adds to it; nothing else of a delivery does.
#[derive(Default)]
pub(super) struct LaneMemory {
    /// 0 is no limit.
    most: usize,
    used: AtomicUsize,
    turns: AtomicU64,
    looked: Mutex<Look>,
}

/// When it was looked which lanes rest, and the turn of the next entry then.
#[derive(Clone, Copy, Default)]
struct Look {
    at: u64,
    turn: u64,
}

impl LaneMemory {
    /// So many bytes; 0 is no limit.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    /// A lane takes so much now, and took so much before.
    pub(super) fn changed(&self, before: usize, now: usize) {
        if now >= before {
            self.used.fetch_add(now - before, Ordering::Relaxed);
        } else {
            self.used.fetch_sub(before - now, Ordering::Relaxed);
        }
    }

    /// A number that is greater than all before.
    pub(super) fn turn(&self) -> u64 {
        self.turns.fetch_add(1, Ordering::Relaxed)
    }

    /// Bytes that the lanes hold, about.
    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Whether the lanes hold more than they may.
    pub(super) fn is_over(&self) -> bool {
        self.most > 0 && self.used() > self.most
    }

    /// Every 3 s, where more than [`KEPT`] bytes are held: the turn of the look before. Lanes whose last entry is older than it rest. `now` is of
    /// the monotonic clock.
    pub(super) fn rest(&self, now: u64) -> Option<u64> {
        let turn = self.turns.load(Ordering::Relaxed);
        let mut looked = lock(&self.looked);
        if now.saturating_sub(looked.at) < REST_MS {
            return None;
        }
        let before = std::mem::replace(&mut *looked, Look { at: now, turn });
        (self.used() > KEPT).then_some(before.turn)
    }

    /// Empties those of these lanes that rest, the coldest first, until what is left may stay.
    pub(super) fn cool_resting(&self, before: u64, lanes: impl Iterator<Item = Arc<Lane>>) {
        self.empty(KEPT, lanes.filter(|lane| lane.turn() < before));
    }

    /// Empties the coldest of these lanes, until an eighth is free: walking over them must not be for one entry alone.
    pub(super) fn cool(&self, lanes: impl Iterator<Item = Arc<Lane>>) {
        self.empty(self.most - self.most / 8, lanes);
    }

    fn empty(&self, until: usize, lanes: impl Iterator<Item = Arc<Lane>>) {
        let mut lanes: Vec<(u64, Arc<Lane>)> = lanes
            .filter(|lane| lane.cost() > 0)
            .map(|lane| (lane.turn(), lane))
            .collect();
        lanes.sort_unstable_by_key(|(turn, _)| *turn);
        for (_, lane) in lanes {
            if self.used() <= until {
                return;
            }
            lane.cool();
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::RoomId;
    use tokio::time::Instant;

    use super::{
        super::{Frame, LaneRead},
        *,
    };

    #[test]
    fn who_rests_lets_go_where_much_is_held() {
        let memory = Arc::new(LaneMemory::new(0));
        let lanes: Vec<_> = (1..=12)
            .map(|room| Arc::new(Lane::new(RoomId::new(room).unwrap(), Arc::clone(&memory))))
            .collect();
        let text = "x".repeat(60_000);
        for lane in &lanes {
            lane.raise(0);
            for seq in 1..=16 {
                lane.publish(seq, Frame::text(&text), Instant::now());
            }
        }
        let look = |now| {
            let before = memory.rest(now);
            if let Some(before) = before {
                memory.cool_resting(before, lanes.iter().map(Arc::clone));
            }
            before.is_some()
        };
        let full = memory.used();
        assert!(full > KEPT + 2_000_000, "{full}");
        assert!(look(10_000) && memory.used() == full, "they came just now");
        assert!(!look(12_999));
        lanes[0].publish(17, Frame::text(&text), Instant::now());
        assert!(look(13_000));
        assert!((KEPT - 1_000_000..=KEPT).contains(&memory.used()));
        assert!(lanes[0].cost() > 0 && lanes[1].cost() == 0 && lanes[11].cost() > 0);
        // What is left may stay.
        assert!(!look(16_000) && !look(99_000));
    }

    #[test]
    fn the_coldest_give_way_and_what_is_dropped_counts_no_more() {
        let memory = Arc::new(LaneMemory::new(64 * 1024));
        let lanes: Vec<_> = (1..=8)
            .map(|room| Arc::new(Lane::new(RoomId::new(room).unwrap(), Arc::clone(&memory))))
            .collect();
        let text = "x".repeat(1_000);
        for lane in &lanes {
            lane.raise(0);
        }
        for seq in 1..=10 {
            for lane in &lanes {
                lane.publish(seq, Frame::text(&text), Instant::now());
            }
        }
        assert!(memory.is_over(), "{}", memory.used());
        memory.cool(lanes.iter().map(Arc::clone));
        assert!(memory.used() <= 56 * 1024 && memory.used() > 40 * 1024);
        let read = |lane: &Lane, cursor| lane.read(cursor, 99, 1 << 20, drop);
        assert_eq!(read(&lanes[0], 5), LaneRead::Behind);
        assert_eq!(read(&lanes[0], 10), LaneRead::UpToDate);
        assert_eq!(read(&lanes[7], 5), LaneRead::Moved(10));
        lanes[0].publish(11, Frame::text(&text), Instant::now());
        assert_eq!(read(&lanes[0], 10), LaneRead::Moved(11));
        drop(lanes);
        assert_eq!(memory.used(), 0);
    }
}
