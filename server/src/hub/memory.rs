//! The memory of all lanes together. A lane alone is bounded; a thousand busy rooms are a thousand of them. Where they do not fit any more,
//! those whose last entry is the oldest let go of what they hold: whoever still needs it reads the log.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use super::Lane;

/// What the lanes hold. Publishing adds to it; nothing else of a delivery does.
#[derive(Default)]
pub(super) struct LaneMemory {
    /// 0 is no limit.
    most: usize,
    used: AtomicUsize,
    turns: AtomicU64,
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

    /// Empties the coldest of these lanes, until an eighth is free: walking over them must not be for one entry alone.
    pub(super) fn cool(&self, lanes: impl Iterator<Item = Arc<Lane>>) {
        let mut lanes: Vec<(u64, Arc<Lane>)> = lanes
            .filter(|lane| lane.cost() > 0)
            .map(|lane| (lane.turn(), lane))
            .collect();
        lanes.sort_unstable_by_key(|(turn, _)| *turn);
        for (_, lane) in lanes {
            if self.used() <= self.most - self.most / 8 {
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
