//! An index of all names, in memory: a text may mean hundreds of names, and a commit does not wait for them to be read.
//! About 100 bytes a user.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use protocol::UserId;
use rusqlite::Connection;
use text::handle_key;

use super::rows::Columns as _;
use crate::store::rules::StoreResult;

/// All names, by their keys. A name is never given to somebody else, so what is known stays true.
#[derive(Clone, Debug, Default)]
pub(super) struct NameIndex(Arc<RwLock<KnownNames>>);

#[derive(Debug, Default)]
struct KnownNames {
    by_key: HashMap<Box<str>, UserId>,
    /// The last account that is in it.
    last: u64,
    /// A commit failed that may have made accounts all the same.
    unsure: bool,
}

impl NameIndex {
    /// All names of a store.
    pub(super) fn load(db: &Connection) -> StoreResult<Self> {
        let names = Self::default();
        names.catch_up(db)?;
        Ok(names)
    }

    /// Whom a key means.
    pub(super) fn get(&self, key: &str) -> Option<UserId> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.by_key.get(key).copied()
    }

    pub(super) fn put(&self, key: String, user: UserId) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.last = known.last.max(user.get());
        known.by_key.insert(key.into(), user);
    }

    /// Reads the accounts that it does not have yet: all at a start, and those of a commit of which it is not known what became.
    pub(super) fn catch_up(&self, db: &Connection) -> StoreResult<()> {
        let mut statement = db.prepare_cached("SELECT id, name FROM users WHERE id > ?")?;
        let mut rows = statement.query([self.last()])?;
        while let Some(row) = rows.next()? {
            self.put(handle_key(row.get_ref(1)?.as_str()?), row.user(0)?);
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.unsure = false;
        Ok(())
    }

    /// A commit failed: accounts of it may be stored all the same.
    pub(super) fn doubt(&self) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.unsure = true;
    }

    /// Whether there may be accounts that it does not have.
    pub(super) fn is_unsure(&self) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.unsure
    }

    fn last(&self) -> u64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).last
    }
}
