//! The newest entries of rooms, as far as they matter for counting: what somebody's counts were a while ago becomes what they are
//! now without reading them again.

use std::collections::{HashMap, VecDeque};

use protocol::{Changes, Event, EventKind, RoomId, RoomSummary, Seq, UserId};

use super::people::CountedRoom;
use crate::store::Named;

/// Entries of a room that are remembered: as many as its lane holds.
const ENTRIES: usize = 1_024;
/// Rooms that are remembered.
const ROOMS: usize = 10_000;
/// What a name in a message takes in its set, about.
const NAMED_BYTES: usize = 24;

/// What an entry means for the counts.
enum EntryMark {
    /// Somebody said something; whom it names, if anybody.
    Message {
        by: UserId,
        named: Option<Box<Named>>,
    },
    /// An earlier message is not what it was.
    Change { of: Seq },
    /// The topic is another one.
    Topic(Box<str>),
    /// No count changes.
    Plain,
}

impl EntryMark {
    fn of(event: &Event, named: &Named) -> Self {
        if let EventKind::Topic { text } = &event.kind {
            return Self::Topic(text.as_str().into());
        }
        if event.kind.counts_in_room() {
            return Self::Message {
                by: event.by,
                named: (!named.is_empty()).then(|| Box::new(named.clone())),
            };
        }
        match (event.kind.changes(), event.kind.of()) {
            (Some(Changes::Text | Changes::Erases), Some(of)) => Self::Change { of },
            _ => Self::Plain,
        }
    }

    /// Bytes that it holds besides itself, about.
    fn cost(&self) -> usize {
        match self {
            Self::Message { named, .. } => named.as_ref().map_or(0, |named| {
                size_of::<Named>() + NAMED_BYTES * named.users.len()
            }),
            Self::Topic(text) => text.len(),
            Self::Change { .. } | Self::Plain => 0,
        }
    }
}

struct RoomEntries {
    /// The place of the first mark.
    first: Seq,
    marks: VecDeque<EntryMark>,
    /// What the marks hold besides themselves.
    held: usize,
    /// When something happened here last: the number of the push.
    turn: u64,
}

impl RoomEntries {
    const fn new(first: Seq) -> Self {
        Self {
            first,
            marks: VecDeque::new(),
            held: 0,
            turn: 0,
        }
    }

    fn push(&mut self, mark: EntryMark) {
        self.held += mark.cost();
        self.marks.push_back(mark);
        if self.marks.len() > ENTRIES
            && let Some(oldest) = self.marks.pop_front()
        {
            self.held -= oldest.cost();
            self.first += 1;
        }
    }

    /// Knows nothing any more of what happened so far, and knows that something did.
    fn forget(&mut self) {
        *self = Self {
            turn: self.turn,
            ..Self::new(self.first + self.marks.len() as u64)
        };
    }

    fn cost(&self) -> usize {
        self.marks.capacity() * size_of::<EntryMark>() + self.held
    }
}

/// The recent entries of all rooms that something happened in. A room without one is as it was when the server started.
pub(super) struct RecentEntries {
    rooms: HashMap<RoomId, RoomEntries>,
    /// Bytes that all may hold; 0 is no limit.
    most: usize,
    used: usize,
    turn: u64,
}

/// What a push ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecentFull {
    /// There are too many rooms: everything that was counted before must be forgotten with them.
    Rooms,
    /// The recent entries take too much memory: the coldest rooms have let go of theirs. Counts from before what they held are read anew.
    Memory,
}

impl RecentEntries {
    /// So many bytes for all of them; 0 is no limit.
    pub(super) fn new(most: usize) -> Self {
        Self {
            rooms: HashMap::new(),
            most,
            used: 0,
            turn: 0,
        }
    }

    /// The next entry of a room, and whom it names if it is a message.
    pub(super) fn push(&mut self, event: &Event, named: &Named) -> Result<(), RecentFull> {
        if self.rooms.len() >= ROOMS && !self.rooms.contains_key(&event.room) {
            self.clear();
            return Err(RecentFull::Rooms);
        }
        self.turn += 1;
        let entries = self.rooms.entry(event.room);
        let entries = entries.or_insert_with(|| RoomEntries::new(event.seq));
        let before = entries.cost();
        if entries.first + entries.marks.len() as u64 != event.seq {
            // What is between was not seen here.
            *entries = RoomEntries::new(event.seq);
        }
        entries.turn = self.turn;
        entries.push(EntryMark::of(event, named));
        self.used = self.used + entries.cost() - before;
        if self.most > 0 && self.used > self.most {
            self.cool();
            return Err(RecentFull::Memory);
        }
        Ok(())
    }

