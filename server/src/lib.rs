//! The hub and everything behind it: [`run`] serves until it is told to stop.

pub mod auth;
pub mod clock;
pub mod commands;
pub mod config;
pub mod connection;
pub mod entropy;
pub mod error;
pub mod http;
pub mod hub;
pub mod lifecycle;
pub mod router;
mod serve;
pub mod start;
pub mod state;
pub mod store;
pub mod telemetry;

use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use serve::Listener;
pub use start::{StartError, World, lock_folder, open_store};

use crate::{auth::Secret, clock::Clock, config::Config, entropy::Entropy};

/// Serves on `listener` until `shutdown`, then drains: what was received is committed and acked, connections are asked to
/// come back, and the store is closed. `ready` is called once it serves.
pub async fn run(
    config: Config,
    clock: Clock,
    listener: TcpListener,
    shutdown: CancellationToken,
    ready: impl FnOnce() + Send,
) -> Result<(), StartError> {
    let _folder = lock_folder(&config.serve.data_dir)?;
    let entropy = Entropy::system();
    let world = World {
        store: open_store(&config).await?,
        secret: Secret::load(&config.serve.data_dir, &mut entropy.rng())?,
        clock,
        entropy,
    };
    run_in(config, world, listener, shutdown, ready).await
}

/// As [`run`], in a world that is handed in: the store, the time, the randomness and the network may be any. It claims no folder.
pub async fn run_in(
    config: Config,
    world: World,
    listener: impl Listener,
    shutdown: CancellationToken,
    ready: impl FnOnce() + Send,
) -> Result<(), StartError> {
    let (state, writer) = start::build(config, world);
    let stop = CancellationToken::new();
    let requests = TaskTracker::new();
    let sweeper = tokio::spawn(lifecycle::sweep(state.clone(), stop.clone()));
    let app = router::router(&state);
    let accepting = tokio::spawn(serve::accept(listener, app, requests.clone(), stop.clone()));
    ready();
    shutdown.cancelled().await;
    // Until the last connection is gone, new sockets and health checks are answered: with 503.
    lifecycle::drain(&state).await;
    stop.cancel();
    for task in [sweeper, accepting] {
        if let Err(why) = task.await {
            tracing::error!(%why, "a task of the server failed");
        }
    }
    lifecycle::end_requests(&requests).await;
    lifecycle::finish(state, writer).await;
    Ok(())
}
