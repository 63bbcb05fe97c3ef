//! What earlier releases stored by other rules is brought to the rules of today, once: who is mentioned, and which emoji are one
//! reaction. The migration notes what is to be done; each step is one transaction that also notes that it is done.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::TryStreamExt as _;
use protocol::UserId;
use serde_json::{Value, json};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use text::{Call, calls, handle_key, reaction_key};

use super::{
    mentions::{Naming, note},
    rows::{room_id, uint, user_id},
};
use crate::store::{Named, StoreError};

/// Whether nothing is left to be done; false also for a store that was not opened by this release yet.
pub(super) async fn is_done(db: &mut SqliteConnection) -> Result<bool, StoreError> {
    let (there,): (bool,) =
        sqlx::query_as("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'unfinished')")
            .fetch_one(&mut *db)
            .await?;
    Ok(there && unfinished(db).await?.is_empty())
}

async fn unfinished(db: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    let steps: Vec<(String,)> = sqlx::query_as("SELECT step FROM unfinished ORDER BY step")
        .fetch_all(db)
        .await?;
    Ok(steps.into_iter().map(|(step,)| step).collect())
}

/// Does what is left to be done, over a connection of its own.
pub(super) async fn finish(options: &SqliteConnectOptions) -> Result<(), StoreError> {
    let mut db = options
        .clone()
        .disable_statement_logging()
        .connect()
        .await?;
    for step in unfinished(&mut db).await? {
        let mut tx = db.begin().await?;
        match step.as_str() {
            "mentions" => mentions(&mut tx).await?,
            "reactions" => reactions(&mut tx).await?,
            other => return Err(StoreError::Corrupt(format!("an unknown step: {other}"))),
        }
        sqlx::query("DELETE FROM unfinished WHERE step = ?")
            .bind(step)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    db.close().await?;
    Ok(())
}

/// Who has which name, and since when.
pub(super) struct People(HashMap<String, (UserId, i64)>);

impl People {
    pub(super) async fn load(db: &mut SqliteConnection) -> Result<Self, StoreError> {
        let mut people = HashMap::new();
        let mut rows =
            sqlx::query_as::<_, (String, i64, i64)>("SELECT name, id, created_at FROM users")
                .fetch(db);
        while let Some((name, id, since)) = rows.try_next().await? {
            people.insert(handle_key(&name), (user_id(id)?, since));
        }
        Ok(Self(people))
    }

    /// Whom calls named when those who came up to a time were there.
    pub(super) fn named(&self, calls: &[Call], upto: i64) -> Named {
        let who = |key: &str| {
            let known = self.0.get(key).filter(|(_, since)| *since <= upto);
            known.map(|(user, _)| *user)
        };
        Named::by(calls, who)
    }
}

/// Messages that are read at a time.
const AT_ONCE: i64 = 2_000;

type Text = (i64, i64, i64, String, i64);

/// Counts all mentions anew.
async fn mentions(tx: &mut SqliteConnection) -> Result<(), StoreError> {
    let people = People::load(tx).await?;
    sqlx::query("DELETE FROM mentions")
        .execute(&mut *tx)
        .await?;
    let mut after = (0, 0);
    loop {
        let texts: Vec<Text> = sqlx::query_as(
            "SELECT room_id, seq, author, COALESCE(now_text, text), COALESCE(edited_at, at) FROM entries
             WHERE (room_id, seq) > (?, ?) AND kind = 0 AND deleted = 0 AND text IS NOT NULL
             ORDER BY room_id, seq LIMIT +?",
        )
        .bind(after.0)
        .bind(after.1)
        .bind(AT_ONCE)
        .fetch_all(&mut *tx)
        .await?;
        let Some(last) = texts.last() else {
            return Ok(());
        };
        after = (last.0, last.1);
        let mut naming = Vec::new();
        for (room, seq, author, said, written_at) in &texts {
            let calls = calls(said);
            if !calls.is_empty() {
                let named = people.named(&calls, *written_at);
                naming.push((room_id(*room)?, uint(*seq)?, user_id(*author)?, named));
            }
        }
        let naming = naming.iter().map(|(room, seq, author, named)| Naming {
            room: *room,
            seq: *seq,
            author: *author,
            named,
        });
        note(tx, naming).await?;
    }
}

/// Writes every reaction in the one way of its emoji. Whoever gave one emoji in two ways gave it once; what they did last stands.
async fn reactions(tx: &mut SqliteConnection) -> Result<(), StoreError> {
    let stored: Vec<(String,)> = sqlx::query_as("SELECT DISTINCT emoji FROM reactions")
        .fetch_all(&mut *tx)
        .await?;
    let other = |(emoji,): (String,)| {
        let key = reaction_key(&emoji).ok()?;
        (key != emoji).then_some((emoji, key))
    };
    let renamed: BTreeMap<String, String> = stored.into_iter().filter_map(other).collect();
    if renamed.is_empty() {
        return Ok(());
    }
    let pairs: Vec<Value> = renamed.iter().map(|(from, to)| json!([from, to])).collect();
    sqlx::query(
        "UPDATE entries SET emoji = j.value ->> 1 FROM json_each(?) j WHERE entries.kind = 3 AND entries.emoji = j.value ->> 0",
    )
    .bind(Value::Array(pairs).to_string())
    .execute(&mut *tx)
    .await?;
    let touched: BTreeSet<&String> = renamed.keys().chain(renamed.values()).collect();
    let touched = json!(touched).to_string();
    sqlx::query("DELETE FROM reactions WHERE emoji IN (SELECT value FROM json_each(?))")
        .bind(&touched)
        .execute(&mut *tx)
        .await?;
    // As they stand by their log: the last entry of each person, and the one that brought the emoji under the message.
    sqlx::query(
        "WITH last AS (SELECT room_id, target, emoji, author, flag, seq,
            ROW_NUMBER() OVER (PARTITION BY room_id, target, emoji, author ORDER BY seq DESC) AS n,
            MIN(CASE WHEN flag = 1 THEN seq END) OVER (PARTITION BY room_id, target, emoji) AS since
            FROM entries WHERE kind = 3 AND emoji IN (SELECT value FROM json_each(?)))
         INSERT INTO reactions (room_id, target, emoji, user_id, given, seq, since)
         SELECT room_id, target, emoji, author, flag, seq, COALESCE(since, seq) FROM last WHERE n = 1",
    )
    .bind(&touched)
    .execute(&mut *tx)
    .await?;
    Ok(())
}
