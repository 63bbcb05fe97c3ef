//! The schema, step by step.
//!
//! Which steps a database has stands in `_sqlx_migrations`, as the releases wrote it that went through sqlx: theirs open what this one made,
//! and this one what they made.

use std::time::Instant;

use rusqlite::{Connection, TransactionBehavior, params};
use sha2::{Digest as _, Sha384};

use super::{
    account_rows::set_looks,
    rows::{Columns as _, all, run, value},
};
use crate::store::{StoreError, rules::StoreResult};
use protocol::{name_looks, shown_looks};

/// A step of the schema. One that was released is never changed.
struct SchemaStep {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

macro_rules! steps {
    ($($version:literal $name:literal $file:literal),+ $(,)?) => {
        [$(SchemaStep {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../../../migrations/sqlite/", $file)),
        }),+]
    };
}

static STEPS: [SchemaStep; 14] = steps![
    1 "start" "0001_start.sql",
    2 "said" "0002_said.sql",
    3 "fewer pages" "0003_fewer_pages.sql",
    4 "refresh again" "0004_refresh_again.sql",
    5 "name looks" "0005_name_looks.sql",
    6 "text rules" "0006_text_rules.sql",
    7 "sums" "0007_sums.sql",
    8 "room looks" "0008_room_looks.sql",
    9 "pins" "0009_pins.sql",
    10 "settings" "0010_settings.sql",
    11 "own" "0011_own.sql",
    12 "markdown" "0012_markdown.sql",
    14 "threads" "0014_threads.sql",
    15 "zones" "0015_zones.sql",
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL)";

/// Brings a store up to date, over a connection of its own: what a step sorts goes through files, and leaves no memory behind.
pub(super) fn bring_up(db: &mut Connection) -> StoreResult<()> {
    db.execute_batch(TABLE)?;
    let done = taken(db)?;
    let newest = STEPS.last().map_or(0, |step| step.version);
    let from = done.last().copied().unwrap_or(0);
    // A store that was just made has nothing that would take long.
    if from > 0 && from < newest {
        tracing::info!(
            from,
            to = newest,
            "bringing the database up to date; a million messages take some 10 s"
        );
    }
    for step in &STEPS {
        if !done.contains(&step.version) {
            take(db, step)?;
        }
    }
    fill_looks(db)
}

/// The steps that a store has taken; an error where one is not this release's.
fn taken(db: &Connection) -> StoreResult<Vec<i64>> {
    let done = all(
        db,
        "SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version",
        [],
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)),
    )?;
    for (version, checksum) in &done {
        let Some(step) = STEPS.iter().find(|step| step.version == *version) else {
            return Err(StoreError::Newer(*version));
        };
        if *checksum != sum(step) {
            let why = format!("step {version} of its schema is not the one that was released");
            return Err(StoreError::Corrupt(why));
        }
    }
    Ok(done.into_iter().map(|(version, _)| version).collect())
}

/// Whether a store has taken all steps of this release; an error where it has others.
pub(super) fn is_newest(db: &Connection) -> StoreResult<bool> {
    Ok(taken(db)?.len() == STEPS.len())
}

fn sum(step: &SchemaStep) -> Vec<u8> {
    Sha384::digest(step.sql).to_vec()
}

fn take(db: &mut Connection, step: &SchemaStep) -> StoreResult<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a step took is kept for operators"
    )]
    let began = Instant::now();
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute_batch(step.sql)?;
    let took = i64::try_from(began.elapsed().as_nanos()).unwrap_or(i64::MAX);
    run(
        &tx,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (?, ?, TRUE, ?, ?)",
        params![step.version, step.name, sum(step), took],
    )?;
    Ok(tx.commit()?)
}

/// Whether there is a store of ours in the database, of whatever age.
pub(super) fn is_begun(db: &Connection) -> StoreResult<bool> {
    value(
        db,
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations')",
        [],
    )
}

/// Notes the looks of people and rooms of before there were any; what they are called they keep.
fn fill_looks(db: &mut Connection) -> StoreResult<()> {
    let people = all(
        db,
        "SELECT id, name, display_name FROM users u WHERE NOT EXISTS (SELECT 1 FROM name_looks l WHERE l.user_id = u.id)",
        [],
        |row| {
            let (name, shown): (String, String) = (row.get(1)?, row.get(2)?);
            Ok((row.user(0)?, name, shown))
        },
    )?;
    let rooms = all(
        db,
        "SELECT id, name FROM rooms WHERE name_look = '' AND name <> ''",
        [],
        |row| Ok((row.room(0)?, row.get::<_, String>(1)?)),
    )?;
    if people.is_empty() && rooms.is_empty() {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (user, name, shown) in people {
        set_looks(&tx, user, &name_looks(&name), false)?;
        set_looks(&tx, user, &shown_looks(&shown), true)?;
    }
    for (room, name) in rooms {
        let [_, look] = name_looks(&name);
        let statement = "UPDATE rooms SET name_look = ? WHERE id = ?";
        run(&tx, statement, params![look, room.get()])?;
    }
    Ok(tx.commit()?)
}
