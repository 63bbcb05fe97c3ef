//! A disk that can be watched, filled, broken and cut off: SQLite goes through it to the real one.

mod trace;
mod vfs;

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
};

use server::store::{
    SharedStore,
    sqlite::{SqliteConfig, SqliteStore},
};

use trace::Op;
pub use trace::{Torn, Trace};

/// A handle on a disk, which lasts as long as the process, as SQLite's list of file systems does.
#[derive(Clone, Copy)]
pub struct SimDisk(&'static Inner);

pub(super) struct Inner {
    name: &'static str,
    trace: Mutex<Option<Vec<Op>>>,
    full: AtomicBool,
    /// The operation, counted from now on, that fails; 0 and less is none.
    fails_at: AtomicI64,
    failed: AtomicU64,
}

/// What an operation meets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meets {
    Nothing,
    FullDisk,
    Error,
}

impl SimDisk {
    /// A disk without faults.
    #[expect(
        clippy::new_without_default,
        reason = "each one is another disk, and is leaked"
    )]
    pub fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let name = format!("disk-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let inner = Box::leak(Box::new(Inner {
            name: Box::leak(name.into_boxed_str()),
            trace: Mutex::new(None),
            full: AtomicBool::new(false),
            fails_at: AtomicI64::new(0),
            failed: AtomicU64::new(0),
        }));
        vfs::register(inner);
        Self(inner)
    }

    /// Opens the store in this folder, on this disk.
    pub async fn store(self, folder: &Path) -> SharedStore {
        let config = SqliteConfig {
            vfs: Some(self.0.name),
            // Often, so that cuts and failures meet one that is under way.
            checkpoint_writes: 40,
            ..SqliteConfig::default()
        };
        let store = SqliteStore::open(&folder.join("hubbub.db"), &config).await;
        Arc::new(store.unwrap())
    }

    /// Starts to record every operation.
    pub fn watch(self) {
        *self.0.trace.lock().unwrap() = Some(Vec::new());
    }

    /// Records a mark between two operations.
    pub fn note(self, mark: usize) {
        self.0.trace(|| Op::Mark(mark));
    }

    /// The operations that were recorded; recording ends.
    pub fn trace(self) -> Trace {
        Trace::new(self.0.trace.lock().unwrap().take().unwrap_or_default())
    }

    /// Makes the disk full, or gives it space again.
    pub fn fill(self, full: bool) {
        self.0.full.store(full, Ordering::SeqCst);
    }

    /// Makes one operation fail: the one that is so many from now.
    pub fn fail_in(self, operations: i64) {
        self.0.fails_at.store(operations, Ordering::SeqCst);
    }

    /// How many operations failed so far.
    pub fn failed(self) -> u64 {
        self.0.failed.load(Ordering::SeqCst)
    }
}

impl Inner {
    fn trace(&self, op: impl FnOnce() -> Op) {
        if let Some(trace) = &mut *self.trace.lock().unwrap() {
            trace.push(op());
        }
    }

    fn meets(&self, grows: bool) -> Meets {
        let meets = if grows && self.full.load(Ordering::SeqCst) {
            Meets::FullDisk
        } else if self.fails_at.fetch_sub(1, Ordering::SeqCst) == 1 {
            Meets::Error
        } else {
            Meets::Nothing
        };
        if meets != Meets::Nothing {
            self.failed.fetch_add(1, Ordering::SeqCst);
        }
        meets
    }
}
