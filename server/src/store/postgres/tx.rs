//! A transaction that writes.

use super::{
    fate,
    locks::Locks,
    pool::{Lent, Pool},
    rows::Db,
};
use crate::store::{
    Authored, SignUp, StoreError, Write, WriteOutcome,
    meter::StoreMeter,
    rules::{StoreResult, apply},
};

/// What rules are decided in, see [`crate::store::rules::Transaction`].
pub(super) struct PgTx {
    pub(super) db: Lent,
}

impl PgTx {
    pub(super) fn db(&mut self) -> &mut Db {
        &mut self.db
    }
}

/// Applies writes in one transaction, and finds out what became of it where the connection does not tell.
pub(super) async fn commit(
    writers: &Pool,
    writes: &[Write],
    meter: Option<&StoreMeter>,
) -> StoreResult<Vec<WriteOutcome>> {
    let mut db = writers.get().await?;
    db.begin("ISOLATION LEVEL READ COMMITTED").await?;
    let mut tx = PgTx { db };
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
    let began = meter.map(StoreMeter::begin);
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

async fn run(tx: &mut PgTx, writes: &[Write]) -> StoreResult<Vec<WriteOutcome>> {
    let last_at = Locks::of(writes).take(&mut tx.db).await?;
    // Another node's clock may be ahead: times in a log do not run backwards.
    let is_late = |write: &Write| stamped(write).is_some_and(|at| at < last_at);
    if !writes.iter().any(is_late) {
        return apply(tx, writes).await;
    }
    let mut later = writes.to_vec();
    for write in later.iter_mut().filter(|write| is_late(write)) {
        write.stamp(last_at);
    }
    apply(tx, &later).await
}

/// The time that [`Write::stamp`] gave a write which may make an entry of a log.
const fn stamped(write: &Write) -> Option<u64> {
    match write {
        Write::Command(Authored { now, .. })
        | Write::Join { now, .. }
        | Write::Leave { now, .. }
        | Write::CreateRoom { now, .. }
        | Write::CreateDirect { now, .. }
        | Write::ChangeRoom { now, .. }
        | Write::DeleteRoom { now, .. }
        | Write::UndeleteRoom { now, .. }
        | Write::CreateAccount(SignUp { now, .. }) => Some(*now),
        _ => None,
    }
}
