//! A store in front of another, which remembers what a connection that comes back needs: who it is, its rooms with their counts,
//! and the people in them. When ten thousand come back at once, the database is not asked about any of them. All changes go
//! through it, in the order of the logs, so that what it remembers is what the database holds (a test compares the two).

mod authors;
mod memo;
mod pages;
mod people;
mod rings;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use protocol::{Event, Message, MessageId, RoomId, RoomSummary, Seq, UserId};

use super::{
    Account, Author, Begun, InviteRecord, MessagePage, NewSignIn, Newest, Outcome, PageAt, Pass,
    PoolUse, RoomPage, Rotated, Rotation, SharedStore, SignInRecord, Store, StoreError, StoredAck,
    Use, UseRule, Used, UserPage, Write,
};
use crate::{auth::rights::Place, bus::Note, telemetry::Metrics};
use authors::Authors;
use memo::Memo;
use pages::Members;
use people::Counted;
use rings::Rings;

/// People, accounts and sign-ins that are remembered: about 1 KB for somebody with five rooms.
const MOST: usize = 20_000;

/// See the module.
pub struct Cached {
    inner: SharedStore,
    metrics: Arc<Metrics>,
    rings: Mutex<Rings>,
    people: Memo<UserId, Arc<Counted>>,
    /// Of rooms, what is the same for everybody: only so that it is held once.
    facts: Memo<RoomId, Arc<RoomSummary>>,
    accounts: Memo<UserId, Arc<Account>>,
    /// Who wrote last in rooms.
    authors: Memo<RoomId, Arc<Authors>>,
    /// The newest messages of rooms.
    newest: Memo<RoomId, Arc<Newest>>,
    /// The first members of rooms.
    members: Memo<RoomId, Arc<Members>>,
    sign_ins: Memo<u64, Arc<Pass>>,
}

impl Cached {
    /// In front of this store. Nothing else may write to it. What rooms are counted by takes so many bytes at the most; 0 is no limit.
    pub fn new(inner: SharedStore, count_bytes: usize, metrics: Arc<Metrics>) -> Self {
        Self {
            inner,
            metrics,
            rings: Mutex::new(Rings::new(count_bytes)),
            people: Memo::new(MOST),
            facts: Memo::new(MOST),
            accounts: Memo::new(MOST),
            authors: Memo::new(authors::MOST),
            newest: Memo::new(pages::MOST),
            members: Memo::new(pages::MOST),
            sign_ins: Memo::new(MOST),
        }
    }

    fn rings(&self) -> MutexGuard<'_, Rings> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is remembered of somebody's rooms, brought up to now.
    fn remembered(&self, user: UserId) -> Option<Vec<RoomSummary>> {
        // First: counts that were forgotten meanwhile must not meet rings that were.
        let rings = self.rings();
        let counted = self.people.get(&user)?;
        let now = |room| rings.bring_up(room, user);
        counted.rooms.iter().map(now).collect()
    }

    /// Reads somebody's rooms, and remembers them.
    async fn count(&self, user: UserId) -> Result<Vec<RoomSummary>, StoreError> {
        let version = self.people.version(&user);
        let rooms = self.inner.rooms_of(user).await?;
        let counted = Counted {
            rooms: rooms.iter().map(|room| self.counted(room)).collect(),
        };
        self.people.fill(user, Arc::new(counted), version);
        Ok(rooms)
    }

    /// The result of a write. After one that failed nobody knows what was stored, but for one that found the store busy.
    fn wrote<T>(&self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        if !matches!(done, Ok(_) | Err(StoreError::Busy)) {
            self.hear(&Note::Unsure);
        }
        done
    }

    fn forget_all(&self) {
        let mut rings = self.rings();
        rings.clear();
        self.people.clear();
        drop(rings);
        self.facts.clear();
        self.accounts.clear();
        self.authors.clear();
        self.newest.clear();
        self.members.clear();
        self.sign_ins.clear();
    }
}

