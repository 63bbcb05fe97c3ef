//! Logs in a transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use protocol::{Ack, ActKind, Event, EventKind, Message, MessageId, RoomId, Seq, UserId};
use server::store::{
    Authored, Named, StoredAck,
    rules::{LogRows, MessageRow, NewEntry, PinFacts, Reacted, ReactionRow, StoreResult, Target},
};

use super::tables::{MessageTable, Tables};

impl LogRows for Tables {
    async fn acks(
        &mut self,
        ids: &[(UserId, MessageId)],
    ) -> StoreResult<HashMap<(UserId, MessageId), (StoredAck, ActKind)>> {
        let known = |id: &(UserId, MessageId)| Some((*id, *self.commands.get(id)?));
        Ok(ids.iter().filter_map(known).collect())
    }

    async fn targets(
        &mut self,
        at: &[(RoomId, Seq)],
    ) -> StoreResult<HashMap<(RoomId, Seq), Target>> {
        let target = |&(room, seq): &(RoomId, Seq)| {
            let message = &self.rooms.get(&room)?.messages.get(&seq)?.message;
            let target = Target {
                author: message.by,
                at: message.at,
                deleted: message.deleted,
                thread: message.thread,
                in_room: message.counts_in_room(),
            };
            Some(((room, seq), target))
        };
        Ok(at.iter().filter_map(target).collect())
    }

    async fn reacted(
        &mut self,
        (room, of): (RoomId, Seq),
        emoji: &str,
        by: UserId,
    ) -> StoreResult<Reacted> {
        let room = self.room_mut(room)?;
        let Some(message) = room.messages.get(&of) else {
            return Ok(Reacted::default());
        };
        let mine = message.reactions.get(&(emoji.to_owned(), by));
        let mine = mine.map(|given| {
            let at = room.entry(given.seq).map_or(0, |event| event.at);
            (given.on, given.seq, at)
        });
        let given = || message.reactions.iter().filter(|(_, given)| given.on);
        let same = given().filter(|((known, _), _)| known == emoji);
        let emoji: BTreeSet<&String> = given().map(|((emoji, _), _)| emoji).collect();
        Ok(Reacted {
            mine,
            since: same.map(|(_, given)| given.since).min(),
            different: emoji.len(),
        })
    }

    async fn named(&mut self, one: &Authored) -> StoreResult<Named> {
        Ok(one.named(|key| self.handles.get(key).copied()))
    }

    async fn say(&mut self, new: &[MessageRow<'_>]) -> StoreResult<()> {
        for message in new {
            let one = message.one;
            let (author, id) = (one.who.id, one.command.id);
            let kind = one.command.entry(message.thread.map_or(0, |place| place.n));
            let entry = NewEntry {
                room: one.command.room,
                by: author,
                at: one.now,
                id: Some(id),
                kind: &kind,
            };
            let event = self.append(entry).await?;
            let ack = Ack {
                id,
                room: event.room,
                seq: event.seq,
                at: event.at,
            };
            self.ack(author, ack, ActKind::Send).await?;
            let standing = MessageTable {
                message: Message {
                    text: Some(message.text.to_owned()),
                    reply_to: message.reply_to,
                    ..Message::new(event.seq, id, author, event.at)
                }
                .placed(message.thread),
                names: message.named.clone(),
                reactions: BTreeMap::new(),
                pin: None,
            };
            let room = self.room_mut(event.room)?;
            room.messages.insert(event.seq, standing);
        }
        Ok(())
    }

    async fn append(&mut self, new: NewEntry<'_>) -> StoreResult<Event> {
        let log = &mut self.room_mut(new.room)?.log;
        let event = Event {
            room: new.room,
            seq: log.len() as u64 + 1,
            at: new.at,
            by: new.by,
            kind: new.kind.clone(),
        };
        log.push(event.clone());
        Ok(event)
    }

    async fn ack(&mut self, author: UserId, ack: Ack, kind: ActKind) -> StoreResult<()> {
        let Ack { id, room, seq, at } = ack;
        self.commands
            .insert((author, id), (StoredAck { room, seq, at }, kind));
        Ok(())
    }

    async fn edit(
        &mut self,
        message: (RoomId, Seq),
        _target: Target,
        text: &str,
        at: u64,
        named: &Named,
    ) -> StoreResult<()> {
        let standing = self.message_mut(message)?;
        standing.message.text = Some(text.to_owned());
        standing.message.edited_at = Some(at);
        standing.names = named.clone();
        Ok(())
    }

    async fn erase(&mut self, (room, seq): (RoomId, Seq)) -> StoreResult<()> {
        let standing = self.message_mut((room, seq))?;
        standing.message.deleted = true;
        standing.message.text = None;
        standing.message.edited_at = None;
        standing.message.pinned = false;
        standing.pin = None;
        standing.names = Named::default();
        for event in &mut self.room_mut(room)?.log {
            match &mut event.kind {
                EventKind::Message { text, deleted, .. } if event.seq == seq => {
                    (*text, *deleted) = (None, true);
                }
                EventKind::Edit { of, text, deleted } if *of == seq => {
                    (*text, *deleted) = (None, true);
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn react(
        &mut self,
        message: (RoomId, Seq),
        emoji: &str,
        by: UserId,
        given: ReactionRow,
    ) -> StoreResult<()> {
        let reactions = &mut self.message_mut(message)?.reactions;
        reactions.insert((emoji.to_owned(), by), given);
        Ok(())
    }

    async fn pinned(&mut self, (room, of): (RoomId, Seq)) -> StoreResult<PinFacts> {
        let room = self.room_mut(room)?;
        let pin = room.messages.get(&of).and_then(|message| message.pin);
        let stands = pin.map(|(on, seq)| (on, seq, room.entry(seq).map_or(0, |event| event.at)));
        let messages = room.messages.values();
        let pinned = messages.filter(|one| one.message.pinned).count();
        Ok(PinFacts {
            stands,
            pinned: u32::try_from(pinned).unwrap_or(u32::MAX),
        })
    }

    async fn pin(&mut self, message: (RoomId, Seq), on: bool, seq: Seq) -> StoreResult<()> {
        let standing = self.message_mut(message)?;
        standing.message.pinned = on;
        standing.pin = Some((on, seq));
        Ok(())
    }
}
