//! Looks at the store: what this node must know and may not have heard.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use protocol::{Event, ReadPosition, RoomCounts, RoomId, RoomSummary, Seq, UserId};

use super::{Nodes, WorkItem, lock};
use crate::{
    bus::{Note, Topic},
    connection::away,
    hub::Lane,
    store::{Named, SharedStore, StoreError, rules::FollowRow},
};

/// Entries of a log that are read at once, and their bytes, about.
const PAGE_ENTRIES: u32 = 256;
const PAGE_BYTES: usize = 256 * 1024;
/// Threads of a person that are compared, of those in which something is unread and of the others; of more the newest.
const THREADS: u32 = 100;
/// Changes of a person's threads that are told one by one; whoever has more is asked to come back.
const MAX_TOLD: usize = 64;

/// What is one person's own, without what moves with the rooms' logs.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    rooms: BTreeMap<RoomId, RoomSummary>,
    threads: BTreeMap<(RoomId, Seq), ReadPosition>,
    /// There were more threads than are compared.
    more_threads: bool,
}

impl Seen {
    /// Of somebody who has these rooms.
    async fn of(
        user: UserId,
        rooms: &[RoomSummary],
        store: &SharedStore,
    ) -> Result<Self, StoreError> {
        let mut seen = Self::default();
        for room in rooms {
            seen.rooms.insert(room.id, without_counts(room));
        }
        for unread in [true, false] {
            let threads = store.threads(user, unread, None, THREADS).await?;
            seen.more_threads |= threads.len() == THREADS as usize;
            for one in threads {
                let at = one.thread.position();
                seen.threads.insert((one.thread.room, one.thread.root), at);
            }
        }
        Ok(seen)
    }

    /// The threads that are not as they were.
    fn changed_threads(&self, before: &Self) -> BTreeSet<(RoomId, Seq)> {
        let gone = before.threads.keys().filter(|key| {
            let cut_off = self.more_threads || before.more_threads;
            !cut_off && !self.threads.contains_key(*key)
        });
        let new = self
            .threads
            .iter()
            .filter(|(key, at)| before.threads.get(*key) != Some(*at));
        gone.chain(new.map(|(key, _)| key)).copied().collect()
    }
}

fn without_counts(room: &RoomSummary) -> RoomSummary {
    RoomSummary {
        last_seq: 0,
        unread: 0,
        mentions: 0,
        ..room.clone()
    }
}

impl Nodes {
    /// Somebody came, and has a place in the hub: from here on what is their own is heard, and the hub knows their rooms as the store has them.
    pub(crate) async fn begin_person(&self, user: UserId) -> Result<(), StoreError> {
        let topic = [Topic::User(user)];
        self.out.listen(&topic, &self.topics, self.now()).await;
        let known = self.topics.hears_user(user) && lock(&self.seen).contains_key(&user);
        if known { Ok(()) } else { self.look(user).await }
    }

    /// Somebody's rooms are about to be followed.
    pub(crate) async fn begin_rooms(&self, rooms: impl Iterator<Item = RoomId>) {
        let topics: Vec<Topic> = rooms.map(Topic::Room).collect();
        self.out.listen(&topics, &self.topics, self.now()).await;
    }

    /// A room is followed from here on: its lane knows where its log ends.
    pub(crate) async fn begin_room(&self, lane: &Arc<Lane>) -> Result<(), StoreError> {
        let room = lane.room();
        let topic = [Topic::Room(room)];
        self.out.listen(&topic, &self.topics, self.now()).await;
        let followed = lock(&self.sequencer).head(room).is_some();
        if followed && lane.head().is_some() {
            return Ok(());
        }
        let end = self.find_end(room, true).await?;
        let head = lock(&self.sequencer).head(room);
        lane.reach(head.unwrap_or_default().max(end));
        Ok(())
    }

    /// Compares a room's head with the store's.
    pub(super) async fn compare(&self, room: RoomId) -> Result<(), StoreError> {
        self.find_end(room, false).await.map(drop)
    }

    /// Asks where a room's log ends; it is followed from there on, if it is to `begin`.
    async fn find_end(&self, room: RoomId, begin: bool) -> Result<Seq, StoreError> {
        // Before the question: what is told after it is heard, and no answer is older than this.
        let confirmed = self.topics.is_confirmed(Topic::Room(room));
        let before = lock(&self.sequencer).head(room);
        if before.is_none() && !begin {
            return Ok(0);
        }
        let end = self.store.last_seq(room).await?;
        if before.is_some_and(|before| end < before) {
            self.went_back(room);
            return Ok(end);
        }
        let mut sequencer = lock(&self.sequencer);
        let head = sequencer.follow(room, end);
        if sequencer.ends_at(room, end) {
            self.work.add(WorkItem::Fill(room), self.now());
        }
        if confirmed && !self.topics.hears_room(room) {
            self.cache.missed(room, head);
            self.topics.begins(Topic::Room(room));
        }
        Ok(end)
    }

