//! The schema, step by step. A step only adds what the release before can live beside (expand); what nobody needs any more goes a release
//! later (contract). So a node of the release before may go on, or start again, beside a new one.

use super::{
    config::PostgresConfig,
    rows::{Db, PgColumns as _},
};
use crate::store::{StoreError, rules::StoreResult};

/// A step of the schema. One that was released is never changed.
struct SchemaStep {
    version: i32,
    sql: &'static str,
}

static STEPS: [SchemaStep; 1] = [SchemaStep {
    version: 1,
    sql: include_str!("../../../migrations/postgres/0001_start.sql"),
}];

/// The first step that a release must know to be let in: raised by a step that takes something away.
const OLDEST: &str = "1";

/// What keeps two nodes that start at once from taking a step twice (a number of our own, for `pg_advisory_xact_lock`).
const LOCK: &str = "SELECT pg_advisory_xact_lock(481616072, 1)";

const TABLE: &str = "CREATE TABLE IF NOT EXISTS hubbub_schema (
    version INTEGER PRIMARY KEY,
    oldest  INTEGER NOT NULL,
    at      TIMESTAMPTZ NOT NULL DEFAULT now())";

/// Brings the database up to date, in one transaction.
pub(super) async fn bring_up(db: &mut Db, config: &PostgresConfig) -> StoreResult<()> {
    begin(db, config.create).await?;
    db.end("COMMIT").await
}

/// Begins a transaction, and brings the database up to date in it.
pub(super) async fn begin(db: &mut Db, create: bool) -> StoreResult<()> {
    let sync: String = db.one("SHOW fsync", &[], |row| row.of(0)).await?;
    if sync == "off" {
        let why = "its `fsync` is off: an ack would promise what a power cut takes away; switch it on in postgresql.conf";
        return Err(open(why.to_owned()));
    }
    db.begin("").await?;
    take_steps(db, create).await
}

/// Takes the steps that the database has not, in a transaction that was begun.
async fn take_steps(db: &mut Db, create: bool) -> StoreResult<()> {
    db.simple("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s'; SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    db.simple(LOCK).await?;
    db.simple(TABLE).await?;
    let sql = "SELECT COALESCE(MAX(version), 0), COALESCE(MAX(oldest), 0) FROM hubbub_schema";
    let (version, oldest) = db
        .one(sql, &[], |row| Ok((row.of::<i32>(0)?, row.of::<i32>(1)?)))
        .await?;
    let newest = STEPS.last().map_or(0, |step| step.version);
    if oldest > newest {
        return Err(StoreError::Newer(version.into()));
    }
    if version == 0 && !create {
        return Err(StoreError::Nothing(PLACE.to_owned()));
    }
    for step in STEPS.iter().filter(|step| step.version > version) {
        tracing::info!(step = step.version, "bringing the database up to date");
        db.simple(step.sql).await?;
        let noted = format!(
            "INSERT INTO hubbub_schema (version, oldest) VALUES ({}, {OLDEST})",
            step.version
        );
        db.simple(&noted).await?;
    }
    Ok(())
}

/// An error where the database is not of this release's schema, for what reads all of it and changes nothing.
pub(super) async fn expect_newest(db: &mut Db) -> StoreResult<()> {
    let sql = "SELECT to_regclass('hubbub_schema') IS NOT NULL";
    let is_begun: bool = db.one(sql, &[], |row| row.of(0)).await?;
    let version: Option<i32> = if is_begun {
        let sql = "SELECT MAX(version) FROM hubbub_schema";
        db.one(sql, &[], |row| row.of(0)).await?
    } else {
        None
    };
    let newest = STEPS.last().map_or(0, |step| step.version);
    match version {
        None => Err(open("it holds no database of Hubbub".to_owned())),
        Some(version) if version > newest => Err(StoreError::Newer(version.into())),
        Some(version) if version < newest => Err(open(format!(
            "its schema is of an older release (step {version} of {newest}); start a server of this one on it once"
        ))),
        Some(_) => Ok(()),
    }
}

/// All statements that make it.
#[cfg(test)]
pub(super) fn statements() -> String {
    STEPS.iter().map(|step| step.sql).collect()
}

/// The names of all indexes, those of primary keys too. A step that removes one must be read here.
pub(super) fn indexes() -> Vec<String> {
    let mut found = Vec::new();
    for step in &STEPS {
        let words: Vec<&str> = step.sql.split_whitespace().collect();
        for word in words.windows(3) {
            match word {
                ["INDEX", name, "ON"] => found.push((*name).to_owned()),
                ["CREATE", "TABLE", name] => found.push(format!("{name}_pkey")),
                _ => {}
            }
        }
    }
    found
}

const PLACE: &str = "the database of PostgreSQL";

fn open(why: String) -> StoreError {
    StoreError::Open {
        path: "of PostgreSQL".to_owned(),
        why,
    }
}
