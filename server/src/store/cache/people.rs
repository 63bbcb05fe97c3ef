//! The rooms of one person, with their counts, as they are remembered.

use std::sync::Arc;

use protocol::{ReadPosition, RoomCounts, RoomId, RoomKind, RoomPreferences, RoomSummary, Seq};

use super::{Cache, versioned::VersionedCache};

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
    pub(super) read: ReadPosition,
    pub(super) unread: u64,
    pub(super) mentions: u64,
    /// What the person wants of it.
    pub(super) preferences: RoomPreferences,
}

impl CountedRoom {
    /// As a client is told it.
    pub(super) fn summary(&self) -> RoomSummary {
        RoomSummary {
            last_seq: self.last_seq,
            read_seq: self.read.seq,
            generation: self.read.generation,
            unread: self.unread,
            mentions: self.mentions,
            ..RoomSummary::clone(&self.facts).preferred(self.preferences)
        }
    }
}

impl Counted {
    /// The read position moved, or was set back. False where what is unread after it is not known.
    pub(super) fn read(&mut self, room: RoomId, position: ReadPosition) -> bool {
        let Some(room) = self.rooms.iter_mut().find(|known| known.facts.id == room) else {
            return true;
        };
        if position <= room.read {
            // Told twice, or late by another node.
            return true;
        }
        if position.seq < room.last_seq {
            return false;
        }
        room.read = position;
        room.last_seq = position.seq;
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
            generation: 0,
            unread: 0,
            mentions: 0,
            ..room.clone().preferred(RoomPreferences::default())
        };
        let facts = if facts.kind == RoomKind::Direct {
            // Each of its people has another name for it.
            Arc::new(facts)
        } else {
            self.facts.shared(facts)
        };
        CountedRoom {
            facts,
            last_seq: room.last_seq,
            read: RoomCounts::from(room).position(),
            unread: room.unread,
            mentions: room.mentions,
            preferences: room.preferences(),
        }
    }
}

impl VersionedCache<RoomId, Arc<RoomSummary>> {
    /// The one copy of these facts.
    fn shared(&self, facts: RoomSummary) -> Arc<RoomSummary> {
        if let Some(known) = self.get(&facts.id).filter(|known| **known == facts) {
            return known;
        }
        let (id, facts) = (facts.id, Arc::new(facts));
        self.fill(id, Arc::clone(&facts), self.version(&id));
        facts
    }
}
