//! A transaction that writes.

use std::collections::HashMap;

use protocol::UserId;
use rusqlite::Connection;
use text::handle_key;

use super::{names::NameIndex, rows::run};
use crate::store::{
    StoreError, Write, WriteOutcome,
    meter::StoreMeter,
    rules::{StoreResult, apply, now},
};

/// What rules are decided in, see [`crate::store::rules::Transaction`].
pub(super) struct Tx<'c> {
    pub(super) db: &'c mut Connection,
    names: &'c NameIndex,
    /// Accounts that it made, by what calls them: not durable yet.
    made: HashMap<String, UserId>,
}

impl Tx<'_> {
    /// Whom a name after `@` means.
    pub(super) fn user_called(&self, key: &str) -> Option<UserId> {
        let made = self.made.get(key).copied();
        made.or_else(|| self.names.get(key))
    }

    /// It made an account.
    pub(super) fn made(&mut self, name: &str, user: UserId) {
        self.made.insert(handle_key(name), user);
    }
}

/// Applies writes in one transaction. IMMEDIATE takes the write lock at once: one that starts as a reader could fail half way.
pub(super) fn commit(
    db: &mut Connection,
    names: &NameIndex,
    writes: &[Write],
    meter: Option<&StoreMeter>,
) -> StoreResult<Vec<WriteOutcome>> {
    run(db, "BEGIN IMMEDIATE", [])?;
    let mut tx = Tx {
        db,
        names,
        made: HashMap::new(),
    };
    let outcomes = now(apply(&mut tx, writes));
    let Tx { db, made, .. } = tx;
    let done = outcomes.and_then(|outcomes| {
        let began = meter.map(StoreMeter::begin);
        run(db, "COMMIT", [])?;
        if let Some((meter, began)) = meter.zip(began) {
            meter.end(began);
        }
        Ok(outcomes)
    });
    match &done {
        Ok(_) => made
            .into_iter()
            .for_each(|(key, user)| names.put(key, user)),
        Err(why) => undo(db, why),
    }
    done
}

/// Ends a transaction that failed. A full disk or a failed write makes SQLite roll back by itself (SQLite's
/// documentation of transactions, section 3).
fn undo(db: &Connection, why: &StoreError) {
    if db.is_autocommit() {
        return;
    }
    if let Err(also) = run(db, "ROLLBACK", []) {
        tracing::warn!(%why, %also, "a transaction could not be rolled back");
    }
}
