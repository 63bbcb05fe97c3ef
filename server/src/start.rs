//! The start, before the first request: the data folder, the store, the shared state.

use std::{
    fs::{File, TryLockError},
    io::ErrorKind,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZero,
    path::{Path, PathBuf},
    sync::Arc,
    thread::available_parallelism,
    time::Duration,
};

use protocol::limits::MAX_ID;
use thiserror::Error;
use tokio::{
    net::{TcpListener, TcpSocket},
    task::JoinHandle,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    answers::AnswerBudget,
    auth::{CookieNames, Foreign, Passwords, Secret, SecretError, SetupCode, Tokens, Tries},
    bus::{Alone, Bus, NodeId, Note, Tell},
    clock::Clock,
    commands::{quota::Quotas, read::Reads, using::Uses},
    config::{Config, Database},
    connection::LogPages,
    entropy::Entropy,
    files,
    http::{assets::Assets, health::Readiness, limit::HttpLimits},
    hub::{Hub, HubLimits, Rate},
    lifecycle,
    nodes::{Nodes, Outward, Topics},
    operator::socket::ControlSocket,
    shares::Shares,
    state::{Shared, State},
    store::{
        SharedStore, StoreError, WriteQueue,
        cache::Cache,
        postgres::{self, PostgresStore},
        sqlite::{self, SqliteConfig, SqliteStore},
        verify::VerifyReport,
    },
    telemetry::Metrics,
    workers::Workers,
};

/// Pages that wait for each one that is drawn: at half a millisecond each, a tenth of a second's worth.
const PAGES_WAITING_EACH: usize = 200;

/// Why the server cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error(
        "cannot use the data folder {path}: {why}; make it writable for the user that runs hubbub, or name another with --data-dir"
    )]
    Folder {
        /// The path.
        path: PathBuf,
        /// The system's error.
        why: std::io::Error,
    },
    /// Another process serves from it.
    #[error(
        "another hubbub serves from the data folder {0}; stop it first, or name another with --data-dir"
    )]
    FolderInUse(PathBuf),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There was a database, and it is gone. Whoever came first to a new one would be its owner.
    #[error(
        "{database} holds nothing, but {key} says that there was a database: put it back (from a backup, or name it with --database-url), or remove {key} to begin anew, where the first account is the owner's",
        database = database.display(), key = key.display()
    )]
    Lost {
        /// Where it should be.
        database: PathBuf,
        /// What was left of it.
        key: PathBuf,
    },
    /// The secret cannot be used.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {addr}: {why}; stop what listens there, or name another with {setting}"
    )]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// The setting that names it.
        setting: &'static str,
        /// The system's error.
        why: std::io::Error,
    },
}

/// Makes the data folder if it is not there and claims it for this process, for as long as the handle lives.
pub(crate) fn lock_folder(folder: &Path) -> Result<File, StartError> {
    let fail = |why| StartError::Folder {
        path: folder.to_owned(),
        why,
    };
    files::private_folder(folder).map_err(fail)?;
    let file = files::private_file(&folder.join("hubbub.lock")).map_err(fail)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::FolderInUse(folder.to_owned())),
        Err(TryLockError::Error(why)) => Err(fail(why)),
    }
}

/// Connections that may wait to be accepted. After a restart thousands come within moments, and one that finds the line full is tried
/// again only after a second, by the client's system. This one's cuts the line further (`net.core.somaxconn`, 4,096 on Linux).
const BACKLOG: u32 = 8_192;

/// The setting of the address where people are served.
pub const ADDR: &str = "--addr (HUBBUB_ADDR)";
/// The setting of the address where metrics are shown.
pub(crate) const METRICS_ADDR: &str = "--metrics-addr (HUBBUB_METRICS_ADDR)";

