//! Whom a message names.

use std::collections::BTreeSet;

use protocol::UserId;
use text::{Call, HERE};

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
