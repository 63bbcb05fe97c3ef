//! Sends, edits, deletes and reactions.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Ack, EventKind, Message, MessageId, RoomId, Seq, UserId};

use super::tables::{Given, Standing, Tables, Verb};
use crate::{
    auth::rights::{Act, Who, may},
    error::Refusal,
    store::{Done, Named, Outcome, Reply, Said, StoredAck},
};

/// Different emoji that one message may carry.
const MOST_EMOJI: usize = 50;

/// A command with an id.
#[derive(Clone, Copy)]
pub(super) struct Order {
    pub(super) who: Who,
    pub(super) id: MessageId,
    pub(super) room: RoomId,
    pub(super) now: u64,
}

impl Tables {
    /// What an id was acked with: the same again for the same kind in the same room, `conflict` for anything else.
    fn repeat(&self, order: Order, verb: Verb) -> Result<Option<Done>, Refusal> {
        let Some(&(stored, of_verb)) = self.commands.get(&(order.who.id, order.id)) else {
            return Ok(None);
        };
        if stored.room != order.room || of_verb != verb {
            return Err(Refusal::conflict("this id was used for something else").on("id"));
        }
        let ack = ack(order, stored.seq, stored.at);
        Ok(Some(Done::quiet(Reply::Ack { ack, repeat: true })))
    }

    fn note(&mut self, order: Order, ack: Ack, verb: Verb) {
        let stored = StoredAck {
            room: ack.room,
            seq: ack.seq,
            at: ack.at,
        };
        self.commands
            .insert((order.who.id, order.id), (stored, verb));
    }

    fn record(&mut self, order: Order, kind: EventKind, verb: Verb) -> Outcome {
        let event = self.append(order.room, order.who.id, order.now, kind)?;
        let ack = ack(order, event.seq, order.now);
        self.note(order, ack, verb);
        Ok(Done {
            reply: Reply::Ack { ack, repeat: false },
            events: vec![event],
            named: Named::default(),
        })
    }

    pub(super) fn send(&mut self, order: Order, text: &Said, reply_to: Option<Seq>) -> Outcome {
        if let Some(done) = self.repeat(order, Verb::Send)? {
            return Ok(done);
        }
        self.allowed(order.who, order.room, Act::Write)?;
        let messages = &self.room(order.room)?.messages;
        if reply_to.is_some_and(|seq| !messages.contains_key(&seq)) {
            return Err(Refusal::not_found("message").on("reply_to"));
        }
        let kind = EventKind::Message {
            id: order.id,
            text: Some(text.to_string()),
            reply_to,
            deleted: false,
        };
        let mut done = self.record(order, kind, Verb::Send)?;
        let names = self.named(text);
        done.named = names.clone();
        let seq = done.events.first().map_or(0, |event| event.seq);
        let message = Message {
            text: Some(text.to_string()),
            reply_to,
            ..Message::new(seq, order.id, order.who.id, order.now)
        };
        let standing = Standing {
            message,
            names,
            reactions: BTreeMap::new(),
        };
        self.room_mut(order.room)?.messages.insert(seq, standing);
        Ok(done)
    }

    fn target(&mut self, room: RoomId, of: Seq) -> Result<&mut Standing, Refusal> {
        self.room_mut(room)?
            .messages
            .get_mut(&of)
            .ok_or_else(|| Refusal::not_found("message").on("of"))
    }

    pub(super) fn edit(&mut self, order: Order, of: Seq, text: &Said) -> Outcome {
        if let Some(done) = self.repeat(order, Verb::Edit)? {
            return Ok(done);
        }
        let place = self.allowed(order.who, order.room, Act::Write)?;
        let target = &self.target(order.room, of)?.message;
        may(order.who, place, Act::Edit(target.by))?;
        if target.deleted {
            return Err(Refusal::conflict("this message was deleted").on("of"));
        }
        let kind = EventKind::Edit {
            of,
            text: Some(text.to_string()),
            deleted: false,
        };
        let done = self.record(order, kind, Verb::Edit)?;
        let names = self.named(text);
        let target = self.target(order.room, of)?;
        target.message.text = Some(text.to_string());
        target.message.edited_at = Some(order.now);
        target.names = names;
        Ok(done)
    }

