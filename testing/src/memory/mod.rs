//! A store in memory, the reference of the others: the same rules ([`server::store::rules`]) on the simplest rows, the same answers to the same calls, and a crash that loses
//! just what a crash may lose.
//!
//! A commit is a redo record that is on its way to the disk; readers see it once it is durable, and not before, which is
//! what SQLite's WAL and PostgreSQL do too. So the tables are always what a restart would find, and a crash has one thing
//! to decide: whether the record that was on its way had arrived.

mod account_rows;
mod disk;
mod log_rows;
mod personal;
mod queries;
mod reads;
mod rows;
mod tables;
mod threads;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use rand::RngCore;
use server::store::{
    Store, StoreError, Write, WriteOutcome,
    rules::{StoreResult, apply, now},
};
use tokio::time::sleep;

pub use disk::{MemoryDisk, Perfect, Trip, TripEnd};

use self::tables::Tables;

/// The store in memory, or one of several ways to it.
pub struct MemoryStore {
    shared: Arc<SharedTables>,
    disk: Mutex<Box<dyn MemoryDisk>>,
    /// The transaction of this way that is on its way to the disk.
    redo: Mutex<Option<Arc<[Write]>>>,
}

#[derive(Default)]
struct SharedTables {
    /// What is durable.
    tables: Mutex<Tables>,
    /// One writer at a time, as in SQLite.
    writer: tokio::sync::Mutex<()>,
}

/// All that a store held at some moment.
#[derive(Clone)]
pub struct MemoryCopy(Tables);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::on(Perfect)
    }
}

impl MemoryStore {
    /// An empty store on this disk.
    pub fn on(disk: impl MemoryDisk) -> Self {
        Self::over(Arc::default(), disk)
    }

    fn over(shared: Arc<SharedTables>, disk: impl MemoryDisk) -> Self {
        Self {
            shared,
            disk: Mutex::new(Box::new(disk)),
            redo: Mutex::default(),
        }
    }

    /// Another way to what this store holds: another node's, that meets what this disk says.
    #[must_use]
    pub fn link(&self, disk: impl MemoryDisk) -> Self {
        Self::over(Arc::clone(&self.shared), disk)
    }

    /// What is held now.
    pub fn copy(&self) -> MemoryCopy {
        MemoryCopy(lock(&self.shared.tables).clone())
    }

    /// Holds what it held then, as after a failover to a standby that lacks the rest.
    pub fn put_back(&self, copy: MemoryCopy) {
        *lock(&self.shared.tables) = copy.0;
    }

    /// What a crash of who uses this way leaves: all that was acked, and of the transaction that was under way all or nothing, as `rng` decides.
    /// Whoever waited for it must be gone.
    pub fn crash(&self, rng: &mut impl RngCore) -> StoreResult<()> {
        let redo = lock(&self.redo).take();
        if let Some(redo) = redo
            && rng.next_u32().is_multiple_of(2)
        {
            self.apply(&redo)?;
        }
        Ok(())
    }

    fn apply(&self, writes: &[Write]) -> StoreResult<Vec<WriteOutcome>> {
        let mut tables = lock(&self.shared.tables);
        let outcomes = now(apply(&mut *tables, writes))?;
        lock(&self.disk).stored(&outcomes);
        Ok(outcomes)
    }

    async fn see<T>(&self, look: impl FnOnce(&Tables) -> T + Send) -> StoreResult<T> {
        let takes = lock(&self.disk).read()?;
        // An answer is old by the time that it arrives.
        pause(takes / 2).await;
        let seen = look(&lock(&self.shared.tables));
        pause(takes / 2).await;
        Ok(seen)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn commit(&self, writes: Arc<[Write]>) -> Result<Vec<WriteOutcome>, StoreError> {
        let _alone = self.shared.writer.lock().await;
        let Trip { takes, end } = lock(&self.disk).write(&writes);
        if let TripEnd::Failed(why) = end {
            pause(takes).await;
            return Err(why);
        }
        *lock(&self.redo) = Some(Arc::clone(&writes));
        pause(takes).await;
        lock(&self.redo).take();
        let outcomes = self.apply(&writes)?;
        match end {
            TripEnd::Unknown(why) => Err(why),
            _ => Ok(outcomes),
        }
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.see(|_| ()).await
    }

    async fn close(&self) {
        // Whoever writes is waited for.
        drop(self.shared.writer.lock().await);
    }
}
