//! The embedded store: SQLite in WAL mode, one connection that writes and a bounded pool that reads.
//!
//! A limit is bound as `LIMIT +?`: SQLite plans with the value of a bare parameter there, and so compiles the statement again for every
//! binding.

mod accounts;
mod changes;
mod checkpoints;
mod config;
mod entries;
mod insert;
mod looks;
mod mentions;
mod names;
mod new_account;
mod reads;
mod recount;
mod rooms;
mod rows;
mod schema;
mod sends;
mod sign_ins;
mod summaries;
mod sums;
mod tx;
pub mod verify;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use protocol::{Event, Message, MessageId, RoomId, RoomSummary, Seq, UserId};
use sqlx::{SqlitePool, migrate::MigrateError, sqlite::SqlitePoolOptions};

pub use config::SqliteConfig;

use checkpoints::Checkpoints;
use names::Names;

use super::{
    Account, Author, Begun, InviteRecord, MessagePage, NewSignIn, Newest, Outcome, PageAt, PoolUse,
    RoomPage, Rotated, Rotation, SignInRecord, Store, StoreError, StoredAck, Use, UseRule, Used,
    UserPage, Write,
};
use crate::{auth::rights::Place, clock::Clock, telemetry::Metrics};

/// What a reading connection keeps of the database, in `SQLite`'s words: half a megabyte. The system keeps all of it once, for all of them.
const READER_CACHE: &str = "-500";

/// See the module.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    /// One connection: SQLite has one writer, and waiting here is fairer than its busy handler.
    write: SqlitePool,
    read: SqlitePool,
    checkpoints: Checkpoints,
    names: Names,
    /// Reads that are under way, whether they have a connection or wait for one.
    reads: Arc<AtomicU64>,
    meter: Option<Meter>,
}

/// Measures how long the disk takes.
#[derive(Clone, Debug)]
pub(super) struct Meter {
    clock: Clock,
    metrics: Arc<Metrics>,
}

impl Meter {
    /// How long `work` takes is how long the disk takes.
    async fn sync<T>(&self, work: impl Future<Output = T>) -> T {
        let began = self.clock.instant();
        let done = work.await;
        let took = self.clock.instant().duration_since(began);
        self.metrics.synced(took.as_secs_f64());
        done
    }
}

