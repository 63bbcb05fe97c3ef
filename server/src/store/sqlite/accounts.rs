//! People.

use async_trait::async_trait;
use protocol::{RoomId, UserId, name_key};
use rusqlite::{
    Connection, Row,
    functions::{Context, FunctionFlags},
    params,
};
use serde_json::json;

use super::{
    SqliteStore,
    rows::{Columns as _, all, cut, first, int, value},
};
use crate::{
    latin::reads_as,
    store::{Account, Accounts, StoreError, UserPage, UsersAsked, rules::StoreResult},
};

/// Whether nobody has an account yet.
pub(super) const IS_EMPTY: &str = "SELECT NOT EXISTS (SELECT 1 FROM users)";

/// Whether a name reads as what was typed, in the words of SQL.
const READS_AS: &str = "reads_as";

const COLUMNS: &str = "u.id, u.name, u.display_name, u.role, u.tz, u.banned_at IS NOT NULL";

fn account(row: &Row<'_>) -> StoreResult<Account> {
    Ok(Account {
        id: row.user(0)?,
        name: row.get(1)?,
        display_name: row.get(2)?,
        role: row.role(3)?,
        tz: row.get(4)?,
        banned: row.get(5)?,
    })
}

#[async_trait]
impl Accounts for SqliteStore {
    async fn is_empty(&self) -> Result<bool, StoreError> {
        self.read(|db| value(db, IS_EMPTY, [])).await
    }

    async fn people(&self) -> Result<u64, StoreError> {
        let statement = "SELECT COUNT(*) FROM users WHERE banned_at IS NULL";
        self.read(|db| value(db, statement, [])).await
    }

    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Account>, StoreError> {
        let users = json!(users).to_string();
        self.read(move |db| {
            let statement = format!(
                "SELECT {COLUMNS} FROM users u WHERE u.id IN (SELECT value FROM json_each(?)) ORDER BY u.id"
            );
            all(db, &statement, [users], account)
        })
        .await
    }

    async fn account_by_key(&self, name_key: &str) -> Result<Option<Account>, StoreError> {
        let key = name_key.to_owned();
        self.read(move |db| {
            let statement = format!("SELECT {COLUMNS} FROM users u WHERE u.name_key = ?");
            first(db, &statement, [key], account)
        })
        .await
    }

    async fn users_page(
        &self,
        which: UsersAsked,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        let query = query.to_owned();
        self.read(move |db| {
            let named = named("?2", "?3");
            let statement = format!(
                "SELECT {COLUMNS} FROM users u WHERE u.id > ?1 AND (u.banned_at IS NOT NULL) = ?5
                   AND ({named})
                 ORDER BY u.id LIMIT +?4"
            );
            let asked = params![
                int(after),
                name_key(&query),
                query,
                limit + 1,
                which == UsersAsked::Banned
            ];
            Ok(page(all(db, &statement, asked, account)?, limit))
        })
        .await
    }

    async fn is_taken(&self, looks: &[String]) -> Result<bool, StoreError> {
        let looks = json!(looks).to_string();
        self.read(move |db| is_taken(db, &looks, None)).await
    }

    async fn password(&self, user: UserId) -> Result<Option<String>, StoreError> {
        self.read(move |db| {
            let statement = "SELECT password FROM users WHERE id = ?";
            first(db, statement, [user.get()], |row| Ok(row.get(0)?))
        })
        .await
    }
}

/// Whose name or display name holds what is looked for, or reads as it: its key, and what was typed, by their places among what is bound.
fn named(key: &str, typed: &str) -> String {
    format!(
        "{key} = '' OR instr(u.name_key, {key}) > 0 OR instr(lower(u.display_name), lower({typed})) > 0
         OR {READS_AS}(u.display_name, {typed}) OR {READS_AS}(u.name, {typed})"
    )
}

/// Gives a connection the function that [`named`] calls.
pub(super) fn teach_reading(db: &Connection) -> StoreResult<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_DIRECTONLY;
    let reads = |asked: &mut Context<'_>| {
        let of = |at| asked.get_raw(at).as_str().unwrap_or_default();
        Ok(reads_as(of(0), of(1)))
    };
    db.create_scalar_function(READS_AS, 2, flags, reads)?;
    Ok(())
}

/// Members of a room, by id.
pub(super) fn members(
    db: &Connection,
    room: RoomId,
    query: &str,
    after: u64,
    limit: u32,
) -> StoreResult<UserPage> {
    let named = named("?3", "?4");
    let statement = format!(
        "SELECT {COLUMNS} FROM members m CROSS JOIN users u ON u.id = m.user_id
         WHERE m.room_id = ?1 AND m.user_id > ?2
           AND ({named})
         ORDER BY m.user_id LIMIT +?5"
    );
    let asked = params![room.get(), int(after), name_key(query), query, limit + 1];
    Ok(page(all(db, &statement, asked, account)?, limit))
}

/// A page of those that were found, one more than asked where there are more.
fn page(users: Vec<Account>, limit: u32) -> UserPage {
    let (users, more) = cut(users, limit);
    let last = users.last().filter(|_| more);
    let next = last.map(|account| account.id.get());
    UserPage { users, next }
}

/// Whether somebody else is called something that has one of these looks, a list of JSON.
pub(super) fn is_taken(db: &Connection, looks: &str, except: Option<UserId>) -> StoreResult<bool> {
    value(
        db,
        "SELECT EXISTS (SELECT 1 FROM json_each(?) j CROSS JOIN name_looks l ON l.look = j.value WHERE l.user_id <> ?)",
        params![looks, except.map_or(0, UserId::get)],
    )
}
