//! Proves the promises of a store from the outside: it opens the file for reading only, beside a running server too.
//!
//! The numbers that people see (unread, mentions, reactions, members) are stored nowhere: they are counted when they are asked
//! for. So what is proven here is what they are counted from: the indexes, the ordinals of messages, and the tables that say once more
//! what the log says.

mod checks;
mod mentions;
mod place;
mod texts;

use std::path::Path;

use futures_util::TryStreamExt as _;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, SqliteConnection, SqlitePool, sqlite::SqlitePoolOptions,
};

use place::Place;

use crate::store::StoreError;

/// What was read and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rooms that exist.
    pub rooms: u64,
    /// Entries in their logs.
    pub entries: u64,
    /// Texts without a checksum, from before there were any; none where texts were not looked at.
    pub unsummed: Option<u64>,
    /// One line for each thing that is wrong, with its place; at most [`MOST_LINES`] a check.
    pub wrong: Vec<String>,
}

/// Lines that one check prints.
pub const MOST_LINES: u32 = 50;

/// Memory for pages of the file, in KiB: most checks jump about in it.
const CACHE_KIB: u32 = 64 * 1024;

/// Reads the store at `path` and checks everything but the texts' own checksums; an error means that it could not be read at all.
pub async fn verify(path: &Path) -> Result<Report, StoreError> {
    look(path, false).await
}

/// The same, and every text against its checksum.
pub async fn verify_deep(path: &Path) -> Result<Report, StoreError> {
    look(path, true).await
}

async fn look(path: &Path, deep: bool) -> Result<Report, StoreError> {
    let place = Place::of(path).await?;
    let options = place
        .options()
        .create_if_missing(false)
        .pragma("query_only", "ON")
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        // Sorting what is large spills to memory, not into a folder that may not be there.
        .pragma("temp_store", "MEMORY")
        // A check of a large store takes its time; that is no fault to warn of.
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .map_err(|why| fail(path, &why))?;
    // One read transaction: a running server's next commits do not move the ground.
    let mut report = Report::default();
    let result = check_all(&pool, &mut report, deep).await;
    pool.close().await;
    result.map(|()| report)
}

fn fail(path: &Path, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Open {
        path: path.display().to_string(),
        why: why.to_string(),
    }
}

async fn check_all(pool: &SqlitePool, report: &mut Report, deep: bool) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    // Pages, columns, and every index against its table.
    let damage: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(format!(
        "PRAGMA integrity_check({MOST_LINES})"
    )))
    .fetch_all(&mut *tx)
    .await?;
    for (line,) in damage {
        if line != "ok" {
            report.wrong.push(format!("the file is damaged: {line}"));
        }
    }
    let (rooms, entries): (i64, i64) =
        sqlx::query_as("SELECT (SELECT COUNT(*) FROM rooms WHERE deleted_at IS NULL), (SELECT COUNT(*) FROM entries)")
            .fetch_one(&mut *tx)
            .await?;
    report.rooms = u64::try_from(rooms).unwrap_or_default();
    report.entries = u64::try_from(entries).unwrap_or_default();
    for finds in checks::ALWAYS {
        run(&mut tx, report, finds).await?;
    }
    // Every entry has its ack by now, and an ack is unique: as many acks as entries means that no ack is without. Only where
    // something is wrong, each is looked up.
    let (surplus,): (bool,) = sqlx::query_as(checks::ACKS_WITHOUT_ENTRIES)
        .fetch_one(&mut *tx)
        .await?;
    if surplus || !report.wrong.is_empty() {
        run(&mut tx, report, checks::ACKS).await?;
    }
    if deep {
        texts::compare(&mut tx, report).await?;
    }
    if !super::recount::is_done(&mut tx).await? {
        return Ok(());
    }
    match mentions::recount(&mut tx, report).await {
        // A text that is none any more, by a bit that turned over.
        Err(StoreError::Corrupt(why)) => {
            report.wrong.push(format!("a text cannot be read: {why}"));
            Ok(())
        }
        other => other,
    }
}

/// A check finds the lines that it prints.
async fn run(
    tx: &mut SqliteConnection,
    report: &mut Report,
    finds: &'static str,
) -> Result<(), StoreError> {
    let statement = format!("SELECT * FROM ({finds}) LIMIT {MOST_LINES}");
    let mut lines = sqlx::query_as(AssertSqlSafe(statement)).fetch(tx);
    while let Some((line,)) = lines.try_next().await? {
        report.wrong.push(line);
    }
    Ok(())
}
