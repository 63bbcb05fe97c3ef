//! Messages as they stand, and logs as they were written. Paging is by key, never by offset.

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use protocol::{Event, Message, MessageId, Reaction, RoomId, Seq, UserId};
use serde_json::json;
use sqlx::{SqliteConnection, SqlitePool};

use super::rows::{EntryRow, int, message_id, room_id, row, uint, user_id};
use crate::store::{Given, MessagePage, Newest, PageAt, Standing, StoreError, StoredAck};

pub(super) async fn find_ack(
    pool: &SqlitePool,
    author: UserId,
    id: MessageId,
) -> Result<Option<StoredAck>, StoreError> {
    let row: Option<(i64, i64, i64)> =
        sqlx::query_as("SELECT room_id, seq, at FROM commands WHERE author = ? AND id = ?")
            .bind(int(author.get()))
            .bind(id.as_bytes().as_slice())
            .fetch_optional(pool)
            .await?;
    row.map(|(room, seq, at)| {
        Ok(StoredAck {
            room: room_id(room)?,
            seq: uint(seq)?,
            at: uint(at)?,
        })
    })
    .transpose()
}

pub(super) async fn last_seq(
    db: impl sqlx::Executor<'_, Database = sqlx::Sqlite>,
    room: RoomId,
) -> Result<Seq, StoreError> {
    let row: Option<(i64,)> =
        sqlx::query_as("SELECT last_seq FROM rooms WHERE id = ? AND deleted_at IS NULL")
            .bind(int(room.get()))
            .fetch_optional(db)
            .await?;
    row.map_or(Ok(0), |(seq,)| uint(seq))
}

pub(super) async fn log(
    pool: &SqlitePool,
    room: RoomId,
    after: Seq,
    limit: u32,
    bytes: usize,
) -> Result<Vec<Event>, StoreError> {
    // One after the other: a thousand of the longest have 32 MB, and most of them would be read for nothing.
    let mut rows = sqlx::query_as::<_, EntryRow>(
        "SELECT seq, kind, author, at, id, target, text, emoji, flag, deleted FROM entries
         WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT +?",
    )
    .bind(int(room.get()))
    .bind(int(after))
    .bind(limit)
    .fetch(pool);
    let mut weight = 0;
    let mut events = Vec::new();
    while let Some(row) = rows.try_next().await? {
        weight += row.weight();
        if weight > bytes && !events.is_empty() {
            break;
        }
        events.push(row.into_event(room)?);
    }
    Ok(events)
}

row! {
    struct MessageRow {
        seq: i64,
        id: Vec<u8>,
        author: i64,
        at: i64,
        text: Option<String>,
        target: Option<i64>,
        edited_at: Option<i64>,
        deleted: bool,
    }
}

const COLUMNS: &str =
    "seq, id, author, at, COALESCE(now_text, text) AS text, target, edited_at, deleted";

enum Direction {
    Older,
    Newer,
}

async fn rows(
    db: &mut SqliteConnection,
    room: RoomId,
    direction: Direction,
    bound: i64,
    limit: u32,
) -> Result<Vec<MessageRow>, StoreError> {
    let (compare, order) = match direction {
        Direction::Older => ("seq < ?2", "DESC"),
        Direction::Newer => ("seq > ?2", "ASC"),
    };
    // Composed of the constants above only; every value is bound.
    let statement = format!(
        "SELECT {COLUMNS} FROM entries WHERE room_id = ?1 AND kind = 0 AND {compare} ORDER BY seq {order} LIMIT +?3"
    );
    let rows = sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(int(room.get()))
        .bind(bound)
        .bind(limit)
        .fetch_all(db)
        .await?;
    Ok(rows)
}

pub(super) async fn history(
    pool: &SqlitePool,
    room: RoomId,
    user: UserId,
    at: PageAt,
    limit: u32,
) -> Result<MessagePage, StoreError> {
    // One more than asked tells whether there are more.
    let (older_bound, older, newer_bound, newer) = match at {
        PageAt::Newest => (Some(i64::MAX), limit, None, 0),
        PageAt::Before(seq) => (Some(int(seq)), limit, None, 0),
        PageAt::After(seq) => (None, 0, Some(int(seq)), limit),
        PageAt::Around(seq) => {
            let older = limit.div_ceil(2);
            (
                Some(int(seq).saturating_add(1)),
                older,
                Some(int(seq)),
                limit - older,
            )
        }
    };
    // One transaction: all of it is of one moment.
    let mut db = pool.begin().await?;
    let mut page = MessagePage {
        last_seq: last_seq(&mut *db, room).await?,
        ..MessagePage::default()
    };
    let mut found = Vec::new();
    if let Some(bound) = older_bound {
        found = rows(&mut db, room, Direction::Older, bound, older + 1).await?;
        page.more = found.len() > older as usize;
        found.truncate(older as usize);
        found.reverse();
    }
    if let Some(bound) = newer_bound {
        let mut after = rows(&mut db, room, Direction::Newer, bound, newer + 1).await?;
        let more = after.len() > newer as usize;
        after.truncate(newer as usize);
        match at {
            PageAt::After(_) => page.more = more,
            _ => page.more_after = Some(more),
        }
        found.append(&mut after);
    }
    page.messages = stand(&mut db, room, user, found).await?;
    db.commit().await?;
    Ok(page)
}

