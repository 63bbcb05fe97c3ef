//! People's accounts, and what is asked about them.

use async_trait::async_trait;
use protocol::{PresenceState, Role, UserId, UserSummary};

use super::StoreError;
use crate::latin::latin;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub id: UserId,
    /// What `@` names.
    pub name: String,
    /// What is shown.
    pub display_name: String,
    /// On the whole server.
    pub role: Role,
    /// The time zone that they show, by its IANA name.
    pub tz: Option<String>,
    /// Whether the account was shut out.
    pub banned: bool,
}

impl Account {
    /// What others see.
    pub fn summary(&self, state: Option<PresenceState>) -> UserSummary {
        UserSummary {
            id: self.id,
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            latin: latin(&self.display_name).or_else(|| latin(&self.name)),
            state,
            role: self.role,
            tz: self.tz.clone(),
        }
    }
}

/// What somebody changes of what others see of them; valid already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfilePatch {
    /// What they are called.
    pub display_name: Option<String>,
    /// The time zone that they show; `Some(None)` for none from now on.
    pub tz: Option<Option<String>>,
}

impl ProfilePatch {
    /// Whether it changes nothing.
    pub const fn is_empty(&self) -> bool {
        self.display_name.is_none() && self.tz.is_none()
    }
}

/// People by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPage {
    /// The people.
    pub users: Vec<Account>,
    /// The last id, if more follow.
    pub next: Option<u64>,
}

/// Which people a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsersAsked {
    /// Those who are not shut out.
    In,
    /// Those who are.
    Banned,
}

/// What is asked about accounts.
#[async_trait]
pub trait Accounts {
    /// Whether nobody has an account yet.
    async fn is_empty(&self) -> Result<bool, StoreError>;
    /// How many people have an account that is not banned.
    async fn people(&self) -> Result<u64, StoreError>;
    /// An account by id.
    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        Ok(self.accounts(&[user]).await?.pop())
    }
    /// Accounts by id, in the order of their ids; the unknown ones are left out.
    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Account>, StoreError>;
    /// An account by the key of its name, see [`protocol::name_key`].
    async fn account_by_key(&self, name_key: &str) -> Result<Option<Account>, StoreError>;
    /// Accounts whose name or display name holds `query` (all for an empty one) or, in Han, reads as it, after `after`, by id.
    async fn users_page(
        &self,
        which: UsersAsked,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError>;
    /// Whether the name or display name of anybody has one of these looks, see [`protocol::name_looks`].
    async fn is_taken(&self, looks: &[String]) -> Result<bool, StoreError>;
    /// The hash of somebody's password, a PHC string.
    async fn password(&self, user: UserId) -> Result<Option<String>, StoreError>;
}
