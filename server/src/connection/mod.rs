//! One live connection: the upgrade, `hello`, and then one task that reads, writes and waits until it ends.

mod actor;
mod cursors;
mod flood;
mod halves;
pub(crate) mod handshake;
mod hello;
mod incoming;
mod instructions;
mod next_event;
pub(crate) mod outgoing;
mod output;
mod pages;
mod upgrade;
mod welcome;
pub(crate) mod wire;

pub(crate) use actor::away;
pub(crate) use pages::LogPages;
pub(crate) use upgrade::upgrade;
