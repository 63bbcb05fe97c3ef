//! How the store is opened.

use std::time::Duration;

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
