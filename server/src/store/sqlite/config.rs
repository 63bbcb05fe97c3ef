//! How the store is opened.

use std::{path::Path, time::Duration};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::checkpoints;

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

impl SqliteConfig {
    /// How each of its connections is made.
    pub(super) fn options(&self, path: &Path) -> SqliteConnectOptions {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(self.create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(if self.fsync {
                SqliteSynchronous::Full
            } else {
                SqliteSynchronous::Normal
            })
            .busy_timeout(self.busy)
            .statement_cache_capacity(200)
            // A text that is deleted is overwritten where it stood (contract, "Commands").
            .pragma("secure_delete", "ON")
            .foreign_keys(true);
        match self.vfs {
            Some(vfs) => options.vfs(vfs),
            None => options,
        }
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
