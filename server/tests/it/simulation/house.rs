//! The server's host: it starts on what the store kept, and is stopped or killed.

use std::{
    cell::{Cell, RefCell},
    net::{Ipv4Addr, SocketAddr},
    rc::Rc,
    sync::{Arc, OnceLock},
};

use server::{
    World as ServerWorld, auth::Secret, clock::Clock, config::Config, entropy::Entropy, run_in,
    store::SharedStore,
};
use testing::memory::MemoryStore;
use tokio_util::sync::CancellationToken;
use turmoil::net::TcpListener;

use super::{
    stream::{Stream, Streams},
    wire::PORT,
    world::EPOCH,
};

/// The settings of every server, read once: the environment and the command line do not change.
pub(super) fn config() -> &'static Config {
    static CONFIG: OnceLock<Config> = OnceLock::new();
    CONFIG.get_or_init(|| {
        let flags = [
            "hubbub",
            "--send-per-s=0",
            "--http-per-s-address=0",
            "--http-per-s-total=0",
            "--sockets-per-user=0",
            "--sockets-per-address=0",
            "--heartbeat-s=2",
            "--offline-grace-s=5",
        ];
        Config::load(flags.map(Into::into)).unwrap()
    })
}

/// A listener of the simulated network.
struct Listener {
    socket: TcpListener,
    streams: Streams,
    /// Once the server is told to stop, nobody new is let in: whether it or the newcomer comes first in one moment would
    /// be decided by a `select!` that no seed reaches.
    stop: CancellationToken,
}

impl server::Listener for Listener {
    type Stream = Stream;

    async fn accept(&mut self) -> std::io::Result<(Stream, SocketAddr)> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => std::future::pending().await,
            accepted = self.socket.accept() => {
                let (stream, peer) = accepted?;
                Ok((self.streams.add(stream), peer))
            }
        }
    }
}

/// What every start of the server shares.
#[derive(Clone)]
pub(super) struct House {
    pub(super) store: Arc<MemoryStore>,
    pub(super) secret: Secret,
    pub(super) seed: u64,
    /// Stops the server of now.
    pub(super) stop: Rc<RefCell<CancellationToken>>,
    /// Cuts its connections: its process is about to end.
    pub(super) kill: Rc<RefCell<CancellationToken>>,
    pub(super) starts: Rc<Cell<u64>>,
}

impl House {
    /// A server, from its start to its end.
    pub(super) async fn serve(self) -> turmoil::Result {
        let Self {
            store,
            secret,
            seed,
            stop,
            kill,
            starts,
        } = self;
        starts.set(starts.get() + 1);
        let shutdown = CancellationToken::new();
        *stop.borrow_mut() = shutdown.clone();
        let killed = CancellationToken::new();
        *kill.borrow_mut() = killed.clone();
        let streams = Streams::new();
        let socket = TcpListener::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?;
        let listener = Listener {
            socket,
            streams: streams.clone(),
            stop: shutdown.clone(),
        };
        // Its host's clock begins anew, the world's does not.
        let passed = turmoil::sim_elapsed().unwrap_or_default().as_millis();
        let world = ServerWorld {
            store: store as SharedStore,
            secret,
            clock: Clock::following(EPOCH + u64::try_from(passed)?),
            entropy: Entropy::seeded(seed.wrapping_add(starts.get() << 40)),
            metrics: Arc::default(),
        };
        let running = run_in(config().clone(), world, listener, shutdown.clone(), || {});
        tokio::select! {
            biased;
            () = killed.cancelled() => {
                streams.cut();
                std::future::pending().await
            }
            ended = running => {
                streams.cut();
                Ok(ended?)
            }
        }
    }
}
