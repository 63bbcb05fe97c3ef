//! A store in memory, for tests: the same rules as the databases, the same answers for the same life, and a crash that loses
//! just what a crash may lose.
//!
//! A commit is a redo record that is on its way to the disk; readers see it once it is durable, and not before, which is
//! what SQLite's WAL and PostgreSQL do too. So the tables are always what a restart would find, and a crash has one thing
//! to decide: whether the record that was on its way had arrived.

mod apply;
mod disk;
mod messages;
mod reads;
mod rooms;
mod sign_ins;
mod tables;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use protocol::{Event, Message, MessageId, RoomId, RoomSummary, Seq, UserId, shown_looks};
use rand::RngCore;
use tokio::time::sleep;

pub use disk::{Disk, Perfect, Trip, TripEnd};

use self::tables::Tables;
use super::{
    Account, Author, Begun, InviteRecord, MessagePage, NewSignIn, Newest, Outcome, PageAt,
    RoomPage, Rotated, Rotation, SignInRecord, Store, StoreError, StoredAck, Use, UseRule, Used,
    UserPage, Write,
};
use crate::auth::rights::Place;

/// See the module.
pub struct MemoryStore {
    held: Mutex<Held>,
    disk: Mutex<Box<dyn Disk>>,
    /// One writer at a time, as in SQLite.
    writer: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Held {
    /// What is durable.
    tables: Tables,
    /// The transaction that is on its way to the disk.
    redo: Vec<Write>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::on(Perfect)
    }
}

impl MemoryStore {
    /// An empty store on this disk.
    pub fn on(disk: impl Disk) -> Self {
        Self {
            held: Mutex::default(),
            disk: Mutex::new(Box::new(disk)),
            writer: tokio::sync::Mutex::default(),
        }
    }

    /// What a crash leaves: all that was acked, and of the transaction that was under way all or nothing, as `rng` decides.
    /// Whoever waited for it must be gone.
    pub fn crash(&self, rng: &mut impl RngCore) {
        let mut held = lock(&self.held);
        let redo = std::mem::take(&mut held.redo);
        if !redo.is_empty() && rng.next_u32().is_multiple_of(2) {
            self.apply(&mut held, &redo);
        }
    }

    fn apply(&self, held: &mut Held, writes: &[Write]) -> Vec<Outcome> {
        let outcomes = held.tables.apply_all(writes);
        lock(&self.disk).stored(&outcomes);
        outcomes
    }

    async fn see<T>(&self, look: impl FnOnce(&Tables) -> T + Send) -> Result<T, StoreError> {
        let takes = lock(&self.disk).read()?;
        // An answer is old by the time that it arrives.
        pause(takes / 2).await;
        let seen = look(&lock(&self.held).tables);
        pause(takes / 2).await;
        Ok(seen)
    }

