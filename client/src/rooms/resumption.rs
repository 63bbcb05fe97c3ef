//! Coming back after an outage: how far the server is told that rooms were seen, and what was missed, while it comes in.

use std::{cmp::Reverse, collections::BTreeMap};

use protocol::{RoomId, Seq};

use super::CatchingUp;
use crate::{
    room::Room,
    sorted::{SortedMap, SortedSet, put},
};

/// Most cursors of a `hello`, so that it stays below the limit of a frame. Rooms beyond it are loaded anew.
const MAX_CURSORS: usize = 1_200;

/// The last `hello`, and what the `welcome` after it told that was missed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resumption {
    /// Rooms whose cursors went out with the last `hello`, until the server has told all rooms.
    resumed: BTreeMap<RoomId, Seq>,
    /// What was missed, until all of it came.
    pub(super) catching_up: Option<CatchingUp>,
}

impl Resumption {
    /// How far each room was seen, for `hello`: the open one first, then those of which most is held.
    pub(crate) fn cursors(
        &mut self,
        all: &SortedMap<RoomId, Room>,
        open: Option<RoomId>,
    ) -> BTreeMap<RoomId, Seq> {
        let mut rooms = Vec::new();
        for room in all.iter().filter(|(_, room)| room.summary.member) {
            put(&mut rooms, room, |(id, room)| {
                (Some(**id) != open, Reverse(room.held.entries.all.len()))
            });
        }
        rooms.truncate(MAX_CURSORS);
        // Not collected: see `put`.
        let mut cursors = BTreeMap::new();
        cursors.extend(rooms.into_iter().map(|(&id, room)| (id, room.log.cursor())));
        self.resumed.clone_from(&cursors);
        cursors
    }

    /// A `welcome` told these rooms; so many more follow it. `shown` tells that there was an outage that was shown.
    pub(super) fn welcomed(&mut self, shown: bool, told: SortedSet<RoomId>, more: u64) {
        self.catching_up = Some(CatchingUp::new(shown, told, more));
    }

    /// Whether the server was told how far a room was seen, and so replays what follows.
    pub(super) fn is_resumed(&self, room: RoomId) -> bool {
        self.resumed.contains_key(&room)
    }

    /// The server has told all rooms.
    pub(super) fn all_told(&mut self) {
        self.resumed.clear();
    }

    /// A room is no more for this user.
    pub(super) fn forget(&mut self, room: RoomId) {
        if let Some(catching_up) = &mut self.catching_up {
            catching_up.forget(room);
        }
    }

    /// Whether all that was missed is here now, for the first time, after an outage that was shown.
    pub(crate) fn is_back(&mut self, rooms: &SortedMap<RoomId, Room>) -> bool {
        let over = self
            .catching_up
            .take_if(|catching_up| catching_up.is_over(|id| cursor(rooms, id)));
        over.is_some_and(|catching_up| catching_up.shown)
    }

    /// Entries that came and entries that were missed, while they come in after an outage that was shown.
    pub(crate) fn progress(&self, rooms: &SortedMap<RoomId, Room>) -> Option<(u64, u64)> {
        let catching_up = self.catching_up.as_ref().filter(|it| it.shown)?;
        let progress = catching_up.progress(|id| cursor(rooms, id));
        Some(progress).filter(|&(_, missed)| missed > 0)
    }
}

/// How far a room was seen.
fn cursor(rooms: &SortedMap<RoomId, Room>, id: RoomId) -> Option<Seq> {
    rooms.get(&id).map(|room| room.log.cursor())
}
