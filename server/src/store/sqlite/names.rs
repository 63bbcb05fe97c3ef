//! Who has which name, in memory: a text may mean hundreds of names, and a commit does not wait for them to be read.
//! About 100 bytes a user.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use futures_util::TryStreamExt as _;
use protocol::UserId;
use sqlx::SqlitePool;
use text::handle_key;

use super::rows::{int, user_id};
use crate::store::{Named, Outcome, Reply, StoreError, Write};

/// All names, by their keys. A name is never given to somebody else, so what is known stays true.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(Arc<RwLock<Known>>);

#[derive(Debug, Default)]
struct Known {
    by_key: HashMap<Box<str>, UserId>,
    /// The last account that is in it.
    last: u64,
    /// A commit failed that may have made accounts all the same.
    unsure: bool,
}

impl Names {
    /// All names of a store.
    pub(super) async fn load(db: &SqlitePool) -> Result<Self, StoreError> {
        let names = Self::default();
        names.catch_up(db).await?;
        Ok(names)
    }

    /// Whom a key means.
    pub(super) fn get(&self, key: &str) -> Option<UserId> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.by_key.get(key).copied()
    }

    fn put(&self, key: String, user: UserId) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.last = known.last.max(user.get());
        known.by_key.insert(key.into(), user);
    }

    /// Reads the accounts that it does not have yet: all at a start, and those of a commit of which it is not known what became.
    pub(super) async fn catch_up(&self, db: &SqlitePool) -> Result<(), StoreError> {
        let last = self.last();
        let mut rows =
            sqlx::query_as::<_, (i64, String)>("SELECT id, name FROM users WHERE id > ?")
                .bind(int(last))
                .fetch(db);
        while let Some((id, name)) = rows.try_next().await? {
            self.put(handle_key(&name), user_id(id)?);
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

    /// Whom a write names.
    pub(super) fn named(&self, write: &Write) -> Named {
        named(write, |key| self.get(key))
    }

    /// For the accounts that one transaction makes.
    pub(super) fn news(&self) -> News<'_> {
        News {
            names: self,
            made: HashMap::new(),
        }
    }
}

/// Accounts that a transaction made, and that are not durable yet.
pub(super) struct News<'n> {
    names: &'n Names,
    made: HashMap<String, UserId>,
}

impl News<'_> {
    /// Takes in what became of a write. Whether it made an account.
    pub(super) fn made(&mut self, write: &Write, outcome: &Outcome) -> bool {
        let (Write::CreateAccount { name, .. }, Ok(done)) = (write, outcome) else {
            return false;
        };
        let Reply::Account { user, .. } = done.reply else {
            return false;
        };
        self.made.insert(handle_key(name), user);
        true
    }

    /// Whom a write names that comes after them.
    pub(super) fn named(&self, write: &Write) -> Named {
        named(write, |key| {
            let made = self.made.get(key).copied();
            made.or_else(|| self.names.get(key))
        })
    }

    /// They are committed.
    pub(super) fn are_durable(self) {
        for (key, user) in self.made {
            self.names.put(key, user);
        }
    }
}

fn named(write: &Write, who: impl Fn(&str) -> Option<UserId>) -> Named {
    match write {
        Write::Command(one) => one.named(who),
        _ => Named::default(),
    }
}
