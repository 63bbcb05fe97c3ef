//! What is one person's own over all rooms.

use std::{cmp::Reverse, collections::BTreeSet};

use async_trait::async_trait;
use protocol::{RoomId, RoomKind, Seq, UserId};
use server::store::{
    FollowedThread, ForYouPage, Moment, Personal, SavedRow, StoreError,
    rules::{FollowRow, SavedFacts, SavedRows, StoreResult},
};

use super::{
    MemoryStore,
    tables::{MessageTable, RoomTable, SavedTable, Tables},
};

impl SavedRows for Tables {
    async fn saved(&mut self, user: UserId, (room, seq): (RoomId, Seq)) -> StoreResult<SavedFacts> {
        let count = self.saved.keys().filter(|(whose, ..)| *whose == user);
        Ok(SavedFacts {
            is: self.saved.contains_key(&(user, room, seq)),
            count: u32::try_from(count.count()).unwrap_or(u32::MAX),
        })
    }

    async fn save(&mut self, user: UserId, (room, seq): (RoomId, Seq), at: u64) -> StoreResult<()> {
        let of_user = self.saved.iter().filter(|((whose, ..), _)| *whose == user);
        let last = of_user.map(|(_, saved)| saved.number).max();
        let number = last.unwrap_or(0) + 1;
        self.saved
            .insert((user, room, seq), SavedTable { at, number });
        Ok(())
    }

    async fn unsave(&mut self, user: UserId, (room, seq): (RoomId, Seq)) -> StoreResult<()> {
        self.saved.remove(&(user, room, seq));
        Ok(())
    }
}

impl Tables {
    fn saved_by(&self, user: UserId) -> Vec<SavedRow> {
        let of_user = self.saved.iter().filter(|((whose, ..), _)| *whose == user);
        let place = |(&(_, room, seq), saved): (&(UserId, RoomId, Seq), &SavedTable)| {
            Some(SavedRow {
                room,
                seq,
                at: saved.at,
                number: saved.number,
                place: self
                    .rooms
                    .get(&room)
                    .filter(|room| room.hidden.is_none())?
                    .place(user),
            })
        };
        let mut places: Vec<SavedRow> = of_user.filter_map(place).collect();
        places.sort_by_key(|place| Reverse(place.number));
        places
    }

    fn for_you(&self, user: UserId, before: Option<Moment>, limit: u32) -> ForYouPage {
        let is_for = |id: RoomId, room: &RoomTable, one: &MessageTable| {
            let message = &one.message;
            let follows = |root| {
                let row = self.follows.get(&(user, id, root));
                row.is_some_and(|row| row.on)
            };
            let named = one.names.users.contains(&user)
                || (one.names.everybody && message.counts_in_room());
            let theirs = !message.deleted && message.by != user;
            theirs
                && (room.kind == RoomKind::Direct || named || message.thread.is_some_and(follows))
        };
        let mine = self
            .rooms
            .iter()
            .filter(|(_, room)| room.hidden.is_none() && room.members.contains_key(&user));
        let all: BTreeSet<Moment> = mine
            .flat_map(|(&id, room)| {
                let here = room
                    .messages
                    .values()
                    .filter(move |one| is_for(id, room, one));
                here.map(move |one| Moment {
                    at: one.message.at,
                    room: id,
                    seq: one.message.seq,
                })
            })
            .filter(|moment| before.is_none_or(|before| *moment < before))
            .collect();
        let mut newest = all.into_iter().rev();
        let places: Vec<Moment> = newest.by_ref().take(limit as usize).collect();
        let more = newest.next().is_some();
        let next = places.last().copied().filter(|_| more);
        ForYouPage { places, next }
    }
}

#[async_trait]
impl Personal for MemoryStore {
    async fn saved(&self, user: UserId) -> Result<Vec<SavedRow>, StoreError> {
        self.see(|tables| tables.saved_by(user)).await
    }

    async fn for_you(
        &self,
        user: UserId,
        before: Option<Moment>,
        limit: u32,
    ) -> Result<ForYouPage, StoreError> {
        self.see(|tables| tables.for_you(user, before, limit)).await
    }

    async fn threads(
        &self,
        user: UserId,
        unread: bool,
        before: Option<Moment>,
        limit: u32,
    ) -> Result<Vec<FollowedThread>, StoreError> {
        self.see(|tables| tables.threads(user, unread, before, limit as usize))
            .await
    }

    async fn followers(
        &self,
        thread: (RoomId, Seq),
    ) -> Result<Vec<(UserId, FollowRow)>, StoreError> {
        self.see(|tables| tables.followers_of(thread)).await
    }
}