#[async_trait]
impl Store for Cached {
    async fn commit(&self, writes: &[Write]) -> Result<Vec<Outcome>, StoreError> {
        let outcomes = self.wrote(self.inner.commit(writes).await)?;
        for (write, outcome) in writes.iter().zip(&outcomes) {
            let Ok(done) = outcome else { continue };
            let notes = Note::of(write, done).chain(Note::of_read(write, done));
            notes.for_each(|note| self.hear(&note));
        }
        Ok(outcomes)
    }

    async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>, StoreError> {
        match self.remembered(user) {
            Some(rooms) => Ok(rooms),
            None => self.count(user).await,
        }
    }

    async fn recent_authors(&self, rooms: &[RoomId]) -> Result<Vec<Author>, StoreError> {
        self.authors_of(rooms).await
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        if let Some(account) = self.accounts.get(&user) {
            return Ok(Some(Account::clone(&account)));
        }
        let version = self.accounts.version(&user);
        let account = self.inner.account(user).await?;
        if let Some(account) = &account {
            self.accounts.fill(user, Arc::new(account.clone()), version);
        }
        Ok(account)
    }

    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Account>, StoreError> {
        let mut found = Vec::with_capacity(users.len());
        let mut missing = Vec::new();
        for user in users {
            match self.accounts.get(user) {
                Some(account) => found.push(Account::clone(&account)),
                None => missing.push((*user, self.accounts.version(user))),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let asked: Vec<UserId> = missing.iter().map(|(user, _)| *user).collect();
        for account in self.inner.accounts(&asked).await? {
            if let Some((user, version)) = missing.iter().find(|(user, _)| *user == account.id) {
                self.accounts
                    .fill(*user, Arc::new(account.clone()), *version);
            }
            found.push(account);
        }
        Ok(found)
    }

    async fn password(&self, user: UserId) -> Result<Option<String>, StoreError> {
        self.inner.password(user).await
    }

    async fn set_display_name(&self, user: UserId, display_name: &str) -> Result<bool, StoreError> {
        let done = self.wrote(self.inner.set_display_name(user, display_name).await)?;
        self.hear(&Note::AccountChanged { user });
        Ok(done)
    }

    async fn set_password(
        &self,
        user: UserId,
        hash: &str,
        keep: u64,
        now: u64,
    ) -> Result<Vec<u64>, StoreError> {
        let ended = self.wrote(self.inner.set_password(user, hash, keep, now).await)?;
        self.hear(&Note::AccountChanged { user });
        for &sign_in in &ended {
            self.hear(&Note::SignedOut { user, sign_in });
        }
        Ok(ended)
    }

    async fn sign_in(&self, new: NewSignIn) -> Result<Begun, StoreError> {
        let user = new.user;
        let begun = self.wrote(self.inner.sign_in(new).await)?;
        for &sign_in in &begun.replaced {
            self.hear(&Note::SignedOut { user, sign_in });
        }
        Ok(begun)
    }

    async fn find_sign_in(&self, id: u64) -> Result<Option<SignInRecord>, StoreError> {
        self.inner.find_sign_in(id).await
    }

    async fn pass(&self, id: u64) -> Result<Option<Pass>, StoreError> {
        if let Some(sign_in) = self.sign_ins.get(&id) {
            return Ok(Some(Pass::clone(&sign_in)));
        }
        let version = self.sign_ins.version(&id);
        let sign_in = self.inner.pass(id).await?;
        if let Some(sign_in) = &sign_in {
            self.sign_ins.fill(id, Arc::new(sign_in.clone()), version);
        }
        Ok(sign_in)
    }

    async fn rotate(&self, id: u64, rotation: Rotation<'_>) -> Result<Rotated, StoreError> {
        let done = self.wrote(self.inner.rotate(id, rotation).await);
        self.sign_ins.forget(&id);
        done
    }

    async fn revoke(&self, user: UserId, id: u64, now: u64) -> Result<bool, StoreError> {
        let done = self.wrote(self.inner.revoke(user, id, now).await)?;
        self.hear(&Note::SignedOut { user, sign_in: id });
        Ok(done)
    }

    async fn used(&self, uses: &[Use], rule: UseRule) -> Result<Vec<Used>, StoreError> {
        let used = self.wrote(self.inner.used(uses, rule).await)?;
        for one in &used {
            self.hear(&Note::Prolonged {
                user: one.user,
                sign_in: one.id,
                ends: one.expires_at,
            });
        }
        Ok(used)
    }

    async fn find_ack(
        &self,
        author: UserId,
        id: MessageId,
    ) -> Result<Option<StoredAck>, StoreError> {
        self.inner.find_ack(author, id).await
    }

    async fn rooms_page(
        &self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> Result<RoomPage, StoreError> {
        self.inner.rooms_page(user, after, limit).await
    }

    async fn room(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<(RoomSummary, Place)>, StoreError> {
        self.inner.room(room, user).await
    }

    async fn last_seq(&self, room: RoomId) -> Result<Seq, StoreError> {
        self.inner.last_seq(room).await
    }

    async fn members(
        &self,
        room: RoomId,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        if after > 0 || !query.is_empty() {
            return self.inner.members(room, query, after, limit).await;
        }
        if let Some(known) = self.members.get(&room).filter(|known| known.limit == limit) {
            let mut users = self.accounts(&known.users).await?;
            users.sort_by_key(|account| account.id);
            let next = known.next;
            return Ok(UserPage { users, next });
        }
        let version = self.members.version(&room);
        let page = self.inner.members(room, query, after, limit).await?;
        if !page.users.is_empty() {
            let known = Members::of(&page, limit);
            self.members.fill(room, Arc::new(known), version);
        }
        Ok(page)
    }

    async fn member_count(&self, room: RoomId) -> Result<u64, StoreError> {
        self.inner.member_count(room).await
    }

    async fn history(
        &self,
        room: RoomId,
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<MessagePage, StoreError> {
        match self.newest_page(room, user, at, limit).await? {
            Some(page) => Ok(page),
            None => self.inner.history(room, user, at, limit).await,
        }
    }

    async fn newest(&self, room: RoomId, limit: u32) -> Result<Newest, StoreError> {
        self.inner.newest(room, limit).await
    }

    async fn log(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
        bytes: usize,
    ) -> Result<Vec<Event>, StoreError> {
        self.inner.log(room, after, limit, bytes).await
    }

    async fn messages(
        &self,
        room: RoomId,
        user: UserId,
        seqs: &[Seq],
    ) -> Result<Vec<Message>, StoreError> {
        self.inner.messages(room, user, seqs).await
    }

    async fn notes(
        &self,
        room: RoomId,
        from: Seq,
        to: Seq,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.inner.notes(room, from, to, limit).await
    }

    async fn mentions(
        &self,
        room: RoomId,
        user: UserId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Seq>, StoreError> {
        self.inner.mentions(room, user, after, limit).await
    }

    async fn is_empty(&self) -> Result<bool, StoreError> {
        self.inner.is_empty().await
    }

    async fn people(&self) -> Result<u64, StoreError> {
        self.inner.people().await
    }

    async fn account_by_key(&self, name_key: &str) -> Result<Option<Account>, StoreError> {
        self.inner.account_by_key(name_key).await
    }

    async fn users_page(
        &self,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        self.inner.users_page(query, after, limit).await
    }

    async fn sign_ins(
        &self,
        user: UserId,
        now: u64,
        before: u64,
        limit: u32,
    ) -> Result<Vec<SignInRecord>, StoreError> {
        self.inner.sign_ins(user, now, before, limit).await
    }

    async fn knows_device(&self, user: UserId, device: &str) -> Result<bool, StoreError> {
        self.inner.knows_device(user, device).await
    }

    async fn is_taken(&self, looks: &[String]) -> Result<bool, StoreError> {
        self.inner.is_taken(looks).await
    }

    async fn add_invite(&self, invite: InviteRecord) -> Result<(), StoreError> {
        self.inner.add_invite(invite).await
    }

    async fn invite(&self, code: &str, now: u64) -> Result<Option<InviteRecord>, StoreError> {
        self.inner.invite(code, now).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.ping().await
    }

    fn pool_use(&self) -> PoolUse {
        self.inner.pool_use()
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