pub(super) async fn newest(
    pool: &SqlitePool,
    room: RoomId,
    limit: u32,
) -> Result<Newest, StoreError> {
    let mut db = pool.begin().await?;
    let last_seq = last_seq(&mut *db, room).await?;
    let mut found = rows(&mut db, room, Direction::Older, i64::MAX, limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    found.reverse();
    let mut given = givers(&mut db, room, &found).await?;
    db.commit().await?;
    let standing = |row: MessageRow| {
        let given = given.remove(&row.seq).unwrap_or_default();
        let message = row.into_message(Vec::new())?;
        Ok(Standing { message, given })
    };
    let messages: Result<_, StoreError> = found.into_iter().map(standing).collect();
    Ok(Newest {
        messages: messages?,
        more,
        last_seq,
    })
}

pub(super) async fn messages(
    pool: &SqlitePool,
    room: RoomId,
    user: UserId,
    seqs: &[Seq],
) -> Result<Vec<Message>, StoreError> {
    // Composed of a constant; every value is bound.
    let statement = format!(
        "SELECT {COLUMNS} FROM entries WHERE room_id = ?1 AND kind = 0
         AND seq IN (SELECT value FROM json_each(?2)) ORDER BY seq"
    );
    let mut db = pool.begin().await?;
    let found = sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(int(room.get()))
        .bind(json!(seqs).to_string())
        .fetch_all(&mut *db)
        .await?;
    let messages = stand(&mut db, room, user, found).await?;
    db.commit().await?;
    Ok(messages)
}

pub(super) async fn notes(
    pool: &SqlitePool,
    room: RoomId,
    from: Seq,
    to: Seq,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<EntryRow> = sqlx::query_as(
        "SELECT seq, kind, author, at, id, target, text, emoji, flag, deleted FROM entries
         WHERE room_id = ? AND kind IN (4, 5, 6) AND seq >= ? AND seq <= ? ORDER BY seq DESC LIMIT +?",
    )
    .bind(int(room.get()))
    .bind(int(from))
    .bind(int(to))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .rev()
        .map(|row| row.into_event(room))
        .collect()
}

async fn stand(
    db: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    rows: Vec<MessageRow>,
) -> Result<Vec<Message>, StoreError> {
    let mut reactions = reactions(db, room, user, &rows).await?;
    rows.into_iter()
        .map(|row| {
            let given = reactions.remove(&row.seq).unwrap_or_default();
            row.into_message(given)
        })
        .collect()
}

impl MessageRow {
    fn into_message(self, reactions: Vec<Reaction>) -> Result<Message, StoreError> {
        Ok(Message {
            seq: uint(self.seq)?,
            id: message_id(&self.id)?,
            by: user_id(self.author)?,
            at: uint(self.at)?,
            text: self.text,
            reply_to: self.target.map(uint).transpose()?,
            edited_at: self.edited_at.map(uint).transpose()?,
            deleted: self.deleted,
            reactions,
        })
    }
}

/// The messages that may carry reactions, as SQLite reads a list.
fn reactable(messages: &[MessageRow]) -> String {
    let seqs: Vec<i64> = messages
        .iter()
        .filter(|row| !row.deleted)
        .map(|row| row.seq)
        .collect();
    json!(seqs).to_string()
}

async fn givers(
    db: &mut SqliteConnection,
    room: RoomId,
    messages: &[MessageRow],
) -> Result<HashMap<i64, Vec<Given>>, StoreError> {
    let rows: Vec<(i64, String, i64)> = sqlx::query_as(
        "SELECT r.target, r.emoji, r.user_id FROM json_each(?2) j
         CROSS JOIN reactions r ON r.room_id = ?1 AND r.target = j.value AND r.given = 1
         ORDER BY r.target, r.since, r.emoji",
    )
    .bind(int(room.get()))
    .bind(reactable(messages))
    .fetch_all(db)
    .await?;
    let mut by_message: HashMap<i64, Vec<Given>> = HashMap::new();
    for (target, emoji, user) in rows {
        let (given, user) = (by_message.entry(target).or_default(), user_id(user)?);
        match given.last_mut().filter(|last| last.emoji == emoji) {
            Some(last) => last.by.push(user),
            None => given.push(Given {
                emoji,
                by: vec![user],
            }),
        }
    }
    Ok(by_message)
}

async fn reactions(
    db: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    messages: &[MessageRow],
) -> Result<HashMap<i64, Vec<Reaction>>, StoreError> {
    if messages.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String, i64, bool)> = sqlx::query_as(
        "SELECT r.target, r.emoji, COUNT(*), MAX(r.user_id = ?2) FROM json_each(?3) j
         CROSS JOIN reactions r ON r.room_id = ?1 AND r.target = j.value AND r.given = 1
         GROUP BY r.target, r.emoji ORDER BY r.target, MIN(r.since)",
    )
    .bind(int(room.get()))
    .bind(int(user.get()))
    .bind(reactable(messages))
    .fetch_all(db)
    .await?;
    let mut by_message: HashMap<i64, Vec<Reaction>> = HashMap::new();
    for (target, emoji, count, mine) in rows {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        by_message
            .entry(target)
            .or_default()
            .push(Reaction { emoji, count, mine });
    }
    Ok(by_message)
}
