//! Who is named in a text, kept beside it, so that counting mentions reads no texts.

use protocol::{RoomId, Seq, UserId};
use serde_json::{Value, json};
use sqlx::{SqliteConnection, SqlitePool};

use super::rows::{int, uint};
use crate::store::{Named, StoreError};

/// User 0 stands for everybody here.
pub(super) const EVERYBODY: u64 = 0;

/// A message, and whom it names as it stands now.
pub(super) struct Naming<'a> {
    pub(super) room: RoomId,
    pub(super) seq: Seq,
    pub(super) author: UserId,
    pub(super) named: &'a Named,
}

/// Notes who is named in these messages.
pub(super) async fn note(
    tx: &mut SqliteConnection,
    naming: impl Iterator<Item = Naming<'_>>,
) -> Result<(), StoreError> {
    let mut rows: Vec<Value> = Vec::new();
    for one in naming {
        let row = |user: u64| json!([user, one.room.get(), one.seq, one.author.get()]);
        rows.extend(users(one.named).map(row));
    }
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT OR IGNORE INTO mentions (user_id, room_id, seq, author)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)",
    )
    .bind(Value::Array(rows).to_string())
    .execute(tx)
    .await?;
    Ok(())
}

/// The users that are noted, 0 for everybody.
pub(super) fn users(named: &Named) -> impl Iterator<Item = u64> {
    let everybody = named.everybody.then_some(EVERYBODY);
    everybody
        .into_iter()
        .chain(named.users.iter().map(|user| user.get()))
}

/// Forgets who was named in a message.
pub(super) async fn forget(
    tx: &mut SqliteConnection,
    room: RoomId,
    seq: Seq,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM mentions WHERE room_id = ? AND seq = ?")
        .bind(int(room.get()))
        .bind(int(seq))
        .execute(tx)
        .await?;
    Ok(())
}

/// Places of messages that name a user or everybody.
pub(super) async fn after(
    pool: &SqlitePool,
    room: RoomId,
    user: UserId,
    after: Seq,
    limit: u32,
) -> Result<Vec<Seq>, StoreError> {
    let rows: Vec<(i64,)> = sqlx::query_as(
        "SELECT DISTINCT seq FROM mentions
         WHERE user_id IN (0, ?1) AND room_id = ?2 AND seq > ?3 AND author <> ?1 ORDER BY seq LIMIT +?4",
    )
    .bind(int(user.get()))
    .bind(int(room.get()))
    .bind(int(after))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(|(seq,)| uint(seq)).collect()
}
