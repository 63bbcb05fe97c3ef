//! The store's questions, each to the tables.

use std::{cmp::Reverse, collections::BTreeSet};

use async_trait::async_trait;
use protocol::{
    EarlierText, Event, Message, MessageId, PinnedMessage, RoomId, RoomSummary, Seq, UserId,
    rights::Place,
};
use server::store::{
    Account, Accounts, Author, GivenEmoji, InvitePlace, InviteRecord, Invites, Logs, MessagePage,
    Newest, PageAt, ResetRecord, RoomPage, Rooms, SignInRecord, SignIns, StoreError, StoredAck,
    ThreadPage, UserPage, UsersAsked,
};

use super::{MemoryStore, tables::RoomTable};

#[async_trait]
impl Accounts for MemoryStore {
    async fn is_empty(&self) -> Result<bool, StoreError> {
        self.see(|tables| tables.users.is_empty()).await
    }

    async fn people(&self) -> Result<u64, StoreError> {
        let here = |account: &&Account| !account.banned;
        self.see(|tables| tables.users.values().filter(here).count() as u64)
            .await
    }

    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Account>, StoreError> {
        let asked: BTreeSet<UserId> = users.iter().copied().collect();
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
        which: UsersAsked,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        self.see(|tables| tables.users_page(which, query, after, limit))
            .await
    }

    async fn is_taken(&self, looks: &[String]) -> Result<bool, StoreError> {
        self.see(|tables| tables.has_look(looks, None)).await
    }

    async fn password(&self, user: UserId) -> Result<Option<String>, StoreError> {
        self.see(|tables| tables.passwords.get(&user).cloned())
            .await
    }
}

#[async_trait]
impl Invites for MemoryStore {
    async fn invite(&self, code: &str) -> Result<Option<InviteRecord>, StoreError> {
        self.see(|tables| tables.invites.get(code).cloned()).await
    }

    async fn invites(
        &self,
        now: u64,
        after: Option<InvitePlace>,
        limit: u32,
    ) -> Result<Vec<InviteRecord>, StoreError> {
        let place = |one: &InviteRecord| (one.created_at, one.code.clone());
        let after = after.map(|InvitePlace(at, code)| (at, code));
        self.see(|tables| {
            let good = tables.invites.values().filter(|one| one.is_good(now));
            let next = |one: &&InviteRecord| after.as_ref().is_none_or(|after| place(one) < *after);
            let mut found: Vec<InviteRecord> = good.filter(next).cloned().collect();
            found.sort_by_key(|one| Reverse(place(one)));
            found.truncate(limit as usize);
            found
        })
        .await
    }

    async fn reset(&self, hash: &[u8]) -> Result<Option<ResetRecord>, StoreError> {
        self.see(|tables| {
            let mut all = tables.resets.values();
            all.find(|one| one.hash == hash).cloned()
        })
        .await
    }
}

#[async_trait]
impl Logs for MemoryStore {
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

    async fn last_seq(&self, room: RoomId) -> Result<Seq, StoreError> {
        self.see(|tables| tables.rooms.get(&room).map_or(0, RoomTable::last_seq))
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
        self.see(|tables| tables.history((room, None), user, at, limit))
            .await
    }

    async fn thread(
        &self,
        of: (RoomId, Seq),
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<Option<ThreadPage>, StoreError> {
        self.see(|tables| tables.thread_page(of, user, at, limit))
            .await
    }

    async fn newest(&self, room: RoomId, limit: u32) -> Result<Newest, StoreError> {
        self.see(|tables| tables.in_room(room, |room| room.newest(limit)))
            .await
    }

    async fn log(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
        bytes: usize,
    ) -> Result<Vec<Event>, StoreError> {
        self.see(|tables| tables.in_room(room, |room| room.log(after, limit, bytes)))
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
        self.see(|tables| tables.in_room(room, |room| room.notes(from, to, limit)))
            .await
    }

    async fn mentions(
        &self,
        room: RoomId,
        user: UserId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Seq>, StoreError> {
        self.see(|tables| tables.in_room(room, |room| room.mentions(user, after, limit)))
            .await
    }

    async fn pins(&self, room: RoomId, user: UserId) -> Result<Vec<PinnedMessage>, StoreError> {
        self.see(|tables| tables.pins(room, user)).await
    }

    async fn givers(
        &self,
        room: RoomId,
        seq: Seq,
        limit: u32,
    ) -> Result<Vec<GivenEmoji>, StoreError> {
        self.see(|tables| tables.in_room(room, |room| room.givers(seq, limit as usize)))
            .await
    }

    async fn earlier_texts(
        &self,
        room: RoomId,
        seq: Seq,
        limit: u32,
    ) -> Result<Vec<EarlierText>, StoreError> {
        self.see(|tables| tables.in_room(room, |room| room.earlier_texts(seq, limit as usize)))
            .await
    }
}

#[async_trait]
impl Rooms for MemoryStore {
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

    async fn hidden_before(&self, at: u64) -> Result<bool, StoreError> {
        self.see(|tables| tables.hidden_since(at).is_some()).await
    }

    async fn member_count(&self, room: RoomId) -> Result<u64, StoreError> {
        let count = |room: &RoomTable| room.members.len() as u64;
        self.see(|tables| tables.rooms.get(&room).map_or(0, count))
            .await
    }
}

#[async_trait]
impl SignIns for MemoryStore {
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
        let listed = |record: &&SignInRecord| {
            record.user == user && !record.revoked && record.id < before && record.expires_at > now
        };
        self.see(|tables| {
            let newest = tables.sign_ins.values().rev().filter(listed);
            newest.take(limit as usize).cloned().collect()
        })
        .await
    }

    async fn knows_device(&self, user: UserId, device: &str) -> Result<bool, StoreError> {
        let is_it = |record: &SignInRecord| record.user == user && record.device == device;
        self.see(|tables| tables.sign_ins.values().any(is_it)).await
    }
}
