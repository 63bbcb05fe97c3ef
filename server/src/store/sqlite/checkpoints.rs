//! Moves what was committed from the write-ahead log into the database, beside the writer: a commit waits for its own sync and for
//! nothing else.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::time::sleep;

/// Writes after which it is time, if nothing else is said. A commit's sync waits for what the disk was given before it: with 4,096 writes that
/// is 20 to 40 ms, which one message in a hundred met; with 1,024 it is half, and sending at full speed 2 % slower.
pub(super) const EVERY: u64 = 1_024;
/// Between two: what is written again and again meanwhile is moved once.
const PAUSE: Duration = Duration::from_millis(100);
/// Pages (of 4 KiB) of log at which the writer does it by itself. Under a steady load the log is never quite empty, and only a writer
/// that finds it so begins it anew: this is what bounds it.
pub(super) const MOST_PAGES: u32 = 16_384;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// One connection, opened when it is needed.
    pool: SqlitePool,
    every: u64,
    writes: AtomicU64,
    running: AtomicBool,
}

impl Checkpoints {
    pub(super) fn new(options: SqliteConnectOptions, every: u64, idle: Duration) -> Self {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(Some(idle))
            .connect_lazy_with(options);
        Self(Arc::new(Inner {
            pool,
            every,
            writes: AtomicU64::new(0),
            running: AtomicBool::new(false),
        }))
    }

    /// So many writes were committed.
    pub(super) fn committed(&self, writes: usize) {
        let before = self.0.writes.fetch_add(writes as u64, Ordering::Relaxed);
        if before + (writes as u64) < self.0.every || self.0.running.swap(true, Ordering::AcqRel) {
            return;
        }
        self.0.writes.store(0, Ordering::Relaxed);
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move {
            // Passive: it waits for nobody, and nobody for it. What it must leave is taken the next time.
            let done = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
                .execute(&inner.pool)
                .await;
            if let Err(why) = done
                && !inner.pool.is_closed()
            {
                tracing::warn!(%why, "the write-ahead log could not be moved into the database");
            }
            sleep(PAUSE).await;
            inner.running.store(false, Ordering::Release);
        });
    }

    pub(super) async fn close(&self) {
        self.0.pool.close().await;
    }
}
