//! Connections, a bounded number of them.

use std::{fmt, future::Future, time::Duration};

use bb8::{ManageConnection, PooledConnection, RunError};
use tokio::time::timeout;
use tokio_postgres::{Config, NoTls};

use super::{
    config::{PoolSize, PostgresConfig},
    rows::Db,
};
use crate::store::{PoolUse, StoreError, rules::StoreResult};

/// How long one try to connect may take; the pool tries again as long as somebody waits.
const MAX_CONNECT: Duration = Duration::from_secs(3);
/// After so long without a sign of life of the other side the system asks for one.
const KEEPALIVE: Duration = Duration::from_secs(5);

/// A connection that goes back to its pool when it is dropped.
pub(super) type Lent = PooledConnection<'static, Opener>;

/// A pool of connections.
#[derive(Clone)]
pub(super) struct Pool(bb8::Pool<Opener>);

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.state().fmt(f)
    }
}

impl Pool {
    /// Opens the fewest connections of a pool; an error says why there is none.
    pub(super) async fn open(config: &PostgresConfig, size: PoolSize) -> StoreResult<Self> {
        let opener = Opener::new(config)?;
        // The first is opened here, so that one hears what is wrong with the address or the password.
        opener.reach().await?;
        let pool = bb8::Pool::builder()
            .min_idle(size.min)
            .max_size(size.max)
            .idle_timeout(config.idle)
            .max_lifetime(config.life)
            .connection_timeout(config.wait)
            .test_on_check_out(false)
            .build(opener);
        Ok(Self(pool.await?))
    }

    /// A connection, once one is free; [`StoreError::Unavailable`] after [`PostgresConfig::wait`].
    pub(super) async fn get(&self) -> StoreResult<Lent> {
        self.0.get_owned().await.map_err(|why| match why {
            RunError::User(why) => why,
            RunError::TimedOut => {
                StoreError::Unavailable("no connection to PostgreSQL came free in time".to_owned())
            }
        })
    }

    /// How it is used just now.
    pub(super) fn pool_use(&self) -> PoolUse {
        let state = self.0.state();
        PoolUse {
            in_use: u64::from(state.connections.saturating_sub(state.idle_connections)),
            idle: u64::from(state.idle_connections),
            waiting: state.statistics.pending_gets(),
        }
    }
}

/// Opens connections.
pub(super) struct Opener {
    config: Config,
    session: String,
}

impl Opener {
    /// For the address of a configuration.
    pub(super) fn new(config: &PostgresConfig) -> StoreResult<Self> {
        let open = |why: String| StoreError::Open {
            path: "PostgreSQL".to_owned(),
            why,
        };
        let mut parsed: Config = config
            .url
            .parse()
            .map_err(|why: tokio_postgres::Error| open(why.to_string()))?;
        parsed
            .application_name("hubbub")
            .connect_timeout(MAX_CONNECT)
            .keepalives(true)
            .keepalives_idle(KEEPALIVE)
            .tcp_user_timeout(KEEPALIVE * 3);
        Ok(Self {
            config: parsed,
            session: config.session(),
        })
    }

    /// Where it connects to, without the password.
    pub(super) fn place(&self) -> String {
        let hosts: Vec<String> = self
            .config
            .get_hosts()
            .iter()
            .map(|host| format!("{host:?}"))
            .collect();
        let database = self.config.get_dbname().unwrap_or_default();
        format!("{database} of PostgreSQL at {}", hosts.join(", "))
    }
}

impl ManageConnection for Opener {
    type Connection = Db;
    type Error = StoreError;

    fn connect(&self) -> impl Future<Output = Result<Db, StoreError>> + Send {
        self.open()
    }

    fn is_valid(&self, db: &mut Db) -> impl Future<Output = Result<(), StoreError>> + Send {
        db.simple("")
    }

    fn has_broken(&self, db: &mut Db) -> bool {
        db.is_broken()
    }
}

impl Opener {
    /// Opens a connection; an error names the place.
    pub(super) async fn reach(&self) -> StoreResult<Db> {
        self.open().await.map_err(|why| StoreError::Open {
            path: self.place(),
            why: why.to_string(),
        })
    }

    /// Opens a connection, and sets its session.
    pub(super) async fn open(&self) -> StoreResult<Db> {
        let late = || StoreError::Unavailable("PostgreSQL does not answer".to_owned());
        let connecting = timeout(MAX_CONNECT, self.config.connect(NoTls));
        let (client, connection) = connecting.await.map_err(|_| late())??;
        tokio::spawn(async move {
            if let Err(why) = connection.await {
                tracing::warn!(%why, "a connection to PostgreSQL ended");
            }
        });
        let db = Db::new(client);
        db.simple(&self.session).await?;
        Ok(db)
    }
}
