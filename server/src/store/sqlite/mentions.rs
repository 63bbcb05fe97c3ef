//! Mentions: whom messages name as they stand now, so that counting them reads no texts.

use protocol::{RoomId, Seq, UserId};
use rusqlite::{Connection, params};

use super::rows::run;
pub(super) use crate::store::codes::{EVERYBODY, MentionPlace, named_users as users};
use crate::store::{Named, rules::StoreResult};

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
