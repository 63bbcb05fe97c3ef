//! Positions that were set back and may still be on their way when their room is gone. Who comes back to it at once may find one stored there: the
//! server tells only the person's other connections of it, so it is asked.

use protocol::RoomId;

use super::SessionRooms;
use crate::{conversation::Conversation, room::Room};

impl SessionRooms {
    /// Remembers where in a room a position that was set back may still be on its way to the server.
    pub(super) fn doubt(&mut self, gone: RoomId) {
        let rooms = self.all.get(&gone).into_iter();
        let threads = self.threads.all.iter();
        let threads = threads.filter(|((room, _), _)| *room == gone);
        let all = rooms.chain(threads.map(|(_, thread)| thread));
        let doubtful =
            all.filter(|one| one.reading.in_doubt() || self.requests.asks_counts(one.place()));
        self.in_doubt.extend(doubtful.map(Room::place));
    }

    /// The server is asked for the positions of a room that is there again which it may have set back.
    pub(super) fn look_at_doubtful(&mut self, again: RoomId) {
        let all = std::mem::take(&mut self.in_doubt);
        let (here, elsewhere) = all.into_iter().partition(|place| place.room == again);
        self.in_doubt = elsewhere;
        let here: Vec<Conversation> = here;
        for place in here {
            let found = match place.thread {
                None => self.all.get_mut(&again),
                Some(root) => self.known_thread((again, root)),
            };
            if let Some(found) = found {
                found.reading.look_soon = true;
            }
        }
    }
}
