//! Sends, edits, deletes and reactions.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Ack, Act, EventKind, Message, RoomId, Seq, UserId};

use super::tables::{Given, Standing, Tables};
use crate::{
    auth::rights::Right,
    error::Refusal,
    store::{
        Authored, Done, Named, Outcome, Reply, StoredAck,
        rules::{Target, ack, may_change, no_message, room_for_emoji, same_again},
    },
};

impl Tables {
    pub(super) fn command(&mut self, one: &Authored) -> Outcome {
        if let Some(&(stored, of_kind)) = self.commands.get(&(one.who.id, one.command.id)) {
            return same_again(one, stored, of_kind);
        }
        let (room, act) = (one.command.room, &one.command.act);
        let place = self.allowed(one.who, room, Right::Write)?;
        if let Some(of) = act.of() {
            let message = &self.standing(room, of)?.message;
            let target = Target {
                author: message.by,
                deleted: message.deleted,
            };
            may_change(one.who, place, act, target)?;
        }
        match act {
            Act::Send { text, reply_to } => self.send(one, text, *reply_to),
            Act::Edit { of, text } => self.edit(one, *of, text),
            Act::Delete { of } => self.delete(one, *of),
            Act::React { of, emoji, on } => self.react(one, *of, (emoji, *on)),
        }
    }

    fn note(&mut self, one: &Authored, ack: Ack) {
        let stored = StoredAck {
            room: ack.room,
            seq: ack.seq,
            at: ack.at,
        };
        let kind = one.command.act.kind();
        self.commands
            .insert((one.who.id, one.command.id), (stored, kind));
    }

    fn record(&mut self, one: &Authored) -> Outcome {
        let event = self.append(one.command.room, one.who.id, one.now, one.command.entry())?;
        let ack = ack(one, (event.seq, one.now));
        self.note(one, ack);
        Ok(Done {
            reply: Reply::Ack { ack, repeat: false },
            events: vec![event],
            named: Named::default(),
        })
    }

    fn standing(&mut self, room: RoomId, of: Seq) -> Result<&mut Standing, Refusal> {
        self.room_mut(room)?
            .messages
            .get_mut(&of)
            .ok_or_else(|| no_message("of"))
    }

    fn send(&mut self, one: &Authored, text: &str, reply_to: Option<Seq>) -> Outcome {
        let (room, id) = (one.command.room, one.command.id);
        let messages = &self.room(room)?.messages;
        if reply_to.is_some_and(|seq| !messages.contains_key(&seq)) {
            return Err(no_message("reply_to"));
        }
        let mut done = self.record(one)?;
        let names = self.named(one);
        done.named = names.clone();
        let seq = done.events.first().map_or(0, |event| event.seq);
        let message = Message {
            text: Some(text.to_owned()),
            reply_to,
            ..Message::new(seq, id, one.who.id, one.now)
        };
        let standing = Standing {
            message,
            names,
            reactions: BTreeMap::new(),
        };
        self.room_mut(room)?.messages.insert(seq, standing);
        Ok(done)
    }

    fn edit(&mut self, one: &Authored, of: Seq, text: &str) -> Outcome {
        let done = self.record(one)?;
        let names = self.named(one);
        let target = self.standing(one.command.room, of)?;
        target.message.text = Some(text.to_owned());
        target.message.edited_at = Some(one.now);
        target.names = names;
        Ok(done)
    }

    fn delete(&mut self, one: &Authored, of: Seq) -> Outcome {
        let room = one.command.room;
        let done = self.record(one)?;
        let target = self.standing(room, of)?;
        target.message.deleted = true;
        target.message.text = None;
        target.message.edited_at = None;
        target.names = Named::default();
        // Nothing of what it said stays: neither the text nor its edits.
        for event in &mut self.room_mut(room)?.log {
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

    fn react(&mut self, one: &Authored, of: Seq, (emoji, on): (&str, bool)) -> Outcome {
        let (room, me) = (one.command.room, one.who.id);
        let target = self.standing(room, of)?;
        let (stands, by) = target.stands(emoji, me);
        let since = target.since(emoji);
        let different = target.different();
        if stands == on {
            // It changes nothing: acked with the entry that made it so, and the id is spoken for.
            let at = self.room(room)?.entry(by).map_or(0, |event| event.at);
            let ack = ack(one, (by, at));
            self.note(one, ack);
            return Ok(Done::quiet(Reply::Ack { ack, repeat: false }));
        }
        if on && since.is_none() {
            room_for_emoji(different)?;
        }
        let done = self.record(one)?;
        let seq = done.events.first().map_or(0, |event| event.seq);
        let given = Given {
            on,
            seq,
            since: since.unwrap_or(seq),
        };
        let target = self.standing(room, of)?;
        target.reactions.insert((emoji.to_owned(), me), given);
        Ok(done)
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
