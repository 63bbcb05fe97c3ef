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
use tokio::time::sleep;

use super::{
    connections::{Connections, Open, PoolBounds},
    rows::first,
};
use crate::store::{Write, rules::StoreResult};

/// Writes after which it is time, if nothing else is said. A commit's sync waits for what the disk was given before it: with 4,096 writes that
/// is 20 to 40 ms, which one message in a hundred met; with 1,024 it is half, and sending at full speed 2 % slower.
pub(super) const EVERY: u64 = 1_024;
/// Between two: what is written again and again meanwhile is moved once.
const PAUSE: Duration = Duration::from_millis(100);
/// From a deletion until the log is emptied, which still has the text: what is deleted meanwhile goes with it. Also until that is tried
/// once more, where somebody reads what was before.
const ERASE_AFTER: Duration = Duration::from_secs(2);
/// How long emptying the log may wait for readers, as writers wait for it.
pub(super) const ERASE_WAIT: Duration = Duration::from_millis(20);
/// Pages (of 4 KiB) of log at which the writer does it by itself. Under a steady load the log is never quite empty, and only a writer
/// that finds it so begins it anew: this is what bounds it.
pub(super) const MAX_PAGES: u32 = 16_384;

/// The one connection that checkpoints, and the count of writes since. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints(Arc<CheckpointState>);

#[derive(Debug)]
struct CheckpointState {
    /// One connection, opened when it is needed.
    connection: Connections,
    every: u64,
    writes: AtomicU64,
    running: AtomicBool,
    erasing: AtomicBool,
}

impl Checkpoints {
    /// `open` makes connections that wait for readers no longer than [`ERASE_WAIT`].
    pub(super) fn new(open: Open, every: u64, idle: Duration) -> Self {
        let bounds = PoolBounds {
            min: 0,
            max: 1,
            idle,
            // One works at a time, for as long as moving the log takes.
            wait: Duration::MAX,
        };
        Self(Arc::new(CheckpointState {
            connection: Connections::lazy("checkpoints", open, bounds),
            every,
            writes: AtomicU64::new(0),
            running: AtomicBool::new(false),
            erasing: AtomicBool::new(false),
        }))
    }

    /// These writes were committed.
    pub(super) fn committed(&self, writes: &[Write]) {
        if writes.iter().any(erases) {
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
        self.0.connection.close().await;
    }
}

/// Whether texts are gone by it.
fn erases(write: &Write) -> bool {
    match write {
        Write::Command(one) => one.command.act.kind().rules().changes == Changes::Erases,
        Write::EraseRoom { .. } => true,
        _ => false,
    }
}

impl CheckpointState {
    /// Moves what can be moved. Passive: it waits for nobody, and nobody for it. What it must leave is taken the next time.
    async fn move_on(&self) {
        let done = self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await;
        if let Err(why) = done
            && !self.connection.is_closed()
        {
            tracing::warn!(%why, "the write-ahead log could not be moved into the database");
        }
    }

    /// Whether somebody was in the way (sqlite.org/pragma.html, `wal_checkpoint`).
    async fn checkpoint(&self, statement: &'static str) -> StoreResult<bool> {
        let found = self
            .connection
            .call(move |db| first(db, statement, [], |row| Ok(row.get(0)?)));
        Ok(found.await?.unwrap_or(false))
    }
}

/// Empties the log once, soon.
async fn erase(inner: Arc<CheckpointState>) {
    loop {
        sleep(ERASE_AFTER).await;
        // Writers wait for what is left only.
        inner.move_on().await;
        // Before the log is emptied: whoever deletes from now on may come too late for it.
        inner.erasing.store(false, Ordering::Release);
        match inner.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)").await {
            Ok(false) => return,
            Ok(true) => {
                if inner.erasing.swap(true, Ordering::AcqRel) {
                    return;
                }
            }
            Err(why) => {
                if !inner.connection.is_closed() {
                    tracing::warn!(%why, "the write-ahead log could not be emptied of what was deleted");
                }
                return;
            }
        }
    }
}
