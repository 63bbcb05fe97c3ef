//! A transaction that writes.

use std::sync::Arc;

use super::{
    fate,
    locks::Locks,
    pool::{Lent, Pool},
    rows::Db,
};
use crate::store::{
    StoreError, Write, WriteOutcome,
    meter::SyncMeter,
    rules::{StoreResult, apply},
};

/// What rules are decided in, see [`crate::store::rules::Transaction`].
pub(super) struct Tx {
    pub(super) db: Lent,
}

impl Tx {
    pub(super) fn db(&mut self) -> &mut Db {
        &mut self.db
    }
}

/// Applies writes in one transaction, and finds out what became of it where the connection does not tell.
pub(super) async fn commit(
    writers: &Pool,
    writes: &Arc<[Write]>,
    meter: Option<&SyncMeter>,
) -> StoreResult<Vec<WriteOutcome>> {
    let mut db = writers.get().await?;
    db.begin("ISOLATION LEVEL READ COMMITTED").await?;
    let mut tx = Tx { db };
    let outcomes = match run(&mut tx, writes).await {
        Ok(outcomes) => outcomes,
        Err(why) => {
            // Otherwise the pool throws the connection away, and its transaction with it.
            if let Err(also) = tx.db.end("ROLLBACK").await {
                tracing::debug!(%why, %also, "a transaction ends with its connection");
            }
            return Err(why);
        }
    };
    let number = fate::number(&mut tx.db).await?;
    let began = meter.map(SyncMeter::begin);
    let Err(why) = tx.db.end("COMMIT").await else {
        if let Some((meter, began)) = meter.zip(began) {
            meter.end(began);
        }
        return Ok(outcomes);
    };
    drop(tx);
    tracing::warn!(%why, number, "a commit was not answered");
    if fate::is_committed(writers, &number).await? {
        Ok(outcomes)
    } else {
        // Surely not stored: worth another try.
        Err(StoreError::Busy)
    }
}

async fn run(tx: &mut Tx, writes: &Arc<[Write]>) -> StoreResult<Vec<WriteOutcome>> {
    let last_at = Locks::of(writes).take(&mut tx.db).await?;
    // Another node's clock may be ahead: times in a log do not run backwards.
    if writes
        .iter()
        .any(|write| write.at().is_some_and(|at| at < last_at))
    {
        let mut later = writes.to_vec();
        for write in &mut later {
            if write.at().is_some_and(|at| at < last_at) {
                write.stamp(last_at);
            }
        }
        return apply(tx, &later).await;
    }
    apply(tx, writes).await
}
