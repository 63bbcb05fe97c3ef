//! What is remembered of one person's rooms.

use protocol::{RoomId, RoomSummary, Seq, UserId, name_key};

use super::Cached;
use crate::store::{Account, Done, Reply, Write};

/// People who wrote last that are remembered of a person's rooms.
pub(super) const AUTHORS: u32 = 50;

/// One's rooms with their counts, each as it was at its `last_seq`.
#[derive(Clone)]
pub(super) struct Counted {
    /// What names this person, see [`name_key`].
    pub(super) key: String,
    pub(super) rooms: Vec<RoomSummary>,
    /// Who wrote last in them, the last one first.
    pub(super) authors: Vec<UserId>,
}

impl Counted {
    pub(super) fn new(name: &str, rooms: &[RoomSummary], authors: &[Account]) -> Self {
        Self {
            key: name_key(name),
            rooms: rooms.to_vec(),
            authors: authors.iter().map(|account| account.id).collect(),
        }
    }

    /// The read position moved. False where what is unread after it is not known.
    fn read(&mut self, room: RoomId, seq: Seq) -> bool {
        let Some(room) = self.rooms.iter_mut().find(|known| known.id == room) else {
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
    /// A write was stored: what is remembered follows it.
    pub(super) fn stored(&self, write: &Write, done: &Done) {
        for event in &done.events {
            let pushed = self.rings().push(event);
            if pushed.is_err() {
                self.people.clear();
            }
            if let protocol::EventKind::Join { user } | protocol::EventKind::Leave { user } =
                event.kind
            {
                self.people.forget(&user);
            }
        }
        match (write, &done.reply) {
            (Write::Read { who, room, .. }, Reply::Read { seq, moved: true }) => {
                self.people.change(&who.id, |counted| {
                    std::sync::Arc::make_mut(counted).read(*room, *seq)
                });
            }
            (Write::CreateRoom { who, .. }, _) => self.people.forget(&who.id),
            (Write::CreateDirect { who, others, .. }, _) => {
                self.people.forget(&who.id);
                for user in others {
                    self.people.forget(user);
                }
            }
            // Rare, and known to everybody in the room.
            (Write::ChangeRoom { .. } | Write::DeleteRoom { .. }, _) => self.people.clear(),
            _ => {}
        }
    }
}
