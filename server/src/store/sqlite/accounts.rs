//! People.

use async_trait::async_trait;
use protocol::{RoomId, UserId, name_key};
use rusqlite::{Connection, Row, params};
use serde_json::json;

use super::{
    SqliteStore,
    rows::{Columns as _, all, first, int, value},
};
use crate::store::{Account, Accounts, StoreError, UserPage, rules::Answer};

/// Whether nobody has an account yet.
pub(super) const IS_EMPTY: &str = "SELECT NOT EXISTS (SELECT 1 FROM users)";

const COLUMNS: &str = "u.id, u.name, u.display_name, u.role, u.banned_at IS NOT NULL";

fn account(row: &Row<'_>) -> Answer<Account> {
    Ok(Account {
        id: row.user(0)?,
        name: row.get(1)?,
        display_name: row.get(2)?,
        role: row.role(3)?,
        banned: row.get(4)?,
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
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        let query = query.to_owned();
        self.read(move |db| {
            let statement = format!(
                "SELECT {COLUMNS} FROM users u WHERE u.id > ?1 AND u.banned_at IS NULL
                   AND (?2 = '' OR instr(u.name_key, ?2) > 0 OR instr(lower(u.display_name), lower(?3)) > 0)
                 ORDER BY u.id LIMIT +?4"
            );
            let asked = params![int(after), name_key(&query), query, limit + 1];
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

/// Members of a room, by id.
pub(super) fn members(
    db: &Connection,
    room: RoomId,
    query: &str,
    after: u64,
    limit: u32,
) -> Answer<UserPage> {
    let statement = format!(
        "SELECT {COLUMNS} FROM members m CROSS JOIN users u ON u.id = m.user_id
         WHERE m.room_id = ?1 AND m.user_id > ?2
           AND (?3 = '' OR instr(u.name_key, ?3) > 0 OR instr(lower(u.display_name), lower(?4)) > 0)
         ORDER BY m.user_id LIMIT +?5"
    );
    let asked = params![room.get(), int(after), name_key(query), query, limit + 1];
    Ok(page(all(db, &statement, asked, account)?, limit))
}

/// So many of those that were found; one more than asked tells whether there are more.
fn page(mut users: Vec<Account>, limit: u32) -> UserPage {
    let more = users.len() > limit as usize;
    users.truncate(limit as usize);
    let last = users.last().filter(|_| more);
    let next = last.map(|account| account.id.get());
    UserPage { users, next }
}

/// Whether somebody else is called something that has one of these looks, a list of JSON.
pub(super) fn is_taken(db: &Connection, looks: &str, except: Option<UserId>) -> Answer<bool> {
    value(
        db,
        "SELECT EXISTS (SELECT 1 FROM json_each(?) j CROSS JOIN name_looks l ON l.look = j.value WHERE l.user_id <> ?)",
        params![looks, except.map_or(0, UserId::get)],
    )
}
