//! Settings of the store.

use std::{num::NonZero, time::Duration};

use clap::{Args, ValueEnum};

use super::values::{self, Database};
use crate::store::{QueueConfig, postgres::PostgresConfig, sqlite::SqliteConfig};

/// What an ack promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Durability {
    /// Synced to the disk before the ack.
    Full,
    /// Survives a crash of the process, not of the power.
    Normal,
}

/// Where and how it stores.
#[derive(Args, Clone, Debug)]
pub(crate) struct StoreConfig {
    /// `sqlite://PATH`, with `?mode=rw` for one that must be there, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; `hubbub.db` in the data folder
    /// when not set.
    #[arg(long, env = "HUBBUB_DATABASE_URL", value_parser = values::database, value_name = "URL")]
    pub(crate) database_url: Option<Database>,
    /// Whether an ack waits for the disk.
    #[arg(long, env = "HUBBUB_DURABILITY", value_enum, ignore_case = true, default_value_t = Durability::Full)]
    pub(crate) durability: Durability,
    /// Fewest connections kept open for reading.
    #[arg(long = "db-readers-min", id = "db_readers_min", env = "HUBBUB_DB_READERS_MIN", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100), value_name = "N")]
    pub(crate) readers_min: u32,
    /// Most connections for reading; one a processor, from 2 to 4, when not set. Each is a thread and about a megabyte.
    #[arg(long = "db-readers-max", id = "db_readers_max", env = "HUBBUB_DB_READERS_MAX", default_value_t = readers(), value_parser = clap::value_parser!(u32).range(1..=100), value_name = "N")]
    pub(crate) readers_max: u32,
    /// Seconds before an idle connection above the fewest is closed.
    #[arg(long = "db-idle-s", id = "db_idle_s", env = "HUBBUB_DB_IDLE_S", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400), value_name = "SECONDS")]
    pub(crate) idle_s: u64,
    /// Seconds before a connection to PostgreSQL is closed and made anew, so that it moves along with what stands in front of the database.
    #[arg(long = "db-life-s", id = "db_life_s", env = "HUBBUB_DB_LIFE_S", default_value_t = 1_800, value_parser = clap::value_parser!(u64).range(10..=86_400), value_name = "SECONDS")]
    pub(crate) life_s: u64,
    /// Milliseconds that somebody waits for a connection before `unavailable`.
    #[arg(long = "db-wait-ms", id = "db_wait_ms", env = "HUBBUB_DB_WAIT_MS", default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(1..=600_000), value_name = "MS")]
    pub(crate) wait_ms: u64,
    /// Writes that may wait for a commit; one more is answered with `overloaded`.
    #[arg(long, env = "HUBBUB_WRITE_QUEUE", default_value_t = 8_192, value_parser = clap::value_parser!(u32).range(1..=1_000_000), value_name = "N")]
    pub(crate) write_queue: u32,
    /// Most writes in one transaction.
    #[arg(long, env = "HUBBUB_WRITE_BATCH", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=10_000), value_name = "N")]
    pub(crate) write_batch: u32,
}

/// Reads are short: more connections than processors would only wait for each other.
fn readers() -> u32 {
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    u32::try_from(processors).unwrap_or(u32::MAX).clamp(2, 4)
}

impl StoreConfig {
    /// How the write queue behaves.
    pub(crate) fn queue(&self) -> QueueConfig {
        QueueConfig {
            capacity: self.write_queue as usize,
            batch: self.write_batch as usize,
            ..QueueConfig::default()
        }
    }

    /// How PostgreSQL is reached, and whether a store is begun in an empty database.
    pub(crate) fn postgres(&self, url: &str, create: bool) -> PostgresConfig {
        PostgresConfig {
            url: url.to_owned(),
            create,
            fsync: self.durability == Durability::Full,
            readers_min: self.readers_min,
            readers_max: self.readers_max,
            idle: Duration::from_secs(self.idle_s),
            life: Duration::from_secs(self.life_s),
            wait: Duration::from_millis(self.wait_ms),
        }
    }

    /// How SQLite is opened.
    pub(crate) fn sqlite(&self) -> SqliteConfig {
        SqliteConfig {
            fsync: self.durability == Durability::Full,
            readers_min: self.readers_min,
            readers_max: self.readers_max,
            idle: Duration::from_secs(self.idle_s),
            wait: Duration::from_millis(self.wait_ms),
            ..SqliteConfig::default()
        }
    }
}
