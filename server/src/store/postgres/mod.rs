//! The store in PostgreSQL, for a server that outgrows one machine: the rules are those of every store, the rows are kept here
//! ([ADR 19](../../../../docs/decisions/0019-postgresql.md)).
//!
//! A write takes its locks first and in one order, so that two nodes can never wait for each other; what it reads after them is what it decides
//! on ([`locks`]). Every statement after the locks sees what was committed while it waited for them (READ COMMITTED).

mod account_rows;
mod accounts;
mod batch;
mod claim;
mod config;
mod fate;
mod for_you;
mod locks;
mod log_rows;
mod logs;
mod mentions;
mod messages;
pub(in crate::store) mod moving;
mod personal;
mod pool;
mod room_rows;
mod rooms;
mod rows;
mod schema;
mod sign_ins;
mod threads;
mod tx;
pub mod verify;

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;

pub use config::PostgresConfig;

use pool::{Lent, Opener, Pool};
use rows::Db;

use super::{
    PoolUse, Store, StoreError, Write, WriteOutcome, meter::StoreMeter, rules::StoreResult,
};
use crate::{clock::Clock, telemetry::Metrics};

/// The store in a database of PostgreSQL. Other nodes may use the same one.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    /// Its own, so that those who read never keep a commit waiting.
    writers: Pool,
    readers: Pool,
    meter: Option<StoreMeter>,
    /// Holds the claim, see [`Self::claimed`].
    claim: Option<Arc<AbortOnDrop>>,
}

/// A task that ends with its handle.
#[derive(Debug)]
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl PostgresStore {
    /// Connects, and brings the schema up to date.
    pub async fn open(config: &PostgresConfig) -> Result<Self, StoreError> {
        let writers = Pool::open(config, config.writers()).await?;
        schema::bring_up(&mut *writers.get().await?, config).await?;
        Ok(Self {
            readers: Pool::open(config, config.readers()).await?,
            writers,
            meter: None,
            claim: None,
        })
    }

    /// Claims the database for this process: of servers there is one.
    pub(crate) async fn claimed(self, config: &PostgresConfig) -> StoreResult<Self> {
        let task = claim::claim(Opener::new(config)?).await?;
        Ok(Self {
            claim: Some(Arc::new(AbortOnDrop(task))),
            ..self
        })
    }

    /// Tells how long its commits take.
    #[must_use]
    pub(crate) fn metered(self, clock: Clock, metrics: Arc<Metrics>) -> Self {
        Self {
            meter: Some(StoreMeter::new(clock, metrics)),
            ..self
        }
    }

    /// Asks on a connection that reads. Statements are each of their own moment; [`Self::snapshot`] has one for all.
    async fn read<T>(
        &self,
        ask: impl for<'c> FnOnce(&'c mut Db) -> BoxFuture<'c, StoreResult<T>> + Send,
    ) -> StoreResult<T> {
        let mut db = self.reader().await?;
        ask(&mut db).await
    }

    /// A connection that reads.
    async fn reader(&self) -> StoreResult<Lent> {
        let began = self.meter.as_ref().map(|meter| (meter, meter.begin()));
        let reader = self.readers.get().await;
        if let Some((meter, began)) = began {
            meter.waited(began);
        }
        reader
    }

    /// Asks on a connection that reads, all of one moment. Whoever stops waiting in the middle of it costs the connection, never a later reader.
    async fn snapshot<T>(
        &self,
        ask: impl for<'c> FnOnce(&'c mut Db) -> BoxFuture<'c, StoreResult<T>> + Send,
    ) -> StoreResult<T> {
        let mut db = self.reader().await?;
        db.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await?;
        let found = ask(&mut db).await?;
        db.end("COMMIT").await?;
        Ok(found)
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn commit(&self, writes: Arc<[Write]>) -> Result<Vec<WriteOutcome>, StoreError> {
        let store = self.clone();
        // Seen through also when nobody waits for it: what became of it must be known.
        let task =
            tokio::spawn(
                async move { tx::commit(&store.writers, &writes, store.meter.as_ref()).await },
            );
        task.await
            .unwrap_or_else(|why| Err(StoreError::Unavailable(why.to_string())))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.read(|db| Box::pin(async move { db.simple("SELECT 1").await }))
            .await
    }

    fn pool_use(&self) -> PoolUse {
        self.readers.pool_use()
    }

    /// Its connections end with it; what a commit has begun is seen through before it is answered. The claim is given up at once, for the next server.
    async fn close(&self) {
        if let Some(claim) = &self.claim {
            claim.0.abort();
        }
    }
}
