//! Moves what was committed from the write-ahead log into the database, beside the writer: a commit waits for its own sync and for
//! nothing else.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use protocol::Changes;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::time::sleep;

use crate::store::Write;

/// Writes after which it is time, if nothing else is said. A commit's sync waits for what the disk was given before it: with 4,096 writes that
/// is 20 to 40 ms, which one message in a hundred met; with 1,024 it is half, and sending at full speed 2 % slower.
pub(super) const EVERY: u64 = 1_024;
/// Between two: what is written again and again meanwhile is moved once.
const PAUSE: Duration = Duration::from_millis(100);
/// From a deletion until the log is emptied, which still has the text: what is deleted meanwhile goes with it. Also until that is tried
/// once more, where somebody reads what was before.
const ERASE_AFTER: Duration = Duration::from_secs(2);
/// How long emptying the log may wait for readers, as writers wait for it.
const ERASE_WAIT: Duration = Duration::from_millis(20);
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
    erasing: AtomicBool,
}

impl Checkpoints {
    pub(super) fn new(options: SqliteConnectOptions, every: u64, idle: Duration) -> Self {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(Some(idle))
            .connect_lazy_with(options.busy_timeout(ERASE_WAIT));
        Self(Arc::new(Inner {
            pool,
            every,
            writes: AtomicU64::new(0),
            running: AtomicBool::new(false),
            erasing: AtomicBool::new(false),
        }))
    }

    /// These writes were committed.
    pub(super) fn committed(&self, writes: &[Write]) {
        if writes
            .iter()
            .any(|write| matches!(write, Write::Command(one) if one.command.act.kind().rules().changes == Changes::Erases))
        {
            self.erase();
        }
        let count = writes.len() as u64;
        let before = self.0.writes.fetch_add(count, Ordering::Relaxed);
        if before + count < self.0.every || self.0.running.swap(true, Ordering::AcqRel) {
            return;
        }
        self.0.writes.store(0, Ordering::Relaxed);
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move {
            inner.move_on().await;
            sleep(PAUSE).await;
            inner.running.store(false, Ordering::Release);
        });
    }

    /// Soon the log holds nothing any more of what was deleted: now, or before a crash.
    pub(super) fn erase(&self) {
        if !self.0.erasing.swap(true, Ordering::AcqRel) {
            tokio::spawn(erase(Arc::clone(&self.0)));
        }
    }

    pub(super) async fn close(&self) {
        self.0.pool.close().await;
    }
}

impl Inner {
    /// Moves what can be moved. Passive: it waits for nobody, and nobody for it. What it must leave is taken the next time.
    async fn move_on(&self) {
        let done = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
            .execute(&self.pool)
            .await;
        if let Err(why) = done
            && !self.pool.is_closed()
        {
            tracing::warn!(%why, "the write-ahead log could not be moved into the database");
        }
    }
}

/// Empties the log once, soon.
async fn erase(inner: Arc<Inner>) {
    loop {
        sleep(ERASE_AFTER).await;
        // Writers wait for what is left only.
        inner.move_on().await;
        // Before the log is emptied: whoever deletes from now on may come too late for it.
        inner.erasing.store(false, Ordering::Release);
        let emptied: Result<(bool, i64, i64), _> =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
                .fetch_one(&inner.pool)
                .await;
        match emptied {
            Ok((false, ..)) => return,
            Ok((true, ..)) => {
                if inner.erasing.swap(true, Ordering::AcqRel) {
                    return;
                }
            }
            Err(why) => {
                if !inner.pool.is_closed() {
                    tracing::warn!(%why, "the write-ahead log could not be emptied of what was deleted");
                }
                return;
            }
        }
    }
}