/// Listens on an address, which `setting` names. Must be called within a runtime.
pub fn listen(addr: SocketAddr, setting: &'static str) -> Result<TcpListener, StartError> {
    let open = |addr: SocketAddr| {
        let socket = if addr.is_ipv4() {
            TcpSocket::new_v4()?
        } else {
            TcpSocket::new_v6()?
        };
        // A restart need not wait for the connections of the process before it.
        socket.set_reuseaddr(true)?;
        socket.bind(addr)?;
        socket.listen(BACKLOG)
    };
    // Every address of the machine; where it has IPv4 only, every one of those.
    let opened = open(addr).or_else(|why| {
        let kind = why.kind();
        let no_ipv6 = matches!(kind, ErrorKind::Unsupported | ErrorKind::AddrNotAvailable)
            || why.raw_os_error() == Some(rustix::io::Errno::AFNOSUPPORT.raw_os_error());
        if addr.ip() == Ipv6Addr::UNSPECIFIED && no_ipv6 {
            open((Ipv4Addr::UNSPECIFIED, addr.port()).into())
        } else {
            Err(why)
        }
    });
    opened.map_err(|why| StartError::Listen { addr, setting, why })
}

/// Where the embedded database is, and whether it may be made there; none where the store is PostgreSQL.
pub(crate) fn database_path(config: &Config) -> Option<(PathBuf, bool)> {
    match &config.store.database_url {
        None | Some(Database::InFolder) => Some((config.serve.data_dir.join("hubbub.db"), true)),
        Some(Database::Sqlite { path, create }) => Some((path.clone(), *create)),
        Some(Database::Postgres(_)) => None,
    }
}

/// Proves the promises of the store that the settings name, beside a running server too.
pub async fn verify(config: &Config) -> Result<VerifyReport, StoreError> {
    if let Some(Database::Postgres(url)) = &config.store.database_url {
        let settings = config.store.postgres(&url.0, false);
        return if config.deep {
            postgres::verify::verify_deep(&settings).await
        } else {
            postgres::verify::verify(&settings).await
        };
    }
    let Some((path, _)) = database_path(config) else {
        return Err(StoreError::Nothing("the settings".to_owned()));
    };
    if config.deep {
        sqlite::verify::verify_deep(&path).await
    } else {
        sqlite::verify::verify(&path).await
    }
}

/// Opens the store that the settings name.
pub(crate) async fn open_store(
    config: &Config,
    clock: Clock,
    metrics: &Arc<Metrics>,
) -> Result<SharedStore, StartError> {
    // The secret is made after the store: where there is one, there was a store.
    let key = Secret::path(&config.serve.data_dir);
    let lost = |database: &Path, why| match why {
        StoreError::Nothing(_) if key.exists() => StartError::Lost {
            database: database.to_owned(),
            key: key.clone(),
        },
        other => StartError::Store(other),
    };
    if let Some(Database::Postgres(url)) = &config.store.database_url {
        let settings = config.store.postgres(&url.0, !key.exists());
        let opened = PostgresStore::open(&settings).await;
        let place = Path::new("the database of PostgreSQL");
        let store = opened.map_err(|why| lost(place, why))?;
        let store = store.claimed(&settings).await?;
        return Ok(Arc::new(store.metered(clock, Arc::clone(metrics))));
    }
    let Some((path, create)) = database_path(config) else {
        return Err(StoreError::Nothing("the settings".to_owned()).into());
    };
    let create = create && !key.exists();
    let sqlite = SqliteConfig {
        create,
        ..config.store.sqlite()
    };
    files::private_database(&path, create).map_err(|why| StoreError::Open {
        path: path.display().to_string(),
        why: why.to_string(),
    })?;
    let opened = SqliteStore::open(&path, &sqlite).await;
    let store = opened
        .map_err(|why| lost(&path, why))?
        .metered(clock, Arc::clone(metrics));
    Ok(Arc::new(store))
}

/// Listens for the machine's operator. A server that cannot (its folder's path is too long for a socket, for instance) serves all the same.
pub(crate) fn hear_operator(
    folder: &Path,
    state: &State,
    stop: &CancellationToken,
) -> Option<JoinHandle<()>> {
    match ControlSocket::open(folder) {
        Ok(socket) => Some(tokio::spawn(socket.serve(state.clone(), stop.clone()))),
        Err(why) => {
            tracing::warn!(folder = %folder.display(), %why, "`hubbub reset-password` and `hubbub set-role` work only while this server is stopped");
            None
        }
    }
}

/// What a server stands in, and does not make itself.
pub struct World {
    /// What is kept.
    pub store: SharedStore,
    /// What signs its tokens.
    pub secret: Secret,
    /// The time.
    pub clock: Clock,
    /// Random bits.
    pub entropy: Entropy,
    /// What is measured.
    pub metrics: Arc<Metrics>,
    /// The way to other nodes over the same store; none for a server that is alone.
    pub bus: Option<Arc<dyn Bus>>,
}

