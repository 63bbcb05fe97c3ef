//! What is remembered of one person's rooms.

use std::sync::Arc;

use protocol::{RoomId, RoomKind, RoomSummary, Seq};

use super::{Cached, rings::Full};
use crate::{
    store::{Done, Reply, Write},
    telemetry::Limit,
};

/// One's rooms with their counts, each as it was at its `last_seq`.
#[derive(Clone)]
pub(super) struct Counted {
    pub(super) rooms: Vec<CountedRoom>,
}

/// A room as one person sees it.
#[derive(Clone)]
pub(super) struct CountedRoom {
    /// What is the same for everybody in it, and held once; its own counts are 0.
    pub(super) facts: Arc<RoomSummary>,
    pub(super) last_seq: Seq,
    pub(super) read_seq: Seq,
    pub(super) unread: u64,
    pub(super) mentions: u64,
}

impl CountedRoom {
    /// As a client is told it.
    pub(super) fn summary(&self) -> RoomSummary {
        RoomSummary {
            last_seq: self.last_seq,
            read_seq: self.read_seq,
            unread: self.unread,
            mentions: self.mentions,
            ..RoomSummary::clone(&self.facts)
        }
    }
}

impl Counted {
    /// The read position moved. False where what is unread after it is not known.
    fn read(&mut self, room: RoomId, seq: Seq) -> bool {
        let Some(room) = self.rooms.iter_mut().find(|known| known.facts.id == room) else {
            return true;
        };
        if seq < room.last_seq {
            return false;
        }
        room.read_seq = seq;
        room.last_seq = seq;
        (room.unread, room.mentions) = (0, 0);
        true
    }
}

impl Cached {
    /// A room as it is remembered.
    pub(super) fn counted(&self, room: &RoomSummary) -> CountedRoom {
        let facts = RoomSummary {
            last_seq: 0,
            read_seq: 0,
            unread: 0,
            mentions: 0,
            ..room.clone()
        };
        let facts = if facts.kind == RoomKind::Direct {
            // Each of its people has another name for it.
            Arc::new(facts)
        } else {
            self.shared(facts)
        };
        CountedRoom {
            facts,
            last_seq: room.last_seq,
            read_seq: room.read_seq,
            unread: room.unread,
            mentions: room.mentions,
        }
    }

    /// The one copy of these facts.
    fn shared(&self, facts: RoomSummary) -> Arc<RoomSummary> {
        if let Some(known) = self.facts.get(&facts.id).filter(|known| **known == facts) {
            return known;
        }
        let (id, facts) = (facts.id, Arc::new(facts));
        self.facts
            .fill(id, Arc::clone(&facts), self.facts.version(&id));
        facts
    }

    /// A write was stored: what is remembered follows it.
    pub(super) fn stored(&self, write: &Write, done: &Done) {
        for event in &done.events {
            let mut rings = self.rings();
            match rings.push(event, &done.named) {
                Ok(()) => {}
                Err(Full::Rooms) => self.people.clear(),
                Err(Full::Memory) => self.metrics.hit(Limit::Counts),
            }
            drop(rings);
            self.authors.change(&event.room, |authors| {
                Arc::make_mut(authors).follow(event);
                true
            });
            self.newest
                .change(&event.room, |page| Arc::make_mut(page).follow(event));
            if let protocol::EventKind::Join { user } | protocol::EventKind::Leave { user } =
                event.kind
            {
                self.people.forget(&user);
                self.members.forget(&event.room);
            }
        }
        match (write, &done.reply) {
            (Write::Read { who, room, .. }, Reply::Read { seq, moved: true }) => {
                self.people
                    .change(&who.id, |counted| Arc::make_mut(counted).read(*room, *seq));
            }
            (Write::CreateRoom { who, .. }, _) => self.people.forget(&who.id),
            (Write::CreateDirect { who, others, .. }, _) => {
                self.people.forget(&who.id);
                for user in others {
                    self.people.forget(user);
                }
            }
            // Rare, and known to everybody in the room.
            (Write::ChangeRoom { .. }, _) => self.people.clear(),
            (Write::DeleteRoom { room, .. }, _) => {
                self.people.clear();
                self.authors.forget(room);
                self.newest.forget(room);
                self.members.forget(room);
            }
            _ => {}
        }
    }
}
