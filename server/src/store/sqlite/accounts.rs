//! People.

use protocol::{RoomId, UserId, name_key};
use serde_json::json;
use sqlx::SqlitePool;

use super::rows::{AccountRow, int, room_id, row, uint, user_id};
use crate::store::{Account, Author, LOOK_BACK, StoreError, UserPage};

macro_rules! account_columns {
    () => {
        "u.id, u.name, u.display_name, u.role, u.banned_at IS NOT NULL AS banned"
    };
}

pub(super) async fn is_empty(pool: &SqlitePool) -> Result<bool, StoreError> {
    let (empty,): (bool,) = sqlx::query_as("SELECT NOT EXISTS (SELECT 1 FROM users)")
        .fetch_one(pool)
        .await?;
    Ok(empty)
}

pub(super) async fn count(pool: &SqlitePool) -> Result<u64, StoreError> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM users WHERE banned_at IS NULL")
        .fetch_one(pool)
        .await?;
    uint(count)
}

pub(super) async fn accounts(
    pool: &SqlitePool,
    users: &[UserId],
) -> Result<Vec<Account>, StoreError> {
    let numbers: Vec<u64> = users.iter().map(|user| user.get()).collect();
    let rows: Vec<AccountRow> = sqlx::query_as(concat!(
        "SELECT ",
        account_columns!(),
        " FROM users u WHERE u.id IN (SELECT value FROM json_each(?)) ORDER BY u.id"
    ))
    .bind(json!(numbers).to_string())
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Account::try_from).collect()
}

pub(super) async fn password(
    pool: &SqlitePool,
    user: UserId,
) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = sqlx::query_as("SELECT password FROM users WHERE id = ?")
        .bind(int(user.get()))
        .fetch_optional(pool)
        .await?;
    Ok(row.map(|(hash,)| hash))
}

pub(super) async fn by_key(pool: &SqlitePool, key: &str) -> Result<Option<Account>, StoreError> {
    let row: Option<AccountRow> = sqlx::query_as(concat!(
        "SELECT ",
        account_columns!(),
        " FROM users u WHERE u.name_key = ?"
    ))
    .bind(key)
    .fetch_optional(pool)
    .await?;
    row.map(Account::try_from).transpose()
}

pub(super) async fn page(
    pool: &SqlitePool,
    query: &str,
    after: u64,
    limit: u32,
) -> Result<UserPage, StoreError> {
    let rows: Vec<AccountRow> = sqlx::query_as(concat!(
        "SELECT ",
        account_columns!(),
        " FROM users u WHERE u.id > ?1 AND u.banned_at IS NULL
            AND (?2 = '' OR instr(u.name_key, ?2) > 0 OR instr(lower(u.display_name), lower(?3)) > 0)
          ORDER BY u.id LIMIT +?4"
    ))
    .bind(int(after))
    .bind(name_key(query))
    .bind(query)
    .bind(limit + 1)
    .fetch_all(pool)
    .await?;
    paged(rows, limit)
}

pub(super) async fn members(
    pool: &SqlitePool,
    room: RoomId,
    query: &str,
    after: u64,
    limit: u32,
) -> Result<UserPage, StoreError> {
    let rows: Vec<AccountRow> = sqlx::query_as(concat!(
        "SELECT ",
        account_columns!(),
        " FROM members m CROSS JOIN users u ON u.id = m.user_id
          WHERE m.room_id = ?1 AND m.user_id > ?2
            AND (?3 = '' OR instr(u.name_key, ?3) > 0 OR instr(lower(u.display_name), lower(?4)) > 0)
          ORDER BY m.user_id LIMIT +?5"
    ))
    .bind(int(room.get()))
    .bind(int(after))
    .bind(name_key(query))
    .bind(query)
    .bind(limit + 1)
    .fetch_all(pool)
    .await?;
    paged(rows, limit)
}

pub(super) async fn member_count(pool: &SqlitePool, room: RoomId) -> Result<u64, StoreError> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM members WHERE room_id = ?")
        .bind(int(room.get()))
        .fetch_one(pool)
        .await?;
    Ok(count.unsigned_abs())
}

fn paged(rows: Vec<AccountRow>, limit: u32) -> Result<UserPage, StoreError> {
    let more = rows.len() > limit as usize;
    let users: Vec<Account> = rows
        .into_iter()
        .take(limit as usize)
        .map(Account::try_from)
        .collect::<Result<_, _>>()?;
    let next = if more {
        users.last().map(|account| account.id.get())
    } else {
        None
    };
    Ok(UserPage { users, next })
}

row! {
    struct AuthorRow {
        room_id: i64,
        author: i64,
        seq: i64,
        at: i64,
    }
}

pub(super) async fn recent_authors(
    pool: &SqlitePool,
    rooms: &[RoomId],
) -> Result<Vec<Author>, StoreError> {
    let numbers: Vec<u64> = rooms.iter().map(|room| room.get()).collect();
    // `at` is that of the row with the greatest `seq` (sqlite.org/lang_select.html, "Bare columns in an aggregate query").
    let rows: Vec<AuthorRow> = sqlx::query_as(
        "SELECT e.room_id, e.author, MAX(e.seq) AS seq, e.at FROM json_each(?) j CROSS JOIN rooms r ON r.id = j.value
         CROSS JOIN entries e ON e.room_id = r.id AND e.seq > r.last_seq - ? AND e.kind = 0 GROUP BY e.room_id, e.author",
    )
    .bind(json!(numbers).to_string())
    .bind(int(LOOK_BACK))
    .fetch_all(pool)
    .await?;
    let author = |row: AuthorRow| {
        Ok(Author {
            room: room_id(row.room_id)?,
            user: user_id(row.author)?,
            seq: uint(row.seq)?,
            at: uint(row.at)?,
        })
    };
    rows.into_iter().map(author).collect()
}
