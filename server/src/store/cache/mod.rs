//! The cache of the store: what a connection that comes back needs, which is who it is, its rooms with their counts, and the
//! people in them. When ten thousand come back at once, the database is not asked about any of them. It follows what is written by
//! hearing notes, in the order of the logs, so that what it remembers is what the database holds (a test compares the two).

mod authors;
mod hear;
mod pages;
mod people;
mod recent;
mod versioned;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::{RoomId, RoomSummary, ThreadSummary, UserId, limits::WELCOME_THREADS};

use super::{Account, MessagePage, Newest, PageAt, Pass, SharedStore, StoreError, UserPage};
use crate::{nodes::Topics, telemetry::Metrics};
use authors::Authors;
use pages::MembersPage;
use people::Counted;
use recent::RecentEntries;
use versioned::VersionedCache;

/// People, accounts and sign-ins that are remembered: about 1 KB for somebody with five rooms.
const MAX_PEOPLE: usize = 20_000;

/// What is remembered of the store, each part within a bound of its own.
pub struct Cache {
    store: SharedStore,
    metrics: Arc<Metrics>,
    recent: Mutex<RecentEntries>,
    people: VersionedCache<UserId, Arc<Counted>>,
    /// Of rooms, what is the same for everybody: one copy that all who remember the room share. Nothing is answered from here.
    facts: VersionedCache<RoomId, Arc<RoomSummary>>,
    accounts: VersionedCache<UserId, Arc<Account>>,
    /// Who wrote last in rooms.
    authors: VersionedCache<RoomId, Arc<Authors>>,
    /// The newest messages of rooms.
    newest: VersionedCache<RoomId, Arc<Newest>>,
    /// The first members of rooms.
    members: VersionedCache<RoomId, Arc<MembersPage>>,
    /// The threads that people follow, and in which something is unread.
    threads: VersionedCache<UserId, Arc<[ThreadSummary]>>,
    sign_ins: VersionedCache<u64, Arc<Pass>>,
    /// What this node hears of others; none where there are none, and all is heard.
    heard: Option<Arc<Topics>>,
}

impl Cache {
    /// Of this store, whose notes it must hear ([`Cache::hear`]). What rooms are counted by takes so many bytes at the most; 0 is no limit.
    pub fn new(store: SharedStore, count_bytes: usize, metrics: Arc<Metrics>) -> Self {
        Self {
            store,
            metrics,
            recent: Mutex::new(RecentEntries::new(count_bytes)),
            people: VersionedCache::new(MAX_PEOPLE),
            facts: VersionedCache::new(MAX_PEOPLE),
            accounts: VersionedCache::new(MAX_PEOPLE),
            authors: VersionedCache::new(authors::MAX_ROOMS),
            newest: VersionedCache::new(pages::MAX_ROOMS),
            members: VersionedCache::new(pages::MAX_ROOMS),
            threads: VersionedCache::new(MAX_PEOPLE),
            sign_ins: VersionedCache::new(MAX_PEOPLE),
            heard: None,
        }
    }

    /// Where other nodes write too: what is remembered of a room or a person is good only while these topics are heard.
    pub(crate) fn hearing(self, topics: Arc<Topics>) -> Self {
        Self {
            heard: Some(topics),
            ..self
        }
    }

    fn hears_room(&self, room: RoomId) -> bool {
        self.heard
            .as_ref()
            .is_none_or(|topics| topics.hears_room(room))
    }

    fn hears_user(&self, user: UserId) -> bool {
        self.heard
            .as_ref()
            .is_none_or(|topics| topics.hears_user(user))
    }

    fn recent(&self) -> MutexGuard<'_, RecentEntries> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is remembered of somebody's rooms, brought up to now.
    fn remembered(&self, user: UserId) -> Option<Vec<RoomSummary>> {
        if !self.hears_user(user) {
            return None;
        }
        // Locked first: both may be forgotten together, and counts of before must not meet recent entries of after.
        let recent = self.recent();
        let counted = self.people.get(&user)?;
        if self.heard.is_some() {
            let mut rooms = counted.rooms.iter();
            if !rooms.all(|room| self.hears_room(room.facts.id)) {
                return None;
            }
        }
        let now = |room| recent.bring_up(room, user);
        counted.rooms.iter().map(now).collect()
    }

