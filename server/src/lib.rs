//! The hub and everything behind it: [`run`] serves until it is told to stop.

mod answers;
mod auth;
mod bus;
mod clock;
mod commands;
mod config;
mod connection;
mod entropy;
mod error;
mod files;
mod http;
mod hub;
mod latin;
mod lifecycle;
mod migrate;
mod network;
mod nodes;
mod operator;
mod router;
mod serve;
mod shares;
mod signals;
mod start;
mod state;
pub mod store;
mod telemetry;
mod workers;
mod zones;

use std::{path::PathBuf, sync::Arc};

use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    auth::SetupCode,
    serve::Gate,
    start::{lock_folder, open_store},
    telemetry::Metrics,
};

// What is used from outside of the library, and by whom. Everything else is `pub(crate)`, except for `store`, which `testing` implements once more.

// Whoever starts a server: the binary, and `testing`.
pub use auth::Secret;
pub use bus::{Bus, Heard, NodeId, Topic};
pub use clock::Clock;
pub use config::Config;
pub use entropy::Entropy;
pub use serve::ConnectionSource;
pub use start::{StartError, World};
// The binary alone.
pub use config::{ConfigError, Verb};
pub use migrate::{MigrateError, migrate};
pub use operator::{OperatorError, reset_password, set_role};
pub use signals::listen as listen_to_signals;
pub use start::{ADDR, listen, verify};
pub use telemetry::start as start_log;

/// Parts that the server's own tests, benchmarks and examples use directly, and `testing` for them. They may change at any time.
pub mod parts {
    // Tests and `testing`: the API's description, tokens, the cache, what a good message is, signals.
    pub use crate::{
        auth::{Audience, SetupCode, Subject, Tokens},
        commands::act::checked,
        http::api::document,
        latin::{latin, reads_as},
        signals::{HUP, is_ignored},
        store::cache::Cache,
    };
    // `benches/hub.rs`, and tests of the cache.
    pub use crate::{
        bus::{Alone, Note},
        hub::{Batch, Hub, HubLimits, Lane, LaneListener, Lanes, Mailbox, encode},
        telemetry::Metrics,
    };
    // `examples/echo`, and its test.
    pub use crate::{
        connection::{
            handshake::Handshake,
            wire::{Options, Wire, WireEvent},
        },
        hub::{Frame, Goodbye},
    };
}

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
        bus: None,
    };
    if world.store.is_empty().await? {
        let code = SetupCode::of(&world.secret);
        tracing::info!(%code, "nobody has an account yet: make the owner's on this machine, or from another one with this setup code");
    }
    let folder = config.serve.data_dir.clone();
    serve_in(config, world, listener, shutdown, ready, Some(folder)).await
}

/// As [`run`], with an injected store, clock, entropy and listener; it takes no folder lock, and hears no operator.
pub async fn run_in(
    config: Config,
    world: World,
    listener: impl ConnectionSource,
    shutdown: CancellationToken,
    ready: impl FnOnce() + Send,
) -> Result<(), StartError> {
    serve_in(config, world, listener, shutdown, ready, None).await
}

/// `claimed`: the data folder, where this process has claimed it.
async fn serve_in(
    config: Config,
    world: World,
    listener: impl ConnectionSource,
    shutdown: CancellationToken,
    ready: impl FnOnce() + Send,
    claimed: Option<PathBuf>,
) -> Result<(), StartError> {
    let shown = match config.serve.metrics_addr {
        Some(addr) => Some(listen(addr, start::METRICS_ADDR)?),
        None => None,
    };
    let (state, writer) = start::build(config, world);
    let stop = CancellationToken::new();
    let metrics =
        shown.map(|listener| tokio::spawn(telemetry::serve(listener, state.clone(), stop.clone())));
    let requests = TaskTracker::new();
    let operated = claimed.and_then(|folder| start::hear_operator(&folder, &state, &stop));
    let sweeper = tokio::spawn(lifecycle::sweep(state.clone(), stop.clone()));
    let noter = tokio::spawn(lifecycle::note_uses(state.clone(), stop.clone()));
    let eraser = tokio::spawn(lifecycle::erase_rooms(state.clone(), stop.clone()));
    let others = state.nodes.clone();
    let others = others.map(|nodes| tokio::spawn(nodes::run(nodes, stop.clone())));
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
    let always = [sweeper, noter, eraser, accepting].map(Some);
    let all = always.into_iter().chain([metrics, operated, others]);
    for task in all.flatten() {
        if let Err(why) = task.await {
            tracing::error!(%why, "a task of the server failed");
        }
    }
    lifecycle::end_requests(&requests).await;
    lifecycle::finish(state, writer).await;
    Ok(())
}
