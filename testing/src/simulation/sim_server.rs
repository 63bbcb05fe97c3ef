//! The server's host: it starts on what the store kept, and is stopped or killed.

use std::{
    cell::{Cell, RefCell},
    net::{Ipv4Addr, SocketAddr},
    rc::Rc,
    sync::{Arc, OnceLock},
};

use server::{Clock, Config, Entropy, Secret, World, run_in, store::SharedStore};
use tokio_util::sync::CancellationToken;
use turmoil::net::TcpListener;

use super::{
    EPOCH,
    broker::SimBroker,
    stream::{SimStream, Streams},
    wire::PORT,
};
use crate::memory::MemoryStore;

/// The settings of every server, read once: the environment and the command line do not change.
fn config() -> &'static Config {
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

impl server::ConnectionSource for Listener {
    type Stream = SimStream;

    async fn accept(&mut self) -> std::io::Result<(SimStream, SocketAddr)> {
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

/// The server of a simulation, which can be started many times. What is here is shared by all starts.
#[derive(Clone)]
pub struct SimServer {
    store: Arc<MemoryStore>,
    secret: Secret,
    seed: u64,
    /// Stops the server of now.
    stop: Rc<RefCell<CancellationToken>>,
    /// Cuts its connections: its process is about to end.
    kill: Rc<RefCell<CancellationToken>>,
    starts: Rc<Cell<u64>>,
    /// The way to the other nodes, and which of them this is.
    nodes: Option<(SimBroker, usize)>,
}

impl SimServer {
    /// A server on this store, whose randomness follows this seed.
    pub fn new(store: Arc<MemoryStore>, secret: Secret, seed: u64) -> Self {
        Self {
            store,
            secret,
            seed,
            stop: Rc::default(),
            kill: Rc::default(),
            starts: Rc::default(),
            nodes: None,
        }
    }

    /// It is this one of several nodes, which hear each other over a bus.
    #[must_use]
    pub fn among(self, broker: SimBroker, node: usize) -> Self {
        Self {
            nodes: Some((broker, node)),
            ..self
        }
    }

    /// What signs its tokens.
    pub const fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Stops the running server, as SIGTERM does.
    pub fn stop(&self) {
        self.stop.borrow().cancel();
    }

    /// Cuts all connections of the running server, whose process is about to end.
    pub fn kill(&self) {
        self.kill.borrow().cancel();
    }

    /// Runs the server from a start to its end.
    pub async fn serve(self) -> turmoil::Result {
        let Self {
            store,
            secret,
            seed,
            stop,
            kill,
            starts,
            nodes,
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
        // Its host's clock begins anew, the simulation's does not.
        let passed = turmoil::sim_elapsed().unwrap_or_default().as_millis();
        let world = World {
            store: store as SharedStore,
            secret,
            clock: Clock::following(EPOCH + u64::try_from(passed)?),
            entropy: Entropy::seeded(seed.wrapping_add(starts.get() << 40)),
            metrics: Arc::default(),
            bus: nodes.map(|(broker, node)| broker.join(node)),
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
