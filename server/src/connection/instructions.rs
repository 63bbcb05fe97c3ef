//! Instructions of the hub to a connection: which rooms it listens to, and what changed about them.

use protocol::{Gone, RoomChange, RoomId, Seq, ServerFrame, ThreadChange};

use super::actor::Actor;
use crate::{hub::Instruction, store::StoreError};

impl Actor {
    /// Does as the hub says.
    pub(super) async fn obey(&mut self, instruction: Instruction) -> Result<(), StoreError> {
        match instruction {
            // What was to be told of it before may be part of this instruction.
            Instruction::Subscribe { room, .. } if self.output.has(room) => {
                self.tell_room(room, None).await.map(drop)
            }
            Instruction::Subscribe { room, after } => self.subscribe(room, after).await,
            Instruction::Unsubscribe { room } => {
                self.unsubscribe(room);
                Ok(())
            }
            Instruction::Resubscribe { room, after } => {
                self.unsubscribe(room);
                self.subscribe(room, after).await
            }
            Instruction::Reload => self.reload().await,
            Instruction::Rooms(rooms) => {
                for room in self.output.others(&rooms) {
                    self.unsubscribe(room);
                }
                for &(room, after) in rooms.iter() {
                    self.subscribe(room, Some(after)).await?;
                }
                Ok(())
            }
            Instruction::Refresh { room } => self.tell_room(room, None).await.map(drop),
        }
    }

    /// Tells every room as it is now, and which ones are no more.
    async fn reload(&mut self) -> Result<(), StoreError> {
        let rooms = self
            .state
            .cache
            .rooms_of(self.attached.session.user)
            .await?;
        let ends: Vec<_> = rooms.iter().map(|room| (room.id, room.last_seq)).collect();
        for room in self.output.others(&ends) {
            self.unsubscribe(room);
        }
        for room in rooms {
            let (id, last) = (room.id, room.last_seq);
            self.say(&ServerFrame::Room(RoomChange { room }));
            self.output.add(id, last, last).await?;
        }
        Ok(())
    }

    /// Begins to listen to a room, to what follows `after` or its end; nothing if it does already.
    async fn subscribe(&mut self, room: RoomId, after: Option<Seq>) -> Result<(), StoreError> {
        if self.output.has(room) {
            return Ok(());
        }
        let Some(end) = self.tell_room(room, after).await? else {
            return Ok(());
        };
        self.tell_threads(room).await?;
        let after = after.unwrap_or(end);
        self.output.add(room, after, after).await
    }

    fn unsubscribe(&mut self, room: RoomId) {
        if self.output.remove(room) {
            self.say(&ServerFrame::Gone(Gone { room }));
        }
    }

    /// Tells the room as the user sees it now, and where it ends; `upto` cuts its end to what the entries that follow start from.
    /// None if the user is not in it (any more). A store that does not answer is no reason to stay silent about a room.
    async fn tell_room(
        &mut self,
        room: RoomId,
        upto: Option<Seq>,
    ) -> Result<Option<Seq>, StoreError> {
        let user = self.attached.session.user;
        let Some((mut summary, _)) = self.state.store.room(room, user).await? else {
            return Ok(None);
        };
        if let Some(upto) = upto {
            // The read position stays: one's own join, which follows, is read.
            summary.last_seq = summary.last_seq.min(upto);
            (summary.unread, summary.mentions) = (0, 0);
        }
        if !summary.member {
            return Ok(None);
        }
        let end = summary.last_seq;
        self.say(&ServerFrame::Room(RoomChange { room: summary }));
        Ok(Some(end))
    }

    /// Tells the threads of a room that is there again in which something is unread. There are none where the user is new.
    async fn tell_threads(&mut self, room: RoomId) -> Result<(), StoreError> {
        let user = self.attached.session.user;
        let unread = self.state.cache.unread_threads(user).await?;
        for thread in unread.iter().filter(|thread| thread.room == room) {
            self.say(&ServerFrame::Thread(ThreadChange {
                room,
                root: thread.root,
                seq: None,
                following: Some(thread.following),
                read_seq: Some(thread.read_seq),
                generation: thread.generation,
            }));
        }
        Ok(())
    }
}