    /// The coldest let go, until an eighth is free: walking over all of them must not be for one entry alone.
    fn cool(&mut self) {
        let mut recent: Vec<&mut RoomEntries> = self.rooms.values_mut().collect();
        recent.sort_unstable_by_key(|entries| entries.turn);
        for entries in recent {
            if self.used <= self.most - self.most / 8 {
                return;
            }
            self.used -= entries.cost();
            entries.forget();
        }
    }

    /// What happened in a room up to `seq` was not heard, or not wholly: counts from before it are read anew.
    pub(super) fn missed(&mut self, room: RoomId, seq: Seq) -> Result<(), RecentFull> {
        if self.rooms.len() >= ROOMS && !self.rooms.contains_key(&room) {
            self.clear();
            return Err(RecentFull::Rooms);
        }
        self.turn += 1;
        let turn = self.turn;
        let entries = self
            .rooms
            .entry(room)
            .or_insert_with(|| RoomEntries::new(seq + 1));
        self.used -= entries.cost().min(self.used);
        *entries = RoomEntries {
            turn,
            ..RoomEntries::new(seq + 1)
        };
        Ok(())
    }

    pub(super) fn clear(&mut self) {
        self.rooms.clear();
        self.used = 0;
    }

    /// Brings counts up to the newest entry; none where that takes more than is known here.
    pub(super) fn bring_up(&self, room: &CountedRoom, user: UserId) -> Option<RoomSummary> {
        let mut room = room.summary();
        let Some(entries) = self.rooms.get(&room.id) else {
            return Some(room);
        };
        let end = entries.first + entries.marks.len() as u64;
        if room.last_seq + 1 >= end {
            return Some(room);
        }
        let skip = usize::try_from((room.last_seq + 1).checked_sub(entries.first)?).ok()?;
        for (seq, mark) in (room.last_seq + 1..).zip(entries.marks.iter().skip(skip)) {
            match mark {
                EntryMark::Message { by, named } if *by != user && seq > room.read_seq => {
                    room.unread += 1;
                    let names_me = named.as_ref().is_some_and(|named| named.names(user));
                    room.mentions += u64::from(names_me);
                }
                EntryMark::Change { of } if *of > room.read_seq => return None,
                EntryMark::Topic(topic) => room.topic = topic.to_string(),
                EntryMark::Message { .. } | EntryMark::Change { .. } | EntryMark::Plain => {}
            }
        }
        room.last_seq = end - 1;
        Some(room)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use protocol::{ReadPosition, RoomKind, RoomPreferences};

    use super::*;

    fn topic(room: u64, seq: Seq) -> Event {
        Event {
            room: RoomId::new(room).unwrap(),
            seq,
            at: 1,
            by: UserId::new(9).unwrap(),
            kind: EventKind::Topic {
                text: format!("{seq}"),
            },
        }
    }

    fn now(recent: &RecentEntries, room: u64, last_seq: Seq) -> Option<(Seq, String)> {
        let facts = RoomSummary::new(
            RoomId::new(room).unwrap(),
            RoomKind::Public,
            "room".to_owned(),
        );
        let counted = CountedRoom {
            facts: Arc::new(facts),
            last_seq,
            read: ReadPosition::default(),
            unread: 0,
            mentions: 0,
            preferences: RoomPreferences::default(),
        };
        let room = recent.bring_up(&counted, UserId::new(1).unwrap())?;
        Some((room.last_seq, room.topic))
    }

    #[test]
    fn the_coldest_let_go_and_are_counted_anew() {
        let mut recent = RecentEntries::new(256 * 1024);
        let named = Named::default();
        let mut full = 0;
        for seq in 1..=600 {
            for room in 1..=40 {
                full += usize::from(recent.push(&topic(room, seq), &named).is_err());
                assert!(recent.used <= recent.most);
            }
        }
        assert!(full > 0 && full < 200, "{full} times for 24,000 entries");
        // The first did not say anything for a while, the last just now.
        recent.cool();
        for seq in 601..=900 {
            let _ = recent.push(&topic(40, seq), &named);
        }
        for seq in 1..=3_000 {
            let _ = recent.push(&topic(50 + seq % 20, seq.div_ceil(20)), &named);
        }
        assert_eq!(now(&recent, 1, 1), None, "it is counted anew");
        assert_eq!(now(&recent, 1, 600), Some((600, String::new())));
        recent.push(&topic(1, 601), &named).unwrap();
        assert_eq!(now(&recent, 1, 600), Some((601, "601".to_owned())));
        recent.clear();
        assert_eq!(recent.used, 0);
    }
}
