//! An echo over the connection layer that the chat uses, for suites that test such layers: that of Autobahn, for one.
//!
//!     cargo run -p server --example echo -- 127.0.0.1:9001 33554432
//!
//! The first argument is the address, the second the most bytes of a message; the chat's own limit is far lower than what such
//! a suite sends.

#![expect(
    clippy::print_stdout,
    reason = "an example is run by hand, and says where it listens"
)]

mod service;

use std::{error::Error, net::SocketAddr};

use server::parts::Options;
use tokio::net::TcpListener;

/// Autobahn's largest message has 16 MiB.
const MESSAGE_BYTES: usize = 32 * 1024 * 1024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let addr: SocketAddr = args.next().as_deref().unwrap_or("127.0.0.1:9001").parse()?;
    let message_bytes = args.next().map_or(Ok(MESSAGE_BYTES), |it| it.parse())?;
    let listener = TcpListener::bind(addr).await?;
    println!("listening on ws://{}", listener.local_addr()?);
    service::serve(listener, Options { message_bytes }).await?;
    Ok(())
}