    /// The store's log is shorter than what was told here: it is another log, after a failover that lost its end, or the room is gone. Nothing that was made of the
    /// old one holds, and whoever listens comes back with cursors that are ahead of it.
    fn went_back(&self, room: RoomId) {
        tracing::warn!(%room, "the log is shorter than it was");
        let listening = self.hub.lanes.listening(room, usize::MAX);
        self.hub.lanes.remove(room);
        lock(&self.sequencer).forget(room);
        self.cache.hear(&Note::Unsure);
        for mailbox in listening {
            mailbox.close(away());
        }
        self.look_at_all();
    }

    /// Reads what is missing of a room.
    pub(super) async fn fill(&self, room: RoomId) -> Result<(), StoreError> {
        loop {
            let Some(after) = lock(&self.sequencer).missing(room) else {
                return Ok(());
            };
            let log = self
                .store
                .log(room, after, PAGE_ENTRIES, PAGE_BYTES)
                .await?;
            if log.is_empty() {
                // It was told to be longer.
                lock(&self.sequencer).ends_here(room, after);
                return self.compare(room).await;
            }
            let mut apply = |event: &Event, named: Option<&Named>| self.goes_on(event, named);
            lock(&self.sequencer).fill(room, &log, &mut apply);
        }
    }

    /// Looks at what is one person's own, and tells their connections what is not as it was.
    pub(super) async fn look(&self, user: UserId) -> Result<(), StoreError> {
        let confirmed = self.topics.is_confirmed(Topic::User(user));
        let Some(changes) = self.hub.people.changes_of(user) else {
            return Ok(());
        };
        let account = self.store.accounts(&[user]).await?.pop();
        let rooms = self.store.rooms_of(user).await?;
        let seen = Seen::of(user, &rooms, &self.store).await?;
        if !self.hub.people.is_in_as_of(user, &rooms, changes) {
            // A membership was heard of meanwhile, which the answer may not know.
            self.work.add(WorkItem::User(user), self.now());
            return Ok(());
        }
        if confirmed && !self.topics.hears_user(user) {
            self.cache.forget_person(user);
            self.topics.begins(Topic::User(user));
        }
        match account {
            Some(account) if !account.banned => self.hub.people.set_role(user, account.role),
            _ => self.hub.hear(&Note::Banned { user }),
        }
        let before = lock(&self.seen).get(&user).cloned();
        if let Some(before) = before {
            self.tell_changes(user, &seen, &before).await?;
        }
        // Only now: what could not be told is told the next time.
        lock(&self.seen).insert(user, seen);
        self.look_at_sign_ins(user).await
    }

    /// Tells a person's connections how it is now, where it was otherwise when it was looked at before. They may have heard it already.
    async fn tell_changes(
        &self,
        user: UserId,
        seen: &Seen,
        before: &Seen,
    ) -> Result<(), StoreError> {
        for (&room, now) in &seen.rooms {
            let Some(then) = before.rooms.get(&room).filter(|then| *then != now) else {
                continue;
            };
            self.cache.forget_person(user);
            self.hub.hear(&Note::PreferencesChanged { user, room });
            let position = RoomCounts::from(now).position();
            if position != RoomCounts::from(then).position() {
                self.hub.hear(&Note::Read {
                    user,
                    room,
                    position,
                    from: None,
                });
            }
        }
        let threads = seen.changed_threads(before);
        if threads.len() > MAX_TOLD {
            for mailbox in self.hub.people.mailboxes_of(user) {
                mailbox.close(away());
            }
            return Ok(());
        }
        for (room, root) in threads {
            let followers = self.store.followers((room, root)).await?;
            let mine = followers.iter().find(|(one, _)| *one == user);
            let follow = mine.map_or_else(FollowRow::default, |(_, row)| *row);
            self.hub.hear(&Note::Thread {
                user,
                room,
                root,
                follow,
                from: None,
            });
        }
        Ok(())
    }

    /// A sign-in that ended elsewhere ends here; one that was prolonged goes on.
    async fn look_at_sign_ins(&self, user: UserId) -> Result<(), StoreError> {
        let sessions = self.hub.people.sessions_of(user);
        let sign_ins: BTreeSet<u64> = sessions.iter().map(|session| session.sign_in).collect();
        for sign_in in sign_ins {
            match self.store.find_sign_in(sign_in).await? {
                Some(record) if !record.revoked => self.hub.hear(&Note::Prolonged {
                    user,
                    sign_in,
                    ends: record.expires_at,
                }),
                _ => self.act(&Note::SignedOut { user, sign_in }),
            }
        }
        Ok(())
    }
}
