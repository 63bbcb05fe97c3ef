//! What an operator asks for, what is answered, and the write that it is: the same beside a running server and without one.

use std::net::{IpAddr, Ipv4Addr};

use protocol::{Role, name_key};
use rand::Rng as _;
use serde::{Deserialize, Serialize};

use super::OperatorError;
use crate::{
    auth::{Fresh, Passwords},
    entropy::Entropy,
    store::{Account, Store, Write},
};

/// The signs of a password that is made here: none that is easily taken for another.
const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Groups of signs in it, and signs of each: 99 bits.
const GROUPS: (usize, usize) = (4, 5);

/// An order, as one line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Order {
    /// Give somebody a new password, and end all their sign-ins.
    ResetPassword {
        /// Who, by the name after the `@`.
        name: String,
    },
    /// Change what somebody may do.
    SetRole {
        /// Who, by the name after the `@`.
        name: String,
        /// The name of their role from now on.
        role: String,
    },
}

/// The answer, as one line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// The new password.
    Password(String),
    /// What they might do before.
    RoleBefore(Role),
    /// Nothing was done, and why.
    Refused(String),
}

impl Order {
    fn name(&self) -> &str {
        let (Self::ResetPassword { name } | Self::SetRole { name, .. }) = self;
        name.strip_prefix('@').unwrap_or(name)
    }

    /// What is done, for the log.
    pub(super) const fn what(&self) -> &'static str {
        match self {
            Self::ResetPassword { .. } => "a new password",
            Self::SetRole { .. } => "a role",
        }
    }

    /// About whom it is.
    pub(super) async fn account(&self, store: &dyn Store) -> Result<Account, OperatorError> {
        let name = self.name();
        let account = store.account_by_key(&name_key(name)).await?;
        account.ok_or_else(|| OperatorError::NoPerson(name.to_owned()))
    }

    /// The write that it is, and what to answer once it is stored.
    pub(super) async fn write(
        &self,
        account: &Account,
        passwords: &Passwords,
        now: u64,
    ) -> Result<(Write, Answer), OperatorError> {
        let user = account.id;
        match self {
            Self::SetRole { role, .. } => {
                let named = Role::named(role);
                let role = named.ok_or_else(|| OperatorError::NoRole(role.clone()))?;
                let write = Write::SetRole { user, role };
                Ok((write, Answer::RoleBefore(account.role)))
            }
            Self::ResetPassword { .. } => {
                let password = new_password();
                let fresh = Fresh::new(&password, "password", &[])?;
                let here = IpAddr::from(Ipv4Addr::LOCALHOST);
                let turn = passwords.turn(here.into()).await?;
                let write = Write::SetPassword {
                    user,
                    hash: passwords.hash(&turn, fresh).await?,
                    // No sign-in has this number.
                    keep: 0,
                    now,
                };
                Ok((write, Answer::Password(password)))
            }
        }
    }
}

fn new_password() -> String {
    let mut rng = Entropy::system().rng();
    let mut group = || -> String {
        let sign = |_| char::from(SIGNS[rng.random_range(0..SIGNS.len())]);
        (0..GROUPS.1).map(sign).collect()
    };
    let groups: Vec<String> = (0..GROUPS.0).map(|_| group()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_password_is_one_that_may_be_used_and_another_each_time() {
        let (one, other) = (new_password(), new_password());
        assert_ne!(one, other);
        assert_eq!(one.len(), 23);
        assert!(Fresh::new(&one, "password", &["ada", "Hubbub"]).is_ok());
    }
}
