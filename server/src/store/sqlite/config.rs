//! Opening of the store and of its connections.

use std::{path::Path, time::Duration};

use rusqlite::{
    Connection, OpenFlags,
    trace::{TraceEvent, TraceEventCodes},
};

use super::{accounts, checkpoints};
use crate::store::rules::StoreResult;

/// How the store is opened. Times and sizes bound what it may hold and how long anybody waits for it.
#[derive(Clone, Copy, Debug)]
pub struct SqliteConfig {
    /// Whether a database is begun where there is none, or an empty one.
    pub create: bool,
    /// Whether a commit waits for the disk.
    pub fsync: bool,
    /// Fewest connections that stay open for reading.
    pub readers_min: u32,
    /// Most connections for reading.
    pub readers_max: u32,
    /// How long an idle connection above the fewest stays open.
    pub idle: Duration,
    /// How long somebody waits for a connection before `unavailable`.
    pub wait: Duration,
    /// How long SQLite itself waits for a lock.
    pub busy: Duration,
    /// Writes after which the write-ahead log is moved into the database.
    pub checkpoint_writes: u64,
    /// The file system that SQLite goes through, by the name that it was registered with; none is the system's.
    pub vfs: Option<&'static str>,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// Changing the schema.
    Schema,
    /// The one that writes.
    Writing,
    /// A reader: opened read-only.
    Reading,
    /// Moving the log into the database.
    Checkpoints,
}

impl SqliteConfig {
    /// Opens one of its connections.
    pub(super) fn open(&self, path: &Path, what: For) -> StoreResult<Connection> {
        let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags |= if what == For::Reading {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE
        };
        if self.create && what != For::Reading {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let mut db = match self.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs)?,
            None => Connection::open_with_flags(path, flags)?,
        };
        db.set_prepared_statement_cache_capacity(STATEMENTS);
        db.busy_timeout(match what {
            For::Checkpoints => checkpoints::ERASE_WAIT,
            _ => self.busy,
        })?;
        db.pragma_update(None, "foreign_keys", "ON")?;
        if what != For::Reading {
            db.pragma_update(None, "journal_mode", "WAL")?;
        }
        let synchronous = if self.fsync { "FULL" } else { "NORMAL" };
        db.pragma_update(None, "synchronous", synchronous)?;
        // A text that is deleted is overwritten where it stood (contract, "Commands").
        db.pragma_update(None, "secure_delete", "ON")?;
        match what {
            For::Writing => {
                // What undoes a statement of many rows, as the end of a room, stays out of files.
                db.pragma_update(None, "temp_store", "MEMORY")?;
                db.pragma_update(None, "wal_autocheckpoint", checkpoints::MAX_PAGES)?;
            }
            For::Reading => db.pragma_update(None, "cache_size", READER_CACHE)?,
            For::Schema | For::Checkpoints => {}
        }
        if what == For::Reading {
            accounts::teach_reading(&db)?;
        }
        db.trace_v2(TraceEventCodes::SQLITE_TRACE_PROFILE, Some(tell))?;
        Ok(db)
    }
}

/// Statements that a connection keeps prepared; there are fewer.
const STATEMENTS: usize = 200;

/// What a reading connection keeps of the database, in `SQLite`'s words: half a megabyte. The system keeps all of it once, for all of them.
const READER_CACHE: i64 = -500;

/// A statement that takes so long is told to the operator.
const SLOW: Duration = Duration::from_secs(1);

/// The target of log lines about statements: `RUST_LOG=server::statements=debug` shows all of them.
const STATEMENTS_LOG: &str = "server::statements";

/// Tells of slow statements, and of all where the log is to have them.
fn tell(event: TraceEvent<'_>) {
    let TraceEvent::Profile(statement, took) = event else {
        return;
    };
    let took_us = took.as_micros();
    if took >= SLOW {
        tracing::warn!(target: STATEMENTS_LOG, took_us, statement = %statement.sql(), "a slow statement");
    } else {
        tracing::debug!(target: STATEMENTS_LOG, took_us, statement = %statement.sql());
    }
}

impl Default for SqliteConfig {
    fn default() -> Self {
        Self {
            create: true,
            fsync: true,
            readers_min: 1,
            readers_max: 4,
            idle: Duration::from_secs(60),
            wait: Duration::from_secs(5),
            busy: Duration::from_secs(2),
            checkpoint_writes: checkpoints::EVERY,
            vfs: None,
        }
    }
}
