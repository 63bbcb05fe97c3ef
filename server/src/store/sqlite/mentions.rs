//! Mentions: whom messages name as they stand now, so that counting them reads no texts.

use protocol::{RoomId, Seq, ThreadPlace, UserId};
use rusqlite::{Connection, params};

use super::rows::run;
use crate::store::{Named, rules::StoreResult};

/// User 0 of a mention stands for everybody.
pub(super) const EVERYBODY: u64 = 0;

/// The users that are noted as named, 0 for everybody.
pub(super) fn users(named: &Named) -> impl Iterator<Item = u64> {
    let everybody = named.everybody.then_some(EVERYBODY);
    let users = named.users.iter().map(|user| user.get());
    everybody.into_iter().chain(users)
}

/// Where a mention counts: as its message does.
#[derive(Clone, Copy, Debug)]
pub(super) struct MentionPlace {
    /// `mentions.thread`.
    pub(super) thread: Option<Seq>,
    /// `mentions.in_room`.
    pub(super) in_room: bool,
}

impl MentionPlace {
    pub(super) fn of(place: Option<ThreadPlace>) -> Self {
        Self {
            thread: place.map(|place| place.root),
            in_room: ThreadPlace::counts_in_room(place),
        }
    }
}

/// Notes whom a message names as it stands now, so that counting mentions reads no texts.
pub(super) fn name(
    db: &Connection,
    (room, seq): (RoomId, Seq),
    (author, place): (UserId, MentionPlace),
    named: &Named,
) -> StoreResult<()> {
    for user in users(named) {
        run(
            db,
            "INSERT OR IGNORE INTO mentions (user_id, room_id, seq, author, thread, in_room) VALUES (?, ?, ?, ?, ?, ?)",
            params![
                user,
                room.get(),
                seq,
                author.get(),
                place.thread,
                place.in_room
            ],
        )?;
    }
    Ok(())
}

pub(super) fn forget_names(db: &Connection, (room, seq): (RoomId, Seq)) -> StoreResult<()> {
    let statement = "DELETE FROM mentions WHERE room_id = ? AND seq = ?";
    run(db, statement, params![room.get(), seq])?;
    Ok(())
}
