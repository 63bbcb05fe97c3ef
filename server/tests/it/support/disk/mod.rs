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

pub(crate) use trace::{Op, Torn, Trace};

/// A handle; what it stands for lives as long as the process, as SQLite's list of file systems does.
#[derive(Clone, Copy)]
pub(crate) struct Disk(&'static Inner);

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

impl Disk {
    /// A healthy one.
    pub(crate) fn new() -> Self {
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

    /// The store in this folder, on this disk.
    pub(crate) async fn store(self, folder: &Path) -> SharedStore {
        let config = SqliteConfig {
            vfs: Some(self.0.name),
            // Often, so that cuts and failures meet one that is under way.
            checkpoint_writes: 40,
            ..SqliteConfig::default()
        };
        let store = SqliteStore::open(&folder.join("hubbub.db"), &config).await;
        Arc::new(store.unwrap())
    }

    /// From now on all that is written is noted.
    pub(crate) fn watch(self) {
        *self.0.trace.lock().unwrap() = Some(Vec::new());
    }

    /// Notes that something happened between two operations.
    pub(crate) fn note(self, mark: usize) {
        self.0.trace(|| Op::Mark(mark));
    }

    /// What was noted.
    pub(crate) fn trace(self) -> Trace {
        Trace::new(self.0.trace.lock().unwrap().take().unwrap_or_default())
    }

    /// Whether nothing more fits.
    pub(crate) fn fill(self, full: bool) {
        self.0.full.store(full, Ordering::SeqCst);
    }

    /// The operation that is so many from now fails, once.
    pub(crate) fn fail_in(self, operations: i64) {
        self.0.fails_at.store(operations, Ordering::SeqCst);
    }

    /// Operations that failed so far.
    pub(crate) fn failed(self) -> u64 {
        self.0.failed.load(Ordering::SeqCst)
    }
}

impl Inner {
    pub(super) fn trace(&self, op: impl FnOnce() -> Op) {
        if let Some(trace) = &mut *self.trace.lock().unwrap() {
            trace.push(op());
        }
    }

    pub(super) fn meets(&self, grows: bool) -> Meets {
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