    /// Reads somebody's rooms, and remembers them.
    async fn count(&self, user: UserId) -> Result<Vec<RoomSummary>, StoreError> {
        let version = self.people.version(&user);
        let rooms = self.store.rooms_of(user).await?;
        let counted = Counted {
            rooms: rooms.iter().map(|room| self.counted(room)).collect(),
        };
        self.people.fill(user, Arc::new(counted), version);
        Ok(rooms)
    }

    fn forget_all(&self) {
        let mut recent = self.recent();
        recent.clear();
        self.people.clear();
        drop(recent);
        self.facts.clear();
        self.accounts.clear();
        self.authors.clear();
        self.newest.clear();
        self.members.clear();
        self.threads.clear();
        self.sign_ins.clear();
    }

    /// The rooms that `user` is a member of, by id, with its counts.
    pub async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>, StoreError> {
        match self.remembered(user) {
            Some(rooms) => Ok(rooms),
            None => self.count(user).await,
        }
    }

    /// The threads that a user follows and in which something is unread: what a welcome tells of them.
    pub async fn unread_threads(&self, user: UserId) -> Result<Vec<ThreadSummary>, StoreError> {
        // Where other nodes write, what happens in threads has no numbers by which a missing note would be noticed.
        if let Some(known) = self.threads.get(&user).filter(|_| self.heard.is_none()) {
            return Ok(known.to_vec());
        }
        let version = self.threads.version(&user);
        let unread = self
            .store
            .threads(user, true, None, WELCOME_THREADS)
            .await?;
        let unread: Arc<[ThreadSummary]> = unread.iter().map(|one| one.thread).collect();
        self.threads.fill(user, Arc::clone(&unread), version);
        Ok(unread.to_vec())
    }

    /// An account by id.
    pub async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        Ok(self.accounts(&[user]).await?.pop())
    }

    /// Accounts by id, in any order; the unknown ones are left out.
    pub async fn accounts(&self, users: &[UserId]) -> Result<Vec<Account>, StoreError> {
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
        for account in self.store.accounts(&asked).await? {
            if let Some((user, version)) = missing.iter().find(|(user, _)| *user == account.id) {
                self.accounts
                    .fill(*user, Arc::new(account.clone()), *version);
            }
            found.push(account);
        }
        Ok(found)
    }

    /// What of one sign-in decides whether its tokens are good: asked for with every request.
    pub async fn pass(&self, id: u64) -> Result<Option<Pass>, StoreError> {
        if let Some(sign_in) = self.sign_ins.get(&id) {
            return Ok(Some(Pass::clone(&sign_in)));
        }
        let version = self.sign_ins.version(&id);
        let sign_in = self.store.find_sign_in(id).await?.map(Pass::from);
        if let Some(sign_in) = &sign_in {
            self.sign_ins.fill(id, Arc::new(sign_in.clone()), version);
        }
        Ok(sign_in)
    }

    /// Members of a room, see [`super::Rooms::members`]: the first of them are remembered.
    pub async fn members(
        &self,
        room: RoomId,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        if after > 0 || !query.is_empty() {
            return self.store.members(room, query, after, limit).await;
        }
        let good = |known: &Arc<MembersPage>| known.limit == limit && self.hears_room(room);
        if let Some(known) = self.members.get(&room).filter(good) {
            let mut users = self.accounts(&known.users).await?;
            users.sort_by_key(|account| account.id);
            let next = known.next;
            return Ok(UserPage { users, next });
        }
        let version = self.members.version(&room);
        let page = self.store.members(room, query, after, limit).await?;
        if !page.users.is_empty() {
            let known = MembersPage::of(&page, limit);
            self.members.fill(room, Arc::new(known), version);
        }
        Ok(page)
    }

    /// The room's own messages as they stand now, see [`super::Logs::history`]: the newest of them are remembered.
    pub async fn history(
        &self,
        room: RoomId,
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<MessagePage, StoreError> {
        match self.newest_page(room, user, at, limit).await? {
            Some(page) => Ok(page),
            None => self.store.history(room, user, at, limit).await,
        }
    }
}