    pub(super) fn delete(&mut self, order: Order, of: Seq) -> Outcome {
        if let Some(done) = self.repeat(order, Verb::Delete)? {
            return Ok(done);
        }
        let place = self.allowed(order.who, order.room, Act::Write)?;
        let target = &self.target(order.room, of)?.message;
        may(order.who, place, Act::Delete(target.by))?;
        if target.deleted {
            return Err(Refusal::conflict("this message was deleted before").on("of"));
        }
        let done = self.record(order, EventKind::Delete { of }, Verb::Delete)?;
        let target = self.target(order.room, of)?;
        target.message.deleted = true;
        target.message.text = None;
        target.message.edited_at = None;
        target.names = Named::default();
        // Nothing of what it said stays: neither the text nor its edits.
        for event in &mut self.room_mut(order.room)?.log {
            match &mut event.kind {
                EventKind::Message { text, deleted, .. } if event.seq == of => {
                    (*text, *deleted) = (None, true);
                }
                EventKind::Edit {
                    of: edited,
                    text,
                    deleted,
                } if *edited == of => (*text, *deleted) = (None, true),
                _ => {}
            }
        }
        Ok(done)
    }

    pub(super) fn react(&mut self, order: Order, of: Seq, emoji: &str, on: bool) -> Outcome {
        if let Some(done) = self.repeat(order, Verb::React)? {
            return Ok(done);
        }
        self.allowed(order.who, order.room, Act::Write)?;
        let me = order.who.id;
        let target = self.target(order.room, of)?;
        if target.message.deleted {
            return Err(Refusal::conflict("this message was deleted").on("of"));
        }
        let (stands, by) = target.stands(emoji, me);
        let since = target.since(emoji);
        let different = target.different();
        if stands == on {
            // It changes nothing: acked with the entry that made it so, and the id is spoken for.
            let at = self.room(order.room)?.entry(by).map_or(0, |event| event.at);
            let ack = ack(order, by, at);
            self.note(order, ack, Verb::React);
            return Ok(Done::quiet(Reply::Ack { ack, repeat: false }));
        }
        if on && since.is_none() && different >= MOST_EMOJI {
            let why = format!("a message carries at most {MOST_EMOJI} different reactions");
            return Err(Refusal::invalid("emoji", why));
        }
        let emoji = emoji.to_owned();
        let kind = EventKind::Reaction {
            of,
            emoji: emoji.clone(),
            on,
        };
        let done = self.record(order, kind, Verb::React)?;
        let seq = done.events.first().map_or(0, |event| event.seq);
        let given = Given {
            on,
            seq,
            since: since.unwrap_or(seq),
        };
        let target = self.target(order.room, of)?;
        target.reactions.insert((emoji, me), given);
        Ok(done)
    }
}

const fn ack(order: Order, seq: Seq, at: u64) -> Ack {
    Ack {
        id: order.id,
        room: order.room,
        seq,
        at,
    }
}

impl Standing {
    /// Whether `user` gives this emoji, and since which entry that is so: one never given is "off" since the message itself.
    fn stands(&self, emoji: &str, user: UserId) -> (bool, Seq) {
        self.reactions
            .get(&(emoji.to_owned(), user))
            .map_or((false, self.message.seq), |given| (given.on, given.seq))
    }

    /// Since which entry anybody gives this emoji; none if nobody does.
    fn since(&self, emoji: &str) -> Option<Seq> {
        let given = self.reactions.iter();
        given
            .filter(|((known, _), given)| given.on && known == emoji)
            .map(|(_, given)| given.since)
            .min()
    }

    fn different(&self) -> usize {
        let given = self.reactions.iter().filter(|(_, given)| given.on);
        given
            .map(|((emoji, _), _)| emoji)
            .collect::<BTreeSet<_>>()
            .len()
    }
}
