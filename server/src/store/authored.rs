//! A command, and who gave it when.

use protocol::{Command, UserId};
use text::{Call, calls};

use super::Named;
use crate::auth::rights::Who;

/// A member's command on its way into a log. The names that its text may mean are found where it comes in, at its author's cost and not
/// in the line of those who wait for a commit; that only looks them up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authored {
    /// Who gave it.
    pub who: Who,
    /// The command; its text and emoji are valid.
    pub command: Command,
    /// When, in milliseconds since the epoch.
    pub now: u64,
    calls: Vec<Call>,
}

impl Authored {
    /// A command that was checked.
    pub fn new(who: Who, command: Command, now: u64) -> Self {
        let calls = command.act.text().map(calls).unwrap_or_default();
        Self {
            who,
            command,
            now,
            calls,
        }
    }

    /// Whom its text names. `who` knows users by the key of their names ([`text::handle_key`]).
    pub fn named(&self, who: impl Fn(&str) -> Option<UserId>) -> Named {
        Named::by(&self.calls, who)
    }
}
