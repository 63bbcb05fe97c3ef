//! Positions that were set back and may still be on their way when their room is gone. Who comes back to it at once may find one stored there: the
//! server tells only the person's other connections of it, so it is asked.

use protocol::RoomId;

use super::Threads;
use crate::{conversation::Conversation, requests::Requests, room::Room, sorted::SortedMap};

/// Rooms and threads that were gone while a position that was set back in them was not settled.
#[derive(Clone, Debug, Default)]
pub(crate) struct DoubtfulPositions(Vec<Conversation>);

impl DoubtfulPositions {
    /// Remembers where in a room that is gone a position that was set back may still be on its way to the server.
    pub(super) fn remember(
        &mut self,
        gone: RoomId,
        rooms: &SortedMap<RoomId, Room>,
        threads: &Threads,
        requests: &Requests,
    ) {
        let rooms = rooms.get(&gone).into_iter();
        let threads = threads.all.iter();
        let threads = threads.filter(|((room, _), _)| *room == gone);
        let all = rooms.chain(threads.map(|(_, thread)| thread));
        let doubtful =
            all.filter(|one| one.reading.in_doubt() || requests.asks_counts(one.place()));
        self.0.extend(doubtful.map(Room::place));
    }

    /// The server is asked for the positions of a room that is there again which it may have set back.
    pub(super) fn look_at(
        &mut self,
        again: RoomId,
        rooms: &mut SortedMap<RoomId, Room>,
        threads: &mut Threads,
    ) {
        let all = std::mem::take(&mut self.0);
        let (here, elsewhere) = all.into_iter().partition(|place| place.room == again);
        self.0 = elsewhere;
        let here: Vec<Conversation> = here;
        for place in here {
            let found = match place.thread {
                None => rooms.get_mut(&again),
                Some(root) => threads.known(rooms, (again, root)),
            };
            if let Some(found) = found {
                found.reading.look_soon = true;
            }
        }
    }

    /// The next connection begins with what the server has.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
