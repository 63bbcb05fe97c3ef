//! How PostgreSQL is reached, and for how long anybody waits for it.

use std::time::Duration;

/// How the store is opened. Times bound what a connection may hold and how long anybody waits for one.
#[derive(Clone, Debug)]
pub struct PostgresConfig {
    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. Connections are not encrypted.
    pub url: String,
    /// Whether a store is begun where the database has none.
    pub create: bool,
    /// Whether a commit waits for the disk (`synchronous_commit`).
    pub fsync: bool,
    /// Fewest connections that stay open for reading.
    pub readers_min: u32,
    /// Most connections for reading.
    pub readers_max: u32,
    /// How long an idle connection above the fewest stays open.
    pub idle: Duration,
    /// How long a connection lives at most: what stands in front of PostgreSQL may want to move.
    pub life: Duration,
    /// How long somebody waits for a connection before `unavailable`.
    pub wait: Duration,
}

impl Default for PostgresConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            create: true,
            fsync: true,
            readers_min: 1,
            readers_max: 4,
            idle: Duration::from_secs(60),
            life: Duration::from_secs(1_800),
            wait: Duration::from_secs(5),
        }
    }
}

/// How many connections a pool has.
#[derive(Clone, Copy, Debug)]
pub(super) struct PoolSize {
    pub(super) min: u32,
    pub(super) max: u32,
}

/// Connections that write: one commits, and one looks what became of a commit whose connection was lost.
const WRITERS: u32 = 2;

impl PostgresConfig {
    pub(super) fn readers(&self) -> PoolSize {
        PoolSize {
            min: self.readers_min.min(self.readers_max),
            max: self.readers_max.max(1),
        }
    }

    #[expect(clippy::unused_self, reason = "beside `readers`")]
    pub(super) fn writers(&self) -> PoolSize {
        PoolSize {
            min: 1,
            max: WRITERS,
        }
    }

    /// What a session is set to, whatever the server's defaults are: a node that stops in the middle of a transaction holds nobody up for
    /// longer than this. Each statement is planned once a session, perhaps while its tables are empty and reading all of them is cheapest: every
    /// statement has an index, and is made to use it.
    pub(super) fn session(&self) -> String {
        let sync = if self.fsync { "on" } else { "off" };
        format!(
            "SET synchronous_commit = {sync}; SET idle_in_transaction_session_timeout = '2s'; SET lock_timeout = '3s';
             SET statement_timeout = '10s'; SET TIME ZONE 'UTC'; SET plan_cache_mode = force_generic_plan;
             SET enable_seqscan = off; SET jit = off"
        )
    }
}
