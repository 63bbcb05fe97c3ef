//! People.

use async_trait::async_trait;
use protocol::{RoomId, UserId, name_key};
use tokio_postgres::Row;

use super::{
    PostgresStore,
    rows::{Db, Number as _, PgColumns as _, cut, numbers},
};
use crate::{
    latin::reads_as,
    store::{
        Account, Accounts, StoreError, UserPage, UsersAsked, codes::role_of, rules::StoreResult,
    },
};

/// Whether nobody has an account yet.
pub(super) const IS_EMPTY: &str = "SELECT NOT EXISTS (SELECT 1 FROM users)";

const COLUMNS: &str = "u.id, u.name, u.display_name, u.role, u.tz, u.banned_at IS NOT NULL";

/// Names in Han are read as pinyin by this program, not by the database: so many people with such names are looked at in one step.
const STEP: i64 = 1_000;

fn account(row: &Row) -> StoreResult<Account> {
    Ok(Account {
        id: row.user(0)?,
        name: row.of(1)?,
        display_name: row.of(2)?,
        role: role_of(row.small(3)?)?,
        tz: row.of(4)?,
        banned: row.of(5)?,
    })
}

#[async_trait]
impl Accounts for PostgresStore {
    async fn is_empty(&self) -> Result<bool, StoreError> {
        self.read(|db| Box::pin(db.one(IS_EMPTY, &[], |row| row.of(0))))
            .await
    }

    async fn people(&self) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM users WHERE banned_at IS NULL";
        self.read(|db| Box::pin(db.one(sql, &[], |row| row.number(0))))
            .await
    }

    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Account>, StoreError> {
        let users = numbers(users);
        self.read(|db| {
            Box::pin(async move {
                let sql =
                    format!("SELECT {COLUMNS} FROM users u WHERE u.id = ANY ($1) ORDER BY u.id");
                db.all(&sql, &[&users], account).await
            })
        })
        .await
    }

    async fn account_by_key(&self, name_key: &str) -> Result<Option<Account>, StoreError> {
        let key = name_key.to_owned();
        self.read(|db| {
            Box::pin(async move {
                let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.name_key = $1");
                db.first(&sql, &[&key], account).await
            })
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
        let banned = which == UsersAsked::Banned;
        let from = ("users u", "(u.banned_at IS NOT NULL)::int::bigint = $5");
        self.read(|db| {
            Box::pin(async move { page(db, from, (banned.into(), &query), after, limit).await })
        })
        .await
    }

    async fn is_taken(&self, looks: &[String]) -> Result<bool, StoreError> {
        let looks = looks.to_vec();
        self.read(|db| Box::pin(async move { is_taken(db, &looks, None).await }))
            .await
    }

    async fn password(&self, user: UserId) -> Result<Option<String>, StoreError> {
        self.read(|db| {
            Box::pin(async move {
                let sql = "SELECT password FROM users WHERE id = $1";
                db.first(sql, &[&user.n()], |row| row.of(0)).await
            })
        })
        .await
    }
}

/// Members of a room, by id.
pub(super) async fn members(
    db: &mut Db,
    room: RoomId,
    query: &str,
    after: u64,
    limit: u32,
) -> StoreResult<UserPage> {
    let from = (
        "members m JOIN users u ON u.id = m.user_id",
        "m.room_id = $5",
    );
    page(db, from, (room.n(), query), after, limit).await
}

/// A page of people by id, of those whose name or display name holds what is looked for or, in Han, reads as it. The database finds the first kind and
/// whoever has a name that is not ASCII; of those this program looks whether they read so.
async fn page(
    db: &mut Db,
    from: (&str, &str),
    (of, query): (i64, &str),
    after: u64,
    limit: u32,
) -> StoreResult<UserPage> {
    let (tables, filter) = from;
    let sql = format!(
        "SELECT {COLUMNS}, found.holds FROM {tables}
         CROSS JOIN LATERAL (SELECT $2 = '' OR POSITION ($2 IN u.name_key) > 0
           OR POSITION (lower($3 COLLATE \"C\") IN lower(u.display_name COLLATE \"C\")) > 0 AS holds) AS found
         WHERE {filter} AND u.id > $1 AND (found.holds OR u.display_name ~ '[^\\x01-\\x7f]' OR u.name ~ '[^\\x01-\\x7f]')
         ORDER BY u.id LIMIT $4"
    );
    let (key, mut after) = (name_key(query), after.n());
    let wanted = limit as usize + 1;
    let mut found = Vec::new();
    loop {
        let step = STEP.max(i64::from(limit) + 1);
        let rows = db
            .all(&sql, &[&after, &key, &query, &step, &of], |row| {
                Ok((account(row)?, row.of::<bool>(6)?))
            })
            .await?;
        let ended = i64::try_from(rows.len()).unwrap_or(i64::MAX) < step;
        for (account, holds) in rows {
            after = account.id.n();
            if holds || reads_as(&account.display_name, query) || reads_as(&account.name, query) {
                found.push(account);
            }
            if found.len() == wanted {
                break;
            }
        }
        if ended || found.len() == wanted {
            break;
        }
    }
    let (users, more) = cut(found, limit);
    let last = users.last().filter(|_| more);
    let next = last.map(|account| account.id.get());
    Ok(UserPage { users, next })
}

/// Whether somebody else is called something that has one of these looks.
pub(super) async fn is_taken(
    db: &mut Db,
    looks: &[String],
    except: Option<UserId>,
) -> StoreResult<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM name_looks WHERE look = ANY ($1) AND user_id <> $2)";
    let except = except.map_or(0, UserId::n);
    db.one(sql, &[&looks, &except], |row| row.of(0)).await
}
