//! What is for one person over all their rooms, the newest first: messages that name them, and everybody, direct ones, and replies of threads that they
//! follow. One statement: of each kind and room the newest few, and of those the newest.

use protocol::{RoomId, UserId};

use super::rows::{Db, Number as _, PgColumns as _};
use crate::store::{ForYouPage, Moment, codes::room_id, rules::StoreResult};

/// `$1` the user, `$2` `$3` `$4` the moment before which they stand, `$5` how many.
const PLACES: &str = "
    WITH mine AS MATERIALIZED (SELECT r.id, r.kind FROM members m
        JOIN rooms r ON r.id = m.room_id AND r.deleted_at IS NULL AND r.hidden_at IS NULL WHERE m.user_id = $1)
    (SELECT n.at, n.room_id, n.seq FROM mentions n
       WHERE n.user_id = $1 AND n.author <> $1 AND (n.at, n.room_id, n.seq) < ($2, $3, $4) AND n.room_id IN (SELECT id FROM mine)
       ORDER BY n.at DESC, n.room_id DESC, n.seq DESC LIMIT $5)
    UNION
    SELECT found.at, mine.id, found.seq FROM mine CROSS JOIN LATERAL (SELECT n.at, n.seq FROM mentions n
       WHERE n.user_id = 0 AND n.room_id = mine.id AND n.in_room = 1 AND n.author <> $1 AND (n.at, n.room_id, n.seq) < ($2, $3, $4)
       ORDER BY n.seq DESC LIMIT $5) AS found
    UNION
    SELECT found.at, mine.id, found.seq FROM mine CROSS JOIN LATERAL (SELECT e.at, e.seq FROM entries e
       WHERE e.room_id = mine.id AND e.kind = 0 AND e.deleted = 0 AND e.author <> $1 AND (e.at, e.room_id, e.seq) < ($2, $3, $4)
       ORDER BY e.seq DESC LIMIT $5) AS found WHERE mine.kind = 2
    UNION
    SELECT found.at, f.room_id, found.seq FROM follows f JOIN mine ON mine.id = f.room_id CROSS JOIN LATERAL (SELECT e.at, e.seq FROM entries e
       WHERE e.room_id = f.room_id AND e.thread = f.root AND e.deleted = 0 AND e.author <> $1 AND (e.at, e.room_id, e.seq) < ($2, $3, $4)
       ORDER BY e.seq DESC LIMIT $5) AS found WHERE f.user_id = $1 AND f.following = 1
    ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT $5";

/// [`crate::store::Personal::for_you`].
pub(super) async fn page(
    db: &mut Db,
    user: UserId,
    before: Option<Moment>,
    limit: u32,
) -> StoreResult<ForYouPage> {
    let at = before.map_or(i64::MAX, |before| before.at.n());
    let room = before.map_or(i64::MAX, |before| before.room.n());
    let seq = before.map_or(i64::MAX, |before| before.seq.n());
    let most = i64::from(limit) + 1;
    let mut places = db
        .all(PLACES, &[&user.n(), &at, &room, &seq, &most], |row| {
            let room: RoomId = room_id(row.number(1)?)?;
            Ok(Moment {
                at: row.number(0)?,
                room,
                seq: row.number(2)?,
            })
        })
        .await?;
    let more = places.len() > limit as usize;
    places.truncate(limit as usize);
    let next = places.last().copied().filter(|_| more);
    Ok(ForYouPage { places, next })
}
