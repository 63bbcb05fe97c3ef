//! Who is named in a text, kept beside it, so that counting mentions reads no texts.

use std::collections::{HashMap, HashSet};

use protocol::{HERE, RoomId, Seq, UserId, mention_candidates, name_key};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::rows::{int, user_id};
use crate::store::StoreError;

/// User 0 stands for everybody here.
const EVERYBODY: u64 = 0;

/// A text as it stands now.
pub(super) struct Said<'a> {
    pub(super) room: RoomId,
    pub(super) seq: Seq,
    pub(super) author: UserId,
    pub(super) text: &'a str,
}

/// Notes who is named in these texts.
pub(super) async fn note(
    tx: &mut SqliteConnection,
    texts: impl Iterator<Item = Said<'_>>,
) -> Result<(), StoreError> {
    let naming: Vec<Said<'_>> = texts.filter(|said| said.text.contains('@')).collect();
    if naming.is_empty() {
        return Ok(());
    }
    let words: HashSet<&str> = naming
        .iter()
        .flat_map(|said| {
            mention_candidates(said.text)
                .into_iter()
                .flat_map(|c| c.names(said.text).collect::<Vec<_>>())
        })
        .collect();
    let people = people(tx, &words).await?;
    let rows: Vec<Value> = naming
        .iter()
        .flat_map(|said| {
            let row = |user: u64| json!([user, said.room.get(), said.seq, said.author.get()]);
            named(said.text, &people)
                .into_iter()
                .map(row)
                .collect::<Vec<_>>()
        })
        .collect();
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

/// The users that a text names, 0 for everybody; `people` knows words by their key.
fn named(text: &str, people: &HashMap<String, UserId>) -> HashSet<u64> {
    named_by(text, |word| {
        people.get(&name_key(word)).map(|user| user.get())
    })
}

/// As [`named`], where `who` knows whom a word calls.
pub(super) fn named_by(text: &str, mut who: impl FnMut(&str) -> Option<u64>) -> HashSet<u64> {
    let mut who = |word: &str| {
        if word.eq_ignore_ascii_case(HERE) {
            return Some(EVERYBODY);
        }
        who(word)
    };
    mention_candidates(text)
        .iter()
        .filter_map(|candidate| candidate.names(text).find_map(&mut who))
        .collect()
}

async fn people(
    tx: &mut SqliteConnection,
    words: &HashSet<&str>,
) -> Result<HashMap<String, UserId>, StoreError> {
    let keys: HashSet<String> = words.iter().map(|word| name_key(word)).collect();
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT u.name_key, u.id FROM json_each(?) j CROSS JOIN users u ON u.name_key = j.value",
    )
    .bind(json!(keys).to_string())
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|(key, id)| Ok((key, user_id(id)?)))
        .collect()
}
