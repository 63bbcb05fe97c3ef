//! Threads, and who follows them.

use std::{cmp::Reverse, collections::HashMap};

use protocol::{Replies, RoomId, Seq, ThreadSummary, UserId, limits::THREAD_UNREAD};
use server::store::{
    FollowedThread, Moment,
    rules::{FollowRow, StoreResult, ThreadRows},
};

use super::tables::{MessageTable, Tables};

impl ThreadRows for Tables {
    async fn replies(
        &mut self,
        at: &[(RoomId, Seq)],
    ) -> StoreResult<HashMap<(RoomId, Seq), Replies>> {
        let known = |&(room, seq): &(RoomId, Seq)| {
            let message = &self.rooms.get(&room)?.messages.get(&seq)?.message;
            Some(((room, seq), message.replies.clone()?))
        };
        Ok(at.iter().filter_map(known).collect())
    }

    async fn set_replies(&mut self, thread: (RoomId, Seq), replies: &Replies) -> StoreResult<()> {
        self.message_mut(thread)?.message.replies = Some(replies.clone());
        Ok(())
    }

    async fn followers(&mut self, thread: (RoomId, Seq)) -> StoreResult<Vec<(UserId, FollowRow)>> {
        Ok(self.followers_of(thread))
    }

    async fn followed(
        &mut self,
        (room, root): (RoomId, Seq),
        user: UserId,
    ) -> StoreResult<Option<FollowRow>> {
        Ok(self.follows.get(&(user, room, root)).copied())
    }

    async fn follow(
        &mut self,
        (room, root): (RoomId, Seq),
        user: UserId,
        row: FollowRow,
    ) -> StoreResult<()> {
        self.follows.insert((user, room, root), row);
        Ok(())
    }
}

impl Tables {
    pub(super) fn followers_of(&self, thread: (RoomId, Seq)) -> Vec<(UserId, FollowRow)> {
        let all = self.follows.iter();
        let here = all.filter(|((_, room, root), _)| (*room, *root) == thread);
        here.map(|((user, ..), row)| (*user, *row)).collect()
    }

    /// How somebody stands to a thread.
    pub(super) fn thread(&self, user: UserId, (room, root): (RoomId, Seq)) -> ThreadSummary {
        let follow = self.follows.get(&(user, room, root)).copied();
        let FollowRow { on, read } = follow.unwrap_or_default();
        let table = self.rooms.get(&room);
        let replies = table
            .and_then(|room| room.messages.get(&root))
            .and_then(|first| first.message.replies.as_ref());
        let unread = |one: &&MessageTable| {
            let message = &one.message;
            message.thread == Some(root)
                && message.seq > read.seq
                && message.by != user
                && !message.deleted
        };
        let all = table.into_iter().flat_map(|room| room.messages.values());
        let unread: Vec<&MessageTable> = all.filter(unread).filter(|_| on).collect();
        let named = unread.iter().filter(|one| one.names.names(user)).count() as u64;
        ThreadSummary {
            room,
            root,
            n: replies.map_or(0, |replies| replies.n),
            last_seq: replies.map_or(0, |replies| replies.last_seq),
            read_seq: read.seq,
            generation: read.generation,
            unread: (unread.len() as u64).min(THREAD_UNREAD),
            mentions: named.min(THREAD_UNREAD),
            following: on,
        }
    }

    pub(super) fn threads(
        &self,
        user: UserId,
        unread: bool,
        before: Option<Moment>,
        limit: usize,
    ) -> Vec<FollowedThread> {
        let mine = self
            .follows
            .iter()
            .filter(|((whose, ..), row)| *whose == user && row.on);
        let stands = |(&(_, room, root), _): (&(UserId, RoomId, Seq), &FollowRow)| {
            let table = self.rooms.get(&room).filter(|room| room.hidden.is_none())?;
            let replies = table.messages.get(&root)?.message.replies.as_ref();
            Some(FollowedThread {
                thread: self.thread(user, (room, root)),
                at: replies.map_or(0, |replies| replies.last_at),
            })
        };
        let mut found: Vec<FollowedThread> = mine
            .filter_map(stands)
            .filter(|one| (one.thread.unread > 0) == unread)
            .filter(|one| before.is_none_or(|before| one.moment() < before))
            .collect();
        found.sort_by_key(|one| Reverse(one.moment()));
        found.truncate(limit);
        found
    }
}
