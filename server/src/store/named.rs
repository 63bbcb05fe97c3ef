//! Whom a message names.

use std::collections::{BTreeSet, HashMap};

use protocol::UserId;
use text::{Call, HERE, handle_key};

/// Whom a message names, as the page shows it: those that are counted as mentioned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// `@here`.
    pub everybody: bool,
    /// `@name`.
    pub users: BTreeSet<UserId>,
}

impl Named {
    /// Whom calls name; of each the longest name that `who` knows.
    pub fn by(calls: &[Call], who: impl Fn(&str) -> Option<UserId>) -> Self {
        let mut named = Self::default();
        for call in calls {
            let meant = |key: &str| {
                if key == HERE {
                    Some(None)
                } else {
                    who(key).map(Some)
                }
            };
            match call.resolve(meant) {
                Some((_, None)) => named.everybody = true,
                Some((_, Some(user))) => drop(named.users.insert(user)),
                None => {}
            }
        }
        named
    }

    /// Whether this user is named, or everybody.
    pub fn names(&self, user: UserId) -> bool {
        self.everybody || self.users.contains(&user)
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        !self.everybody && self.users.is_empty()
    }
}

/// Who has which name, and since when.
#[derive(Debug, Default)]
pub(super) struct NameHistory(HashMap<String, (UserId, u64)>);

impl NameHistory {
    /// Somebody has a name since then.
    pub(super) fn put(&mut self, name: &str, user: UserId, since: u64) {
        self.0.insert(handle_key(name), (user, since));
    }

    /// Whom calls named when those who came up to a time were there.
    pub(super) fn named(&self, calls: &[Call], upto: u64) -> Named {
        let who = |key: &str| {
            let known = self.0.get(key).filter(|(_, since)| *since <= upto);
            known.map(|(user, _)| *user)
        };
        Named::by(calls, who)
    }
}