impl SqliteStore {
    /// Opens the database at `path`, makes it if it is not there, and brings its schema up to date.
    pub async fn open(path: &Path, config: &SqliteConfig) -> Result<Self, StoreError> {
        let fail = |why: String| StoreError::Open {
            path: path.display().to_string(),
            why,
        };
        let nothing = || StoreError::Nothing(path.display().to_string());
        // An empty file is a database without anything to SQLite, which would take its log for a stranger's and remove it.
        if !config.create && path.metadata().map_or(0, |file| file.len()) == 0 {
            return Err(nothing());
        }
        let options = config.options(path);
        let checkpoints = Checkpoints::new(options.clone(), config.checkpoint_writes, config.idle);
        let pages = checkpoints::MOST_PAGES.to_string();
        // A batch is a few statements of many rows: what undoes one of them would go through a file, at a tenth of the cost of sending.
        let writer = options
            .clone()
            .pragma("wal_autocheckpoint", pages)
            .pragma("temp_store", "MEMORY");
        let write = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(1)
            .test_before_acquire(false)
            .acquire_timeout(config.wait)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(writer)
            .await
            .map_err(|why| fail(why.to_string()))?;
        // While the writer is open: the last connection that closes moves the whole log into the database, which may be long after a crash.
        if !config.create && !schema::is_begun(&write).await? {
            return Err(nothing());
        }
        schema::bring_up(&options).await.map_err(|why| match why {
            MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
                StoreError::Newer(version)
            }
            other => fail(other.to_string()),
        })?;
        recount::finish(&options).await?;
        let read = SqlitePoolOptions::new()
            .min_connections(config.readers_min)
            .max_connections(config.readers_max)
            .test_before_acquire(false)
            .acquire_timeout(config.wait)
            .idle_timeout(Some(config.idle))
            .max_lifetime(None)
            .connect_with(
                options
                    .read_only(true)
                    .create_if_missing(false)
                    .pragma("cache_size", READER_CACHE),
            )
            .await
            .map_err(|why| fail(why.to_string()))?;
        checkpoints.erase();
        Ok(Self {
            write,
            names: Names::load(&read).await?,
            read,
            checkpoints,
            reads: Arc::default(),
            meter: None,
        })
    }

    /// Tells how long its commits wait for the disk.
    #[must_use]
    pub fn metered(self, clock: Clock, metrics: Arc<Metrics>) -> Self {
        Self {
            meter: Some(Meter { clock, metrics }),
            ..self
        }
    }

    async fn reading<T>(&self, read: impl Future<Output = T>) -> T {
        struct Under<'a>(&'a AtomicU64);
        impl Drop for Under<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        self.reads.fetch_add(1, Ordering::Relaxed);
        let _under = Under(&self.reads);
        read.await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, writes: &[Write]) -> Result<Vec<Outcome>, StoreError> {
        if self.names.is_unsure() {
            self.names.catch_up(&self.read).await?;
        }
        let done = tx::commit(&self.write, &self.names, writes, self.meter.as_ref()).await;
        match &done {
            Ok(_) => self.checkpoints.committed(writes),
            Err(_) => self.names.doubt(),
        }
        done
    }

    async fn find_ack(
        &self,
        author: UserId,
        id: MessageId,
    ) -> Result<Option<StoredAck>, StoreError> {
        self.reading(reads::find_ack(&self.read, author, id)).await
    }

    async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>, StoreError> {
        self.reading(summaries::rooms_of(&self.read, user)).await
    }

    async fn rooms_page(
        &self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> Result<RoomPage, StoreError> {
        self.reading(summaries::rooms_page(&self.read, user, after, limit))
            .await
    }

    async fn room(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<(RoomSummary, Place)>, StoreError> {
        self.reading(summaries::room(&self.read, room, user)).await
    }

    async fn last_seq(&self, room: RoomId) -> Result<Seq, StoreError> {
        self.reading(reads::last_seq(&self.read, room)).await
    }

    async fn members(
        &self,
        room: RoomId,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        self.reading(accounts::members(&self.read, room, query, after, limit))
            .await
    }

    async fn member_count(&self, room: RoomId) -> Result<u64, StoreError> {
        self.reading(accounts::member_count(&self.read, room)).await
    }

    async fn recent_authors(&self, rooms: &[RoomId]) -> Result<Vec<Author>, StoreError> {
        self.reading(accounts::recent_authors(&self.read, rooms))
            .await
    }

    async fn history(
        &self,
        room: RoomId,
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<MessagePage, StoreError> {
        self.reading(reads::history(&self.read, room, user, at, limit))
            .await
    }

    async fn newest(&self, room: RoomId, limit: u32) -> Result<Newest, StoreError> {
        self.reading(reads::newest(&self.read, room, limit)).await
    }

    async fn log(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
        bytes: usize,
    ) -> Result<Vec<Event>, StoreError> {
        self.reading(reads::log(&self.read, room, after, limit, bytes))
            .await
    }

    async fn messages(
        &self,
        room: RoomId,
        user: UserId,
        seqs: &[Seq],
    ) -> Result<Vec<Message>, StoreError> {
        self.reading(reads::messages(&self.read, room, user, seqs))
            .await
    }

    async fn notes(
        &self,
        room: RoomId,
        from: Seq,
        to: Seq,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.reading(reads::notes(&self.read, room, from, to, limit))
            .await
    }

    async fn mentions(
        &self,
        room: RoomId,
        user: UserId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Seq>, StoreError> {
        self.reading(mentions::after(&self.read, room, user, after, limit))
            .await
    }

    async fn is_empty(&self) -> Result<bool, StoreError> {
        self.reading(accounts::is_empty(&self.read)).await
    }

    async fn people(&self) -> Result<u64, StoreError> {
        self.reading(accounts::count(&self.read)).await
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        Ok(self
            .reading(accounts::accounts(&self.read, &[user]))
            .await?
            .pop())
    }

    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Account>, StoreError> {
        self.reading(accounts::accounts(&self.read, users)).await
    }

    async fn account_by_key(&self, name_key: &str) -> Result<Option<Account>, StoreError> {
        self.reading(accounts::by_key(&self.read, name_key)).await
    }

    async fn users_page(
        &self,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        self.reading(accounts::page(&self.read, query, after, limit))
            .await
    }

    async fn password(&self, user: UserId) -> Result<Option<String>, StoreError> {
        self.reading(accounts::password(&self.read, user)).await
    }

    async fn set_display_name(&self, user: UserId, display_name: &str) -> Result<bool, StoreError> {
        looks::set_display_name(&self.write, user, display_name).await
    }

    async fn set_password(
        &self,
        user: UserId,
        hash: &str,
        keep: u64,
        now: u64,
    ) -> Result<Vec<u64>, StoreError> {
        sign_ins::set_password(&self.write, user, hash, keep, now).await
    }

    async fn sign_in(&self, new: NewSignIn) -> Result<Begun, StoreError> {
        sign_ins::add(&self.write, new).await
    }

    async fn find_sign_in(&self, id: u64) -> Result<Option<SignInRecord>, StoreError> {
        self.reading(sign_ins::find(&self.read, id)).await
    }

    async fn sign_ins(
        &self,
        user: UserId,
        now: u64,
        before: u64,
        limit: u32,
    ) -> Result<Vec<SignInRecord>, StoreError> {
        self.reading(sign_ins::list(&self.read, user, now, before, limit))
            .await
    }

    async fn knows_device(&self, user: UserId, device: &str) -> Result<bool, StoreError> {
        self.reading(sign_ins::knows_device(&self.read, user, device))
            .await
    }

    async fn is_taken(&self, looks: &[String]) -> Result<bool, StoreError> {
        let mut db = self.reading(self.read.acquire()).await?;
        self.reading(looks::taken(&mut db, looks, None)).await
    }

    async fn rotate(&self, id: u64, rotation: Rotation<'_>) -> Result<Rotated, StoreError> {
        sign_ins::rotate(&self.write, id, rotation).await
    }

    async fn revoke(&self, user: UserId, id: u64, now: u64) -> Result<bool, StoreError> {
        sign_ins::revoke(&self.write, user, id, now).await
    }

    async fn used(&self, uses: &[Use], rule: UseRule) -> Result<Vec<Used>, StoreError> {
        sign_ins::used(&self.write, uses, rule).await
    }

    async fn add_invite(&self, invite: InviteRecord) -> Result<(), StoreError> {
        sign_ins::add_invite(&self.write, invite).await
    }

    async fn invite(&self, code: &str, now: u64) -> Result<Option<InviteRecord>, StoreError> {
        self.reading(sign_ins::invite(&self.read, code, now)).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        Ok(())
    }

    fn pool_use(&self) -> PoolUse {
        let idle = self.read.num_idle() as u64;
        let in_use = u64::from(self.read.size()).saturating_sub(idle);
        PoolUse {
            in_use,
            idle,
            waiting: self.reads.load(Ordering::Relaxed).saturating_sub(in_use),
        }
    }

    async fn close(&self) {
        self.checkpoints.close().await;
        self.read.close().await;
        self.write.close().await;
    }
}
