//! Catching up: what was missed during an outage, while it comes in.

use protocol::{RoomId, Seq, limits::REPLAY_ENTRIES};

use crate::sorted::{SortedMap, SortedSet};

/// How long a replay may stand still, in milliseconds, before what is missing is asked for.
pub(crate) const REPLAY_MS: u64 = 5_000;

/// What came in of what was missed.
#[derive(Clone, Debug, Default)]
pub(crate) struct CatchingUp {
    /// Where each room's replay began and where it ends.
    rooms: SortedMap<RoomId, (Seq, Seq)>,
    /// When something of it came last: rooms come one after another.
    moved_ms: u64,
    /// Whether the end of the outage is shown.
    pub(crate) shown: bool,
    /// Rooms that did not fit into the `welcome` and are still to be told.
    to_come: u64,
    /// The rooms that were told, while some are to come.
    told: SortedSet<RoomId>,
}

impl CatchingUp {
    /// After an outage that was shown or not. `told` are the rooms of the `welcome`; so many more follow it.
    pub(crate) fn new(shown: bool, told: SortedSet<RoomId>, to_come: u64) -> Self {
        Self {
            shown,
            to_come,
            told,
            ..Self::default()
        }
    }

    /// Whether rooms are still to be told.
    pub(crate) const fn awaits_rooms(&self) -> bool {
        self.to_come > 0
    }

    /// One of the rooms that are to come is told; false if it is not one of them.
    pub(crate) fn one_more(&mut self, room: RoomId) -> bool {
        let one_more = self.to_come > 0 && self.told.insert(room);
        self.to_come -= u64::from(one_more);
        one_more
    }

    /// The rooms that were told, once they are all; asked for once.
    pub(crate) fn take_told(&mut self) -> SortedSet<RoomId> {
        std::mem::take(&mut self.told)
    }

    /// A room's entries after `from`, up to `last`, were missed. What is more than a replay has is not replayed.
    pub(crate) fn replays(&mut self, room: RoomId, from: Seq, last: Seq) {
        if last - from <= REPLAY_ENTRIES {
            self.rooms.insert(room, (from, last));
        }
    }

    /// A room is not replayed after all.
    pub(crate) fn forget(&mut self, room: RoomId) {
        self.rooms.remove(&room);
    }

    /// Something came.
    pub(crate) const fn moved(&mut self, now_ms: u64) {
        self.moved_ms = now_ms;
    }

    /// Until when what is missing may come by itself.
    pub(crate) const fn patience_ms(&self) -> u64 {
        self.moved_ms + REPLAY_MS
    }

    /// Whether all is here, of rooms that were seen as far as `cursor` tells.
    pub(crate) fn is_over(&self, cursor: impl Fn(RoomId) -> Option<Seq>) -> bool {
        let behind =
            |(&room, &(_, upto)): (&RoomId, &(Seq, Seq))| cursor(room).is_some_and(|at| at < upto);
        self.to_come == 0 && !self.rooms.iter().any(behind)
    }

    /// Entries that came, and entries that were missed.
    pub(crate) fn progress(&self, cursor: impl Fn(RoomId) -> Option<Seq>) -> (u64, u64) {
        let mut sums = (0, 0);
        for (&room, &(from, upto)) in self.rooms.iter() {
            let cursor = cursor(room).unwrap_or(upto);
            sums.0 += cursor.clamp(from, upto) - from;
            sums.1 += upto - from;
        }
        sums
    }
}
