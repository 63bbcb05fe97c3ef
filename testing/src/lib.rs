//! What the server is tested with: a server in this process, clients that talk to it, faults of disk and network, and the reference store. Nothing of it ships.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on says so and ends"
)]

mod api;
mod common;
mod disk;
pub mod memory;
pub mod postgres;
mod process;
mod proxy;
mod raw;
mod recorder;
mod sender;
pub mod simulation;
mod test_client;
mod test_server;
pub mod wire;

pub use api::{TestApi, described};
pub use common::{PASSWORD, PATIENCE, id, scale, until};
pub use disk::{SimDisk, Torn, Trace};
pub use process::ServerProcess;
pub use proxy::Proxy;
pub use raw::{Raw, close_code};
pub use recorder::Recorder;
pub use sender::{ConnectionLost, Sender};
pub use test_client::TestClient;
pub use test_server::{TestServer, UNLIMITED};
