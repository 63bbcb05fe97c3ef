//! The embedded store: SQLite in WAL mode, one connection that writes and a bounded number that read, each on a thread of its own.
//!
//! A limit is bound as `LIMIT +?`: SQLite plans with the value of a bare parameter there, and so compiles the statement again for every
//! binding.

mod account_rows;
mod accounts;
mod checkpoints;
mod config;
mod connections;
mod log_rows;
mod logs;
mod mentions;
mod messages;
pub(in crate::store) mod moving;
mod names;
mod personal;
mod recount;
mod room_rows;
mod rooms;
mod rows;
mod schema;
mod sign_ins;

mod threads;
mod tx;
pub mod verify;

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use rusqlite::Connection;

pub use config::SqliteConfig;

use checkpoints::Checkpoints;
use config::For;
use connections::{Connections, Open, PoolBounds};
use names::NameIndex;

use super::{
    PoolUse, Store, StoreError, Write, WriteOutcome, meter::StoreMeter, rules::StoreResult,
};
use crate::{clock::Clock, telemetry::Metrics};

/// The store in one SQLite file.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    /// One connection: SQLite has one writer, and waiting here is fairer than its busy handler.
    writer: Connections,
    readers: Connections,
    checkpoints: Checkpoints,
    names: NameIndex,
    meter: Option<StoreMeter>,
}

impl SqliteStore {
    /// Opens the database at `path`, makes it if it is not there, and brings its schema up to date.
    pub async fn open(path: &Path, config: &SqliteConfig) -> Result<Self, StoreError> {
        let nothing = || StoreError::Nothing(path.display().to_string());
        // An empty file is a database without anything to SQLite, which would take its log for a stranger's and remove it.
        if !config.create && path.metadata().map_or(0, |file| file.len()) == 0 {
            return Err(nothing());
        }
        if let Some(left) = moving::left_behind(path) {
            return Err(StoreError::Open {
                path: path.display().to_string(),
                why: moving::told_left(&left),
            });
        }
        let fail = |why: StoreError| match why {
            why @ (StoreError::Newer(_)
            | StoreError::Nothing(_)
            | StoreError::Open { .. }
            | StoreError::NotEmpty(_)
            | StoreError::Claimed) => why,
            StoreError::Unavailable(why) | StoreError::Corrupt(why) => StoreError::Open {
                path: path.display().to_string(),
                why,
            },
            StoreError::Busy => StoreError::Open {
                path: path.display().to_string(),
                why: "another program holds it".to_owned(),
            },
        };
        let open = |what: For| -> Open {
            let (path, config) = (path.to_owned(), *config);
            Arc::new(move || config.open(&path, what))
        };
        let one = PoolBounds {
            min: 1,
            max: 1,
            idle: config.idle,
            wait: config.wait,
        };
        let writer = Connections::new("writer", open(For::Writing), one).await;
        let writer = writer.map_err(fail)?;
        // While the writer is open: the last connection that closes moves the whole log into the database, which may be long after a crash.
        let create = config.create;
        let begun = writer.call(move |db| Ok(create || schema::is_begun(db)?));
        if !begun.await.map_err(fail)? {
            return Err(nothing());
        }
        let readers = PoolBounds {
            min: config.readers_min as usize,
            max: config.readers_max as usize,
            ..one
        };
        // Over a connection of its own: what it sorts goes through files, and leaves no memory behind.
        let schema = Connections::lazy("schema", open(For::Schema), one);
        let names = schema.call(|db| {
            schema::bring_up(db)?;
            recount::finish(db)?;
            NameIndex::load(db)
        });
        let names = names.await.map_err(fail)?;
        schema.close().await;
        let readers = Connections::new("reader", open(For::Reading), readers).await;
        let readers = readers.map_err(fail)?;
        let checkpoints = open(For::Checkpoints);
        let checkpoints = Checkpoints::new(checkpoints, config.checkpoint_writes, config.idle);
        checkpoints.erase();
        Ok(Self {
            writer,
            readers,
            checkpoints,
            names,
            meter: None,
        })
    }

    /// Tells how long its commits wait for the disk.
    #[must_use]
    pub(crate) fn metered(self, clock: Clock, metrics: Arc<Metrics>) -> Self {
        Self {
            meter: Some(StoreMeter::new(clock, metrics)),
            ..self
        }
    }

    /// Asks on a connection that reads.
    async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.readers.call_metered(self.meter.as_ref(), ask).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, writes: Arc<[Write]>) -> Result<Vec<WriteOutcome>, StoreError> {
        let (names, meter) = (self.names.clone(), self.meter.clone());
        let asked = Arc::clone(&writes);
        let done = self
            .writer
            .call(move |db| {
                if names.is_unsure() {
                    names.catch_up(db)?;
                }
                tx::commit(db, &names, &asked, meter.as_ref())
            })
            .await;
        match &done {
            Ok(_) => self.checkpoints.committed(&writes),
            Err(_) => self.names.doubt(),
        }
        done
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.read(|db| rows::value::<bool>(db, "SELECT TRUE", []))
            .await
            .map(drop)
    }

    fn pool_use(&self) -> PoolUse {
        self.readers.pool_use()
    }

    async fn close(&self) {
        self.checkpoints.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }
}
