//! The hub and everything behind it: [`run`] serves until it is told to stop.

pub mod answers;
pub mod auth;
pub mod bus;
pub mod clock;
pub mod commands;
pub mod config;
pub mod connection;
pub mod entropy;
pub mod error;
pub mod files;
pub mod http;
pub mod hub;
pub mod lifecycle;
pub mod network;
pub mod router;
mod serve;
mod shares;
pub mod signals;
pub mod start;
pub mod state;
pub mod store;
pub mod telemetry;
pub mod workers;

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use serve::Listener;
pub use start::{StartError, World, lock_folder, open_store};

use crate::{
    auth::{Secret, SetupCode},
    clock::Clock,
    config::Config,
    entropy::Entropy,
    serve::Gate,
    telemetry::Metrics,
};

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
    let metrics = Arc::new(Metrics::default());
    let world = World {
        store: open_store(&config, clock, &metrics).await?,
        secret: Secret::load(&config.serve.data_dir, &mut entropy.rng())?,
        clock,
        entropy,
        metrics,
    };
    if world.store.is_empty().await? {
        let code = SetupCode::of(&world.secret);
        tracing::info!(%code, "nobody has an account yet: make the owner's on this machine, or from another one with this setup code");
    }
    run_in(config, world, listener, shutdown, ready).await
}

/// As [`run`], with an injected store, clock, entropy and listener; it takes no folder lock.
pub async fn run_in(
    config: Config,
    world: World,
    listener: impl Listener,
    shutdown: CancellationToken,
    ready: impl FnOnce() + Send,
) -> Result<(), StartError> {
    let shown = match config.serve.metrics_addr {
        Some(addr) => Some(start::listen(addr, start::METRICS_ADDR)?),
        None => None,
    };
    let (state, writer) = start::build(config, world);
    let stop = CancellationToken::new();
    let metrics =
        shown.map(|listener| tokio::spawn(telemetry::serve(listener, state.clone(), stop.clone())));
    let requests = TaskTracker::new();
    let sweeper = tokio::spawn(lifecycle::sweep(state.clone(), stop.clone()));
    let noter = tokio::spawn(lifecycle::note_uses(state.clone(), stop.clone()));
    let app = router::router(&state, &requests);
    let gate = Gate::new(&state.config, state.clock, Arc::clone(&state.metrics));
    let gate = Arc::new(gate);
    let accepting = tokio::spawn(serve::accept(
        listener,
        gate,
        app,
        requests.clone(),
        stop.clone(),
    ));
    ready();
    shutdown.cancelled().await;
    // Until the last connection is gone, new sockets and health checks are answered: with 503.
    lifecycle::drain(&state).await;
    stop.cancel();
    for task in [Some(sweeper), Some(noter), Some(accepting), metrics]
        .into_iter()
        .flatten()
    {
        if let Err(why) = task.await {
            tracing::error!(%why, "a task of the server failed");
        }
    }
    lifecycle::end_requests(&requests).await;
    lifecycle::finish(state, writer).await;
    Ok(())
}
