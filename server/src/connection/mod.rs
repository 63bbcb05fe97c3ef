//! One live connection: the upgrade, `hello`, and then one task that reads, writes and waits until it ends.

mod actor;
mod flood;
mod halves;
pub mod handshake;
mod hello;
mod incoming;
mod orders;
pub mod outgoing;
mod pages;
mod port;
mod subs;
mod turn;
mod upgrade;
mod welcome;
pub mod wire;

pub(crate) use pages::Pages;
pub(crate) use upgrade::upgrade;
