//! What somebody says, and whom it names.

use std::{collections::BTreeSet, ops::Deref};

use protocol::UserId;
use text::{Call, HERE, calls};

/// A message's text with the names that it may mean. They are found where the text comes in, at its sender's cost and not
/// in the line of those who wait for a commit; that only looks them up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    text: String,
    calls: Vec<Call>,
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        let calls = calls(&text);
        Self { text, calls }
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Deref for Said {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Said {
    /// Whom it names. `who` knows users by the key of their names ([`text::handle_key`]).
    pub fn named(&self, who: impl Fn(&str) -> Option<UserId>) -> Named {
        Named::by(&self.calls, who)
    }
}

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
