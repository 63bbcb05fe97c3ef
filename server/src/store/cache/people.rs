//! The rooms of one person, with their counts, as they are remembered.

use std::sync::Arc;

use protocol::{RoomId, RoomKind, RoomSummary, Seq};

use super::Cache;

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
    pub(super) fn read(&mut self, room: RoomId, seq: Seq) -> bool {
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

impl Cache {
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
}
