//! Servers and clients in virtual time, over a network, a disk and processes that fail as a seed says.

mod bot;
mod broker;
mod disk;
mod doors;
mod http;
mod ledger;
mod panics;
mod sim_client;
mod sim_server;
mod stream;
mod watch;
mod wire;

pub use bot::{Bot, Burst};
pub use broker::{BusFaults, SimBroker};
pub use disk::{DiskFaults, FaultyDisk};
pub use doors::Doors;
pub use http::SimRequest;
pub use ledger::{Book, Ledger, same_entry};
pub use panics::{first as first_panic, watch as watch_panics};
pub use sim_client::{Action, SimBrowser, SimClient};
pub use sim_server::SimServer;

/// When every simulation begins, in milliseconds since the epoch.
pub const EPOCH: u64 = 1_795_400_000_000;
