//! The newest entries of rooms, as far as they matter for counting: what somebody's counts were a while ago becomes what they are
//! now without reading them again.

use std::collections::{HashMap, VecDeque};

use protocol::{Event, EventKind, RoomId, RoomSummary, Seq, UserId};

use super::people::CountedRoom;
use crate::store::Named;

/// Entries of a room that are remembered: as many as its lane holds.
const ENTRIES: usize = 1_024;
/// Rooms that are remembered.
const ROOMS: usize = 10_000;

/// What an entry means for the counts.
enum Mark {
    /// Somebody said something; whom it names, if anybody.
    Message {
        by: UserId,
        named: Option<Box<Named>>,
    },
    /// An earlier message is not what it was.
    Change { of: Seq },
    /// The topic is another one.
    Topic(String),
    /// Nothing.
    Plain,
}

impl Mark {
    fn of(event: &Event, named: &Named) -> Self {
        match &event.kind {
            EventKind::Message { .. } => Self::Message {
                by: event.by,
                named: (!named.is_empty()).then(|| Box::new(named.clone())),
            },
            EventKind::Edit { of, .. } | EventKind::Delete { of } => Self::Change { of: *of },
            EventKind::Topic { text } => Self::Topic(text.clone()),
            EventKind::Reaction { .. }
            | EventKind::Join { .. }
            | EventKind::Leave { .. }
            | EventKind::Unknown => Self::Plain,
        }
    }
}

struct Ring {
    /// The place of the first mark.
    first: Seq,
    marks: VecDeque<Mark>,
}

/// The rings of all rooms that something happened in. A room without one is as it was when the server started.
#[derive(Default)]
pub(super) struct Rings(HashMap<RoomId, Ring>);

/// There are too many rooms: everything that was counted before must be forgotten with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Rings {
    /// The next entry of a room, and whom it names if it is a message.
    pub(super) fn push(&mut self, event: &Event, named: &Named) -> Result<(), Full> {
        if self.0.len() >= ROOMS && !self.0.contains_key(&event.room) {
            self.0.clear();
            return Err(Full);
        }
        let ring = self.0.entry(event.room).or_insert_with(|| Ring {
            first: event.seq,
            marks: VecDeque::new(),
        });
        if ring.first + ring.marks.len() as u64 != event.seq {
            // What is between was not seen here.
            ring.marks.clear();
            ring.first = event.seq;
        }
        ring.marks.push_back(Mark::of(event, named));
        if ring.marks.len() > ENTRIES {
            ring.marks.pop_front();
            ring.first += 1;
        }
        Ok(())
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Brings counts up to the newest entry; none where that takes more than is known here.
    pub(super) fn bring_up(&self, room: &CountedRoom, user: UserId) -> Option<RoomSummary> {
        let mut room = room.summary();
        let Some(ring) = self.0.get(&room.id) else {
            return Some(room);
        };
        let end = ring.first + ring.marks.len() as u64;
        if room.last_seq + 1 >= end {
            return Some(room);
        }
        let skip = usize::try_from((room.last_seq + 1).checked_sub(ring.first)?).ok()?;
        for (seq, mark) in (room.last_seq + 1..).zip(ring.marks.iter().skip(skip)) {
            match mark {
                Mark::Message { by, named } if *by != user && seq > room.read_seq => {
                    room.unread += 1;
                    let names_me = named.as_ref().is_some_and(|named| named.names(user));
                    room.mentions += u64::from(names_me);
                }
                Mark::Change { of } if *of > room.read_seq => return None,
                Mark::Topic(topic) => room.topic.clone_from(topic),
                Mark::Message { .. } | Mark::Change { .. } | Mark::Plain => {}
            }
        }
        room.last_seq = end - 1;
        Some(room)
    }
}