/// What hears of everything that is written: first what remembers it, then who is told of it and may ask. Where there are other nodes, they put entries in order first.
struct Node {
    cache: Arc<Cache>,
    hub: Arc<Hub>,
    nodes: Option<Arc<Nodes>>,
}

impl Tell for Node {
    fn tell(&self, note: &Note<'_>) {
        match &self.nodes {
            None => {
                self.cache.hear(note);
                self.hub.hear(note);
            }
            Some(nodes) => nodes.tell(note),
        }
    }
}

impl Node {
    fn new(config: &Config, world: &World) -> Self {
        let limits = HubLimits {
            sockets_per_user: config.limits.sockets_per_user,
            lane_bytes: config.limits.lane_bytes(),
            grace_ms: config.live.offline_grace_s * 1_000,
            silence_ms: lifecycle::silence_ms(config.live.heartbeat()),
        };
        // A restart must not give a session's number to somebody else.
        let first = world.entropy.u64() % (MAX_ID / 2);
        let (store, metrics) = (&world.store, &world.metrics);
        let bytes = config.limits.count_bytes();
        let cache = Cache::new(Arc::clone(store), bytes, Arc::clone(metrics));
        let Some(bus) = &world.bus else {
            let hub = Hub::new(first, limits, world.clock, Arc::clone(metrics), Alone);
            return Self {
                cache: Arc::new(cache),
                hub: Arc::new(hub),
                nodes: None,
            };
        };
        let me = NodeId(world.entropy.u64());
        let out = || Outward::new(me, Arc::clone(bus));
        let topics = Arc::new(Topics::default());
        let hub = Hub::new(first, limits, world.clock, Arc::clone(metrics), out());
        let hub = Arc::new(hub);
        let cache = Arc::new(cache.hearing(Arc::clone(&topics)));
        let parts = (Arc::clone(&cache), Arc::clone(&hub));
        let nodes = Nodes::new(out(), Arc::clone(store), parts, topics, world.clock);
        Self {
            cache,
            hub,
            nodes: Some(Arc::new(nodes)),
        }
    }
}

/// Puts the parts together; the task empties the write queue until the last handle of the state is gone.
pub(crate) fn build(config: Config, world: World) -> (State, JoinHandle<()>) {
    let node = Arc::new(Node::new(&config, &world));
    let World {
        store,
        secret,
        clock,
        entropy,
        metrics,
        bus: _,
    } = world;
    let (queue, drain) = WriteQueue::new(
        Arc::clone(&store),
        config.store.queue(),
        clock,
        Arc::clone(&node),
        Arc::clone(&metrics),
    );
    let writer = tokio::spawn(drain);
    let tokens = Tokens::new(&secret);
    let state = Arc::new(Shared {
        rate: Rate::new(
            config.limits.send_per_s,
            Duration::from_secs(1),
            config.limits.send_burst,
            "too many messages at once; it may go out again shortly",
        ),
        quotas: Quotas::new(&config.limits),
        reads: Reads::new(config.limits.send_per_s > 0),
        uses: Uses::default(),
        cookies: CookieNames::new(&tokens),
        tokens,
        setup_code: SetupCode::of(&secret),
        passwords: Passwords::new(config.auth.password_workers),
        tries: Tries::new(config.limits.signin_tries),
        pages: LogPages::default(),
        answers: AnswerBudget::new(config.limits.answers_mib, Arc::clone(&metrics)),
        foreign: Foreign::default(),
        drawers: Workers::new(
            available_parallelism().map_or(1, NonZero::get),
            PAGES_WAITING_EACH,
        ),
        http_limits: HttpLimits::new(
            config.limits.http_per_s_address,
            config.limits.http_per_s_total,
        ),
        readiness: Readiness::default(),
        sockets: Shares::new(config.limits.sockets_per_address(), 0),
        assets: Assets::new(config.serve.site_root.clone()),
        tasks: TaskTracker::new(),
        draining: CancellationToken::new(),
        config,
        clock,
        entropy,
        store,
        cache: Arc::clone(&node.cache),
        queue,
        hub: Arc::clone(&node.hub),
        nodes: node.nodes.clone(),
        metrics,
    });
    (state, writer)
}
