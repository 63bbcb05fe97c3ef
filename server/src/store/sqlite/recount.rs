//! Recounts: what earlier releases stored by other rules is brought to the rules of today, once: who is mentioned, and which emoji are one
//! reaction. The migration notes what is to be done; each step is one transaction that also notes that it is done.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{RoomId, Seq, UserId};
use rusqlite::{Connection, TransactionBehavior, params};
use serde_json::{Value, json};
use text::{calls, reaction_key};

use super::{
    mentions::{MentionPlace, name},
    rows::{Columns as _, all, run, value},
};
use crate::store::{StoreError, named::NameHistory, rules::StoreResult};

/// Whether nothing is left to be done; false also for a store that was not opened by this release yet.
pub(super) fn is_done(db: &Connection) -> StoreResult<bool> {
    let there: bool = value(
        db,
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'unfinished')",
        [],
    )?;
    Ok(there && unfinished(db)?.is_empty())
}

fn unfinished(db: &Connection) -> StoreResult<Vec<String>> {
    let statement = "SELECT step FROM unfinished ORDER BY step";
    all(db, statement, [], |row| Ok(row.get(0)?))
}

/// Does what is left to be done.
pub(super) fn finish(db: &mut Connection) -> StoreResult<()> {
    for step in unfinished(db)? {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match step.as_str() {
            "mentions" => mentions(&tx)?,
            "reactions" => reactions(&tx)?,
            other => return Err(StoreError::Corrupt(format!("an unknown step: {other}"))),
        }
        run(&tx, "DELETE FROM unfinished WHERE step = ?", [step])?;
        tx.commit()?;
    }
    Ok(())
}

/// Who has which name, and since when.
pub(super) fn people(db: &Connection) -> StoreResult<NameHistory> {
    let mut people = NameHistory::default();
    let mut statement = db.prepare_cached("SELECT name, id, created_at FROM users")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        people.put(row.get_ref(0)?.as_str()?, row.user(1)?, row.get(2)?);
    }
    Ok(people)
}

/// Messages that are read at a time.
const AT_ONCE: u32 = 2_000;

/// A text, its author, and when it was written.
struct Text {
    at: (RoomId, Seq),
    author: UserId,
    said: String,
    written_at: u64,
    place: MentionPlace,
}

/// Counts all mentions anew.
fn mentions(db: &Connection) -> StoreResult<()> {
    let people = people(db)?;
    run(db, "DELETE FROM mentions", [])?;
    let mut after = (0, 0);
    loop {
        let texts = all(
            db,
            "SELECT room_id, seq, author, COALESCE(now_text, text), COALESCE(edited_at, at), thread, in_room FROM entries
             WHERE (room_id, seq) > (?, ?) AND kind = 0 AND deleted = 0 AND text IS NOT NULL
             ORDER BY room_id, seq LIMIT +?",
            params![after.0, after.1, AT_ONCE],
            |row| {
                Ok(Text {
                    at: (row.room(0)?, row.get(1)?),
                    author: row.user(2)?,
                    said: row.get(3)?,
                    written_at: row.get(4)?,
                    place: MentionPlace {
                        thread: row.get(5)?,
                        in_room: row.get(6)?,
                    },
                })
            },
        )?;
        let Some(last) = texts.last() else {
            return Ok(());
        };
        after = (last.at.0.get(), last.at.1);
        for text in &texts {
            let calls = calls(&text.said);
            if !calls.is_empty() {
                let named = people.named(&calls, text.written_at);
                name(db, text.at, (text.author, text.place), &named)?;
            }
        }
    }
}

/// Writes every reaction in the one way of its emoji. Whoever gave one emoji in two ways gave it once; what they did last stands.
fn reactions(db: &Connection) -> StoreResult<()> {
    let stored = all(db, "SELECT DISTINCT emoji FROM reactions", [], |row| {
        Ok(row.get::<_, String>(0)?)
    })?;
    let other = |emoji: String| {
        let key = reaction_key(&emoji).ok()?;
        (key != emoji).then_some((emoji, key))
    };
    let renamed: BTreeMap<String, String> = stored.into_iter().filter_map(other).collect();
    if renamed.is_empty() {
        return Ok(());
    }
    let pairs: Vec<Value> = renamed.iter().map(|(from, to)| json!([from, to])).collect();
    run(
        db,
        "UPDATE entries SET emoji = j.value ->> 1 FROM json_each(?) j WHERE entries.kind = 3 AND entries.emoji = j.value ->> 0",
        [Value::Array(pairs).to_string()],
    )?;
    let touched: BTreeSet<&String> = renamed.keys().chain(renamed.values()).collect();
    let touched = json!(touched).to_string();
    run(
        db,
        "DELETE FROM reactions WHERE emoji IN (SELECT value FROM json_each(?))",
        [&touched],
    )?;
    // As they stand by their log: the last entry of each person, and the one that brought the emoji under the message.
    run(db, "WITH last AS (SELECT room_id, target, emoji, author, flag, seq,
            ROW_NUMBER() OVER (PARTITION BY room_id, target, emoji, author ORDER BY seq DESC) AS n,
            MIN(CASE WHEN flag = 1 THEN seq END) OVER (PARTITION BY room_id, target, emoji) AS since
            FROM entries WHERE kind = 3 AND emoji IN (SELECT value FROM json_each(?)))
         INSERT INTO reactions (room_id, target, emoji, user_id, given, seq, since)
         SELECT room_id, target, emoji, author, flag, seq, COALESCE(since, seq) FROM last WHERE n = 1", [&touched])?;
    Ok(())
}
