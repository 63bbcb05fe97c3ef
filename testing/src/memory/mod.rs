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

/// The store in memory.
pub struct MemoryStore {
    held: Mutex<HeldTables>,
    disk: Mutex<Box<dyn MemoryDisk>>,
    /// One writer at a time, as in SQLite.
    writer: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct HeldTables {
    /// What is durable.
    tables: Tables,
    /// The transaction that is on its way to the disk.
    redo: Option<Arc<[Write]>>,
}

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
        Self {
            held: Mutex::default(),
            disk: Mutex::new(Box::new(disk)),
            writer: tokio::sync::Mutex::default(),
        }
    }

    /// What a crash leaves: all that was acked, and of the transaction that was under way all or nothing, as `rng` decides.
    /// Whoever waited for it must be gone.
    pub fn crash(&self, rng: &mut impl RngCore) -> StoreResult<()> {
        let mut held = lock(&self.held);
        if let Some(redo) = held.redo.take()
            && rng.next_u32().is_multiple_of(2)
        {
            self.apply(&mut held, &redo)?;
        }
        Ok(())
    }

    fn apply(&self, held: &mut HeldTables, writes: &[Write]) -> StoreResult<Vec<WriteOutcome>> {
        let outcomes = now(apply(&mut held.tables, writes))?;
        lock(&self.disk).stored(&outcomes);
        Ok(outcomes)
    }

    async fn see<T>(&self, look: impl FnOnce(&Tables) -> T + Send) -> StoreResult<T> {
        let takes = lock(&self.disk).read()?;
        // An answer is old by the time that it arrives.
        pause(takes / 2).await;
        let seen = look(&lock(&self.held).tables);
        pause(takes / 2).await;
        Ok(seen)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn commit(&self, writes: Arc<[Write]>) -> Result<Vec<WriteOutcome>, StoreError> {
        let _alone = self.writer.lock().await;
        let Trip { takes, end } = lock(&self.disk).write(&writes);
        if let TripEnd::Failed(why) = end {
            pause(takes).await;
            return Err(why);
        }
        lock(&self.held).redo = Some(Arc::clone(&writes));
        pause(takes).await;
        let mut held = lock(&self.held);
        held.redo = None;
        let outcomes = self.apply(&mut held, &writes)?;
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
        drop(self.writer.lock().await);
    }
}
