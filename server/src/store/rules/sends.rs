//! A run of sends, decided on facts that are read once for all of them, and stored together.

use std::collections::{BTreeSet, HashMap, HashSet};

use protocol::{Act, ActKind, Event, MessageId, RoomId, Seq, UserId};

use super::{Answer, Head, NewMessage, Seat, Transaction, ack, no_message, same_again};
use crate::{
    auth::rights::{Place, Right, may},
    error::Refusal,
    store::{Authored, Done, Named, Outcome, Reply, StoredAck, Write},
};

/// A send of the run.
struct Send<'a> {
    one: &'a Authored,
    text: &'a str,
    reply_to: Option<Seq>,
    named: Named,
}

impl<'a> Send<'a> {
    fn of(write: &'a Write) -> Option<Self> {
        let Write::Command(one) = write else {
            return None;
        };
        let Act::Send { text, reply_to } = &one.command.act else {
            return None;
        };
        Some(Self {
            one,
            text,
            reply_to: *reply_to,
            named: Named::default(),
        })
    }

    const fn room(&self) -> RoomId {
        self.one.command.room
    }

    const fn id(&self) -> (UserId, MessageId) {
        (self.one.who.id, self.one.command.id)
    }
}

/// Facts read for the run; every accepted send updates them.
struct Facts {
    known: HashMap<(UserId, MessageId), (StoredAck, ActKind)>,
    places: HashMap<(RoomId, UserId), Place>,
    heads: HashMap<RoomId, Head>,
    messages: HashSet<(RoomId, Seq)>,
}

/// Stores a run of sends; every write of it is an [`Act::Send`].
pub(super) async fn send_all<T: Transaction>(tx: &mut T, run: &[Write]) -> Answer<Vec<Outcome>> {
    let mut items: Vec<Send<'_>> = run.iter().filter_map(Send::of).collect();
    for item in &mut items {
        item.named = tx.named(item.one).await?;
    }
    let mut facts = Facts::read(tx, &items).await?;
    let mut new = Vec::with_capacity(items.len());
    let outcomes = items
        .iter()
        .map(|item| facts.decide(item, &mut new))
        .collect();
    if !new.is_empty() {
        tx.say(&new).await?;
    }
    Ok(outcomes)
}

impl Facts {
    async fn read<T: Transaction>(tx: &mut T, items: &[Send<'_>]) -> Answer<Self> {
        let ids: Vec<_> = items.iter().map(Send::id).collect();
        let known = tx.acks(&ids).await?;
        let asked: BTreeSet<_> = items
            .iter()
            .map(|item| (item.room(), item.one.who.id))
            .collect();
        let asked: Vec<_> = asked.into_iter().collect();
        let seats = tx.seats(&asked).await?;
        let replies: Vec<_> = items
            .iter()
            .filter_map(|item| Some((item.room(), item.reply_to?)))
            .collect();
        let messages = if replies.is_empty() {
            HashSet::new()
        } else {
            tx.targets(&replies).await?.into_keys().collect()
        };
        let head = |(at, seat): (&(RoomId, UserId), &Seat)| (at.0, seat.head);
        Ok(Self {
            known,
            heads: seats.iter().map(head).collect(),
            places: seats
                .into_iter()
                .map(|(at, seat)| (at, seat.place))
                .collect(),
            messages,
        })
    }

    fn decide<'i>(&mut self, item: &'i Send<'i>, new: &mut Vec<NewMessage<'i>>) -> Outcome {
        let (one, room) = (item.one, item.room());
        if let Some(&(stored, of_kind)) = self.known.get(&item.id()) {
            return same_again(one, stored, of_kind);
        }
        let place = self.places.get(&(room, one.who.id));
        let place = *place.ok_or_else(|| Refusal::not_found("room"))?;
        may(one.who, place, Right::Write)?;
        let answers = item.reply_to.map(|seq| (room, seq));
        if answers.is_some_and(|message| !self.messages.contains(&message)) {
            return Err(no_message("reply_to"));
        }
        let head = self.heads.entry(room).or_default();
        head.seq += 1;
        head.said += 1;
        let at = *head;
        let stored = StoredAck {
            room,
            seq: at.seq,
            at: one.now,
        };
        self.known.insert(item.id(), (stored, ActKind::Send));
        self.messages.insert((room, at.seq));
        new.push(NewMessage {
            one,
            text: item.text,
            reply_to: item.reply_to,
            at,
            named: &item.named,
        });
        let event = Event {
            room,
            seq: at.seq,
            at: one.now,
            by: one.who.id,
            kind: one.command.entry(),
        };
        Ok(Done {
            reply: Reply::Ack {
                ack: ack(one, (at.seq, one.now)),
                repeat: false,
            },
            events: vec![event],
            named: item.named.clone(),
        })
    }
}
