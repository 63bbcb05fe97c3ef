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

use rusqlite::Connection;

use place::OpenedAs;

use super::rows::{all, value};
use crate::store::{StoreError, rules::StoreResult};

/// What was read and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Rooms that exist.
    pub rooms: u64,
    /// Entries in their logs.
    pub entries: u64,
    /// Texts without a checksum, from before there were any; none where texts were not looked at.
    pub unsummed: Option<u64>,
    /// One line for each thing that is wrong, with its place; at most [`MAX_LINES`] a check.
    pub wrong: Vec<String>,
}

/// Lines that one check prints.
pub const MAX_LINES: u32 = 50;

/// Memory for pages of the file, in KiB: most checks jump about in it.
const CACHE_KIB: i64 = 64 * 1024;

/// Reads the store at `path` and checks everything but the texts' own checksums; an error means that it could not be read at all.
pub async fn verify(path: &Path) -> Result<VerifyReport, StoreError> {
    look(path, false).await
}

/// The same, and every text against its checksum.
pub async fn verify_deep(path: &Path) -> Result<VerifyReport, StoreError> {
    look(path, true).await
}

async fn look(path: &Path, deep: bool) -> Result<VerifyReport, StoreError> {
    let path = path.to_owned();
    let looked = tokio::task::spawn_blocking(move || {
        let place = OpenedAs::of(&path)?;
        let mut db = place.open().map_err(|why| fail(&path, &why))?;
        let set = || -> rusqlite::Result<()> {
            db.pragma_update(None, "query_only", "ON")?;
            db.pragma_update(None, "cache_size", -CACHE_KIB)?;
            // Sorting what is large spills to memory, not into a folder that may not be there.
            db.pragma_update(None, "temp_store", "MEMORY")
        };
        set().map_err(|why| fail(&path, &why))?;
        let mut report = VerifyReport::default();
        check_all(&mut db, &mut report, deep)?;
        Ok(report)
    });
    looked
        .await
        .unwrap_or_else(|why| Err(StoreError::Unavailable(why.to_string())))
}

fn fail(path: &Path, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Open {
        path: path.display().to_string(),
        why: why.to_string(),
    }
}

fn check_all(db: &mut Connection, report: &mut VerifyReport, deep: bool) -> StoreResult<()> {
    // One read transaction: a running server's next commits do not move the ground.
    let db = db.transaction()?;
    // Pages, columns, and every index against its table.
    let damage = format!("PRAGMA integrity_check({MAX_LINES})");
    for line in all(&db, &damage, [], |row| Ok(row.get::<_, String>(0)?))? {
        if line != "ok" {
            report.wrong.push(format!("the file is damaged: {line}"));
        }
    }
    let rooms = "SELECT COUNT(*) FROM rooms WHERE deleted_at IS NULL";
    report.rooms = value(&db, rooms, [])?;
    report.entries = value(&db, "SELECT COUNT(*) FROM entries", [])?;
    let threads = if value(&db, checks::KEEPS_THREADS, [])? {
        checks::OF_THREADS
    } else {
        checks::BEFORE_THREADS
    };
    let always = [checks::OF_LOG, threads, checks::OF_WHAT_STANDS];
    for finds in always.into_iter().flatten() {
        run(&db, report, finds)?;
    }
    if value(&db, checks::KEEPS_PINS, [])? {
        for finds in checks::OF_PINS {
            run(&db, report, finds)?;
        }
    }
    if value(&db, checks::KEEPS_SETTINGS, [])? {
        for finds in checks::OF_SETTINGS {
            run(&db, report, finds)?;
        }
    }
    if value(&db, checks::KEEPS_OWN, [])? {
        for finds in checks::OF_OWN {
            run(&db, report, finds)?;
        }
    }
    // Every entry has its ack by now, and an ack is unique: as many acks as entries means that no ack is without. Only where
    // something is wrong, each is looked up.
    let surplus: bool = value(&db, checks::ACKS_WITHOUT_ENTRIES, [])?;
    if surplus || !report.wrong.is_empty() {
        run(&db, report, checks::ACKS)?;
    }
    if deep {
        texts::compare(&db, report)?;
    }
    if !super::recount::is_done(&db)? {
        return Ok(());
    }
    match mentions::recount(&db, report) {
        // A text that is none any more, by a bit that turned over.
        Err(StoreError::Corrupt(why)) => {
            report.wrong.push(format!("a text cannot be read: {why}"));
            Ok(())
        }
        other => other,
    }
}

/// A check finds the lines that it prints.
fn run(db: &Connection, report: &mut VerifyReport, finds: &'static str) -> StoreResult<()> {
    let statement = format!("SELECT * FROM ({finds}) LIMIT {MAX_LINES}");
    let lines = all(db, &statement, [], |row| Ok(row.get(0)?))?;
    report.wrong.extend(lines);
    Ok(())
}
