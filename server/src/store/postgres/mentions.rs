//! Mentions: whom messages name as they stand now, so that counting them reads no texts.

use protocol::{RoomId, Seq, UserId};

use super::rows::{Db, Number as _};
use crate::store::{
    Named,
    codes::{MentionPlace, named_users},
    rules::StoreResult,
};

/// Rows of mentions to be kept, a column each.
#[derive(Default)]
pub(super) struct NewMentions {
    users: Vec<i64>,
    rooms: Vec<i64>,
    seqs: Vec<i64>,
    authors: Vec<i64>,
    threads: Vec<Option<i64>>,
    in_room: Vec<i16>,
    at: Vec<i64>,
}

impl NewMentions {
    /// A message names somebody.
    pub(super) fn add(
        &mut self,
        (room, seq, at): (RoomId, Seq, u64),
        (author, place): (UserId, MentionPlace),
        named: &Named,
    ) {
        for user in named_users(named) {
            self.users.push(user.n());
            self.rooms.push(room.n());
            self.seqs.push(seq.n());
            self.authors.push(author.n());
            self.threads.push(place.thread.map(u64::n));
            self.in_room.push(place.in_room.into());
            self.at.push(at.n());
        }
    }

    /// Keeps them.
    pub(super) async fn keep(&self, db: &mut Db) -> StoreResult<()> {
        if self.users.is_empty() {
            return Ok(());
        }
        db.run(
            "INSERT INTO mentions (user_id, room_id, seq, author, thread, in_room, at)
             SELECT * FROM UNNEST ($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::smallint[], $7::bigint[])
             ON CONFLICT DO NOTHING",
            &[
                &self.users,
                &self.rooms,
                &self.seqs,
                &self.authors,
                &self.threads,
                &self.in_room,
                &self.at,
            ],
        )
        .await?;
        Ok(())
    }
}

/// A message names nobody any more.
pub(super) async fn forget(db: &mut Db, (room, seq): (RoomId, Seq)) -> StoreResult<()> {
    let sql = "DELETE FROM mentions WHERE room_id = $1 AND seq = $2";
    db.run(sql, &[&room.n(), &seq.n()]).await?;
    Ok(())
}