    /// A change that is in no log.
    async fn change<T>(&self, make: impl FnOnce(&mut Tables) -> T + Send) -> Result<T, StoreError> {
        let _alone = self.writer.lock().await;
        let takes = lock(&self.disk).read()?;
        pause(takes).await;
        Ok(make(&mut lock(&self.held).tables))
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn commit(&self, writes: &[Write]) -> Result<Vec<Outcome>, StoreError> {
        let _alone = self.writer.lock().await;
        let Trip { takes, end } = lock(&self.disk).write(writes);
        if let TripEnd::Failed(why) = end {
            pause(takes).await;
            return Err(why);
        }
        lock(&self.held).redo = writes.to_vec();
        pause(takes).await;
        let mut held = lock(&self.held);
        held.redo.clear();
        let outcomes = self.apply(&mut held, writes);
        match end {
            TripEnd::Unknown(why) => Err(why),
            _ => Ok(outcomes),
        }
    }

    async fn find_ack(
        &self,
        author: UserId,
        id: MessageId,
    ) -> Result<Option<StoredAck>, StoreError> {
        self.see(|tables| {
            tables
                .commands
                .get(&(author, id))
                .map(|(stored, _)| *stored)
        })
        .await
    }

    async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>, StoreError> {
        self.see(|tables| tables.rooms_of(user)).await
    }

    async fn rooms_page(
        &self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> Result<RoomPage, StoreError> {
        self.see(|tables| tables.rooms_page(user, after, limit))
            .await
    }

    async fn room(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<(RoomSummary, Place)>, StoreError> {
        self.see(|tables| tables.room_of(room, user)).await
    }

    async fn last_seq(&self, room: RoomId) -> Result<Seq, StoreError> {
        self.see(|tables| tables.rooms.get(&room).map_or(0, tables::Room::last_seq))
            .await
    }

    async fn members(
        &self,
        room: RoomId,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        self.see(|tables| tables.members(room, query, after, limit))
            .await
    }

    async fn member_count(&self, room: RoomId) -> Result<u64, StoreError> {
        let count = |room: &tables::Room| room.members.len() as u64;
        self.see(|tables| tables.rooms.get(&room).map_or(0, count))
            .await
    }

    async fn recent_authors(&self, rooms: &[RoomId]) -> Result<Vec<Author>, StoreError> {
        self.see(|tables| tables.recent_authors(rooms)).await
    }

    async fn history(
        &self,
        room: RoomId,
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<MessagePage, StoreError> {
        self.see(|tables| tables.history(room, user, at, limit))
            .await
    }

    async fn newest(&self, room: RoomId, limit: u32) -> Result<Newest, StoreError> {
        self.see(|tables| tables.newest(room, limit)).await
    }

    async fn log(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
        bytes: usize,
    ) -> Result<Vec<Event>, StoreError> {
        self.see(|tables| tables.log(room, after, limit, bytes))
            .await
    }

    async fn messages(
        &self,
        room: RoomId,
        user: UserId,
        seqs: &[Seq],
    ) -> Result<Vec<Message>, StoreError> {
        self.see(|tables| tables.messages(room, user, seqs)).await
    }

    async fn notes(
        &self,
        room: RoomId,
        from: Seq,
        to: Seq,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.see(|tables| tables.notes(room, from, to, limit)).await
    }

    async fn mentions(
        &self,
        room: RoomId,
        user: UserId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Seq>, StoreError> {
        self.see(|tables| tables.mentions(room, user, after, limit))
            .await
    }

    async fn is_empty(&self) -> Result<bool, StoreError> {
        self.see(|tables| tables.users.is_empty()).await
    }

    async fn people(&self) -> Result<u64, StoreError> {
        let here = |account: &&Account| !account.banned;
        self.see(|tables| tables.users.values().filter(here).count() as u64)
            .await
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        self.see(|tables| tables.users.get(&user).cloned()).await
    }

    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Account>, StoreError> {
        let asked: std::collections::BTreeSet<UserId> = users.iter().copied().collect();
        self.see(|tables| {
            let found = asked.iter().filter_map(|user| tables.users.get(user));
            found.cloned().collect()
        })
        .await
    }

    async fn account_by_key(&self, name_key: &str) -> Result<Option<Account>, StoreError> {
        self.see(|tables| tables.users.get(tables.keys.get(name_key)?).cloned())
            .await
    }

    async fn users_page(
        &self,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        self.see(|tables| tables.users_page(query, after, limit))
            .await
    }

    async fn password(&self, user: UserId) -> Result<Option<String>, StoreError> {
        self.see(|tables| tables.passwords.get(&user).cloned())
            .await
    }

    async fn is_taken(&self, looks: &[String]) -> Result<bool, StoreError> {
        self.see(|tables| tables.is_taken(looks, None)).await
    }

    async fn set_display_name(&self, user: UserId, display_name: &str) -> Result<bool, StoreError> {
        self.change(|tables| {
            if tables.is_taken(&shown_looks(display_name), Some(user)) {
                return false;
            }
            if let Some(account) = tables.users.get_mut(&user) {
                display_name.clone_into(&mut account.display_name);
            }
            true
        })
        .await
    }

    async fn set_password(
        &self,
        user: UserId,
        hash: &str,
        keep: u64,
        _now: u64,
    ) -> Result<Vec<u64>, StoreError> {
        self.change(|tables| tables.set_password(user, hash, keep))
            .await
    }

    async fn sign_in(&self, new: NewSignIn) -> Result<Begun, StoreError> {
        self.change(|tables| tables.sign_in(new)).await
    }

    async fn find_sign_in(&self, id: u64) -> Result<Option<SignInRecord>, StoreError> {
        self.see(|tables| tables.sign_ins.get(&id).cloned()).await
    }

    async fn sign_ins(
        &self,
        user: UserId,
        now: u64,
        before: u64,
        limit: u32,
    ) -> Result<Vec<SignInRecord>, StoreError> {
        self.see(|tables| tables.sign_ins_of(user, now, before, limit))
            .await
    }

    async fn knows_device(&self, user: UserId, device: &str) -> Result<bool, StoreError> {
        let is_it = |record: &SignInRecord| record.user == user && record.device == device;
        self.see(|tables| tables.sign_ins.values().any(is_it)).await
    }

    async fn rotate(&self, id: u64, rotation: Rotation<'_>) -> Result<Rotated, StoreError> {
        self.change(|tables| tables.rotate(id, rotation)).await
    }

    async fn revoke(&self, user: UserId, id: u64, _now: u64) -> Result<bool, StoreError> {
        self.change(|tables| tables.revoke(user, id)).await
    }

    async fn used(&self, uses: &[Use], rule: UseRule) -> Result<Vec<Used>, StoreError> {
        self.change(|tables| tables.used(uses, rule)).await
    }

    async fn add_invite(&self, invite: InviteRecord) -> Result<(), StoreError> {
        self.change(|tables| drop(tables.invites.insert(invite.code.clone(), invite)))
            .await
    }

    async fn invite(&self, code: &str, now: u64) -> Result<Option<InviteRecord>, StoreError> {
        let good = |invite: &&InviteRecord| invite.uses > 0 && invite.expires_at > now;
        self.see(|tables| tables.invites.get(code).filter(good).cloned())
            .await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.see(|_| ()).await
    }

    async fn close(&self) {
        // Whoever writes is waited for.
        drop(self.writer.lock().await);
    }
}
