//! One live connection: the upgrade, `hello`, and then one task that reads, writes and waits until it ends.

mod actor;
mod flood;
mod hello;
mod incoming;
mod outgoing;
mod subs;
mod upgrade;
mod welcome;

pub(crate) use upgrade::upgrade;
