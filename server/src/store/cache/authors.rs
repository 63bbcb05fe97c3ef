//! The last authors of each room: whoever comes back is told their names.

use std::{collections::HashMap, sync::Arc};

use protocol::{Changes, Event, RoomId};

use super::Cache;
use crate::store::{Author, LOOK_BACK, StoreError};

/// Rooms of which they are remembered, at most 1 KB each.
pub(super) const MAX_ROOMS: usize = 20_000;

/// Who wrote something among the last [`LOOK_BACK`] entries of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Authors(Vec<Author>);

impl Authors {
    /// The room's log goes on.
    ///
    /// They may have been read after the entry was stored: each change made twice is as if made once.
    pub(super) fn follow(&mut self, event: &Event) {
        let (room, user, seq, at) = (event.room, event.by, event.seq, event.at);
        let writes = event.kind.changes() == Some(Changes::Adds);
        self.0
            .retain(|author| author.seq + LOOK_BACK > seq && !(writes && author.user == user));
        if writes {
            self.0.push(Author {
                room,
                user,
                seq,
                at,
            });
        }
    }
}

impl Cache {
    /// Who wrote last in these rooms; those of which it is not known are read together.
    pub(crate) async fn recent_authors(&self, rooms: &[RoomId]) -> Result<Vec<Author>, StoreError> {
        let mut found = Vec::new();
        let mut missing = Vec::new();
        for room in rooms {
            match self.authors.get(room).filter(|_| self.hears_room(*room)) {
                Some(authors) => found.extend_from_slice(&authors.0),
                None => missing.push((*room, self.authors.version(room))),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let asked: Vec<RoomId> = missing.iter().map(|(room, _)| *room).collect();
        let mut read: HashMap<RoomId, Authors> = HashMap::new();
        for author in self.store.recent_authors(&asked).await? {
            read.entry(author.room).or_default().0.push(author);
            found.push(author);
        }
        for (room, version) in missing {
            let authors = read.remove(&room).unwrap_or_default();
            self.authors.fill(room, Arc::new(authors), version);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use protocol::{EventKind, MessageId, UserId};

    use super::*;

    fn event(seq: u64, by: u64, kind: EventKind) -> Event {
        Event {
            room: RoomId::new(1).unwrap(),
            seq,
            at: seq,
            by: UserId::new(by).unwrap(),
            kind,
        }
    }

    fn message(seq: u64, by: u64) -> Event {
        let kind = EventKind::Message {
            id: MessageId::from_slice(&[1; 16]).unwrap(),
            text: Some("hello".into()),
            reply_to: None,
            deleted: false,
            thread: None,
        };
        event(seq, by, kind)
    }

    fn who(authors: &Authors) -> Vec<(u64, u64)> {
        let who = authors.0.iter();
        who.map(|author| (author.user.get(), author.seq)).collect()
    }

    #[test]
    fn each_is_there_once_while_the_last_message_is_among_the_newest_entries() {
        let mut authors = Authors::default();
        for event in [message(1, 7), message(2, 8), message(3, 7), message(3, 7)] {
            authors.follow(&event);
        }
        assert_eq!(who(&authors), [(8, 2), (7, 3)]);
        let other = |seq| event(seq, 9, EventKind::Topic { text: "tea".into() });
        (4..LOOK_BACK + 2).for_each(|seq| authors.follow(&other(seq)));
        assert_eq!(who(&authors), [(8, 2), (7, 3)]);
        authors.follow(&other(LOOK_BACK + 2));
        assert_eq!(who(&authors), [(7, 3)]);
    }
}
