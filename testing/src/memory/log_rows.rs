//! Logs in a transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use protocol::{Ack, ActKind, Event, EventKind, Message, MessageId, RoomId, Seq, UserId};
use server::store::{
    Authored, Named, StoredAck,
    rules::{Answer, Given, LogRows, NewEntry, NewMessage, Reacted, Target},
};

use super::tables::{Standing, Tables};

impl LogRows for Tables {
    async fn acks(
        &mut self,
        ids: &[(UserId, MessageId)],
    ) -> Answer<HashMap<(UserId, MessageId), (StoredAck, ActKind)>> {
        let known = |id: &(UserId, MessageId)| Some((*id, *self.commands.get(id)?));
        Ok(ids.iter().filter_map(known).collect())
    }

    async fn targets(&mut self, at: &[(RoomId, Seq)]) -> Answer<HashMap<(RoomId, Seq), Target>> {
        let target = |&(room, seq): &(RoomId, Seq)| {
            let message = &self.rooms.get(&room)?.messages.get(&seq)?.message;
            let target = Target {
                author: message.by,
                at: message.at,
                deleted: message.deleted,
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
    ) -> Answer<Reacted> {
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

    async fn named(&mut self, one: &Authored) -> Answer<Named> {
        Ok(one.named(|key| self.handles.get(key).copied()))
    }

    async fn say(&mut self, new: &[NewMessage<'_>]) -> Answer<()> {
        for message in new {
            let one = message.one;
            let (author, id) = (one.who.id, one.command.id);
            let kind = one.command.entry();
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
            let standing = Standing {
                message: Message {
                    text: Some(message.text.to_owned()),
                    reply_to: message.reply_to,
                    ..Message::new(event.seq, id, author, event.at)
                },
                names: message.named.clone(),
                reactions: BTreeMap::new(),
            };
            let room = self.room_mut(event.room)?;
            room.messages.insert(event.seq, standing);
        }
        Ok(())
    }

    async fn append(&mut self, new: NewEntry<'_>) -> Answer<Event> {
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

    async fn ack(&mut self, author: UserId, ack: Ack, kind: ActKind) -> Answer<()> {
        let Ack { id, room, seq, at } = ack;
        self.commands
            .insert((author, id), (StoredAck { room, seq, at }, kind));
        Ok(())
    }

    async fn edit(
        &mut self,
        message: (RoomId, Seq),
        _author: UserId,
        text: &str,
        at: u64,
        named: &Named,
    ) -> Answer<()> {
        let standing = self.message_mut(message)?;
        standing.message.text = Some(text.to_owned());
        standing.message.edited_at = Some(at);
        standing.names = named.clone();
        Ok(())
    }

    async fn erase(&mut self, (room, seq): (RoomId, Seq)) -> Answer<()> {
        let standing = self.message_mut((room, seq))?;
        standing.message.deleted = true;
        standing.message.text = None;
        standing.message.edited_at = None;
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
        given: Given,
    ) -> Answer<()> {
        let reactions = &mut self.message_mut(message)?.reactions;
        reactions.insert((emoji.to_owned(), by), given);
        Ok(())
    }
}
