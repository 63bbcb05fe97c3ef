//! The order of entries, a room at a time: what is heard goes on to the cache and the hub only as the next entry. What was heard before is nothing; what comes too
//! early is held until what lies between comes, or is read from the log.

use std::collections::BTreeMap;

use protocol::{Event, RoomId, Seq};

use crate::store::Named;

/// Entries of a room that are held at most; of more only the newest number is kept, and the log has them.
const MAX_HELD: usize = 256;

/// What became of an entry that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offered {
    /// The room is not followed here.
    Unheard,
    /// It was heard before.
    Old,
    /// It was the next one.
    Next,
    /// Something between is missing.
    Held,
}

#[derive(Default)]
struct RoomOrder {
    /// The newest entry that went on.
    head: Seq,
    /// The newest one that is known to be.
    end: Seq,
    held: BTreeMap<Seq, (Event, Named)>,
}

impl RoomOrder {
    /// Lets those go on that are next now.
    fn go_on(&mut self, apply: &mut impl FnMut(&Event, Option<&Named>)) {
        while let Some(first) = self.held.first_entry() {
            if *first.key() > self.head + 1 {
                return;
            }
            let (seq, (event, named)) = first.remove_entry();
            if seq == self.head + 1 {
                self.head = seq;
                apply(&event, Some(&named));
            }
        }
    }
}

/// The rooms that are followed on this node, each with the number of the entry that went on last.
#[derive(Default)]
pub(super) struct Sequencer {
    rooms: BTreeMap<RoomId, RoomOrder>,
}

impl Sequencer {
    /// A room is followed from `head` on, or further on if it is already; tells where from.
    pub(super) fn follow(&mut self, room: RoomId, head: Seq) -> Seq {
        let order = self.rooms.entry(room).or_insert_with(|| RoomOrder {
            head,
            end: head,
            held: BTreeMap::new(),
        });
        order.head
    }

    /// The newest entry of a room that went on; none where it is not followed.
    pub(super) fn head(&self, room: RoomId) -> Option<Seq> {
        self.rooms.get(&room).map(|order| order.head)
    }

    /// An entry was heard: `apply` is called for it, and for those that were held for it.
    pub(super) fn offer(
        &mut self,
        event: &Event,
        named: &Named,
        apply: &mut impl FnMut(&Event, Option<&Named>),
    ) -> Offered {
        let Some(order) = self.rooms.get_mut(&event.room) else {
            return Offered::Unheard;
        };
        if event.seq <= order.head {
            return Offered::Old;
        }
        order.end = order.end.max(event.seq);
        if event.seq > order.head + 1 {
            if order.held.len() < MAX_HELD {
                order.held.insert(event.seq, (event.clone(), named.clone()));
            }
            return Offered::Held;
        }
        order.head = event.seq;
        apply(event, Some(named));
        order.go_on(apply);
        Offered::Next
    }

    /// A room's log goes at least as far as this; tells whether something is missing here.
    pub(super) fn ends_at(&mut self, room: RoomId, end: Seq) -> bool {
        self.rooms.get_mut(&room).is_some_and(|order| {
            order.end = order.end.max(end);
            order.end > order.head
        })
    }

    /// After which entry a room's log is to be read, as something is missing.
    pub(super) fn missing(&self, room: RoomId) -> Option<Seq> {
        let order = self.rooms.get(&room)?;
        (order.end > order.head).then_some(order.head)
    }

    /// What was read of a room's log: `apply` is called for what is new of it, without whom it names, which the log does not say.
    pub(super) fn fill(
        &mut self,
        room: RoomId,
        log: &[Event],
        apply: &mut impl FnMut(&Event, Option<&Named>),
    ) {
        let Some(order) = self.rooms.get_mut(&room) else {
            return;
        };
        for event in log {
            if event.seq == order.head + 1 {
                order.head = event.seq;
                apply(event, None);
            }
        }
        order.end = order.end.max(order.head);
        order.go_on(apply);
    }

    /// A room's log ends at `end`, whatever was told of it, unless more went on meanwhile.
    pub(super) fn ends_here(&mut self, room: RoomId, end: Seq) {
        let order = self.rooms.get_mut(&room);
        if let Some(order) = order.filter(|order| order.head == end) {
            order.end = end;
            order.held.clear();
        }
    }

    /// A room is followed no longer.
    pub(super) fn forget(&mut self, room: RoomId) {
        self.rooms.remove(&room);
    }

    /// The rooms that are followed.
    pub(super) fn rooms(&self) -> Vec<RoomId> {
        self.rooms.keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use protocol::{EventKind, UserId};

    use super::*;

    fn room() -> RoomId {
        RoomId::new(1).unwrap()
    }

    fn event(seq: Seq) -> Event {
        Event {
            room: room(),
            seq,
            at: seq,
            by: UserId::new(1).unwrap(),
            kind: EventKind::Topic {
                text: String::new(),
            },
        }
    }

    /// What an offer is, and what went on with it: those with their names, and those without.
    fn offer(sequencer: &mut Sequencer, seq: Seq) -> (Offered, Vec<Seq>) {
        let mut went = Vec::new();
        let offered = sequencer.offer(&event(seq), &Named::default(), &mut |event, named| {
            assert!(named.is_some());
            went.push(event.seq);
        });
        (offered, went)
    }

    #[test]
    fn only_the_next_entry_goes_on() {
        let mut sequencer = Sequencer::default();
        assert_eq!(offer(&mut sequencer, 6), (Offered::Unheard, vec![]));
        assert_eq!(sequencer.follow(room(), 5), 5);
        assert_eq!(offer(&mut sequencer, 5), (Offered::Old, vec![]));
        assert_eq!(offer(&mut sequencer, 6), (Offered::Next, vec![6]));
        assert_eq!(offer(&mut sequencer, 6), (Offered::Old, vec![]));
        assert_eq!(offer(&mut sequencer, 9), (Offered::Held, vec![]));
        assert_eq!(offer(&mut sequencer, 8), (Offered::Held, vec![]));
        assert_eq!(sequencer.missing(room()), Some(6));
        assert_eq!(offer(&mut sequencer, 7), (Offered::Next, vec![7, 8, 9]));
        assert_eq!(sequencer.missing(room()), None);
        assert_eq!(sequencer.follow(room(), 5), 9, "it is followed already");
        sequencer.forget(room());
        assert_eq!(offer(&mut sequencer, 10), (Offered::Unheard, vec![]));
    }

    #[test]
    fn what_is_missing_is_filled_once() {
        let mut sequencer = Sequencer::default();
        sequencer.follow(room(), 5);
        assert!(!sequencer.ends_at(room(), 5));
        offer(&mut sequencer, 9);
        assert!(sequencer.ends_at(room(), 8));
        let mut went = Vec::new();
        let log: Vec<Event> = (5..=8).map(event).collect();
        let mut apply = |event: &Event, named: Option<&Named>| {
            went.push((event.seq, named.is_some()));
        };
        sequencer.fill(room(), &log, &mut apply);
        sequencer.fill(room(), &log, &mut apply);
        assert_eq!(went, [(6, false), (7, false), (8, false), (9, true)]);
        assert_eq!(sequencer.head(room()), Some(9));
        // A page that does not begin where it should is nothing.
        sequencer.fill(room(), &[event(11)], &mut |_, _| panic!("a hole"));
        assert!(sequencer.ends_at(room(), 12));
        assert_eq!(sequencer.missing(room()), Some(9));
        // There is no more than that.
        offer(&mut sequencer, 14);
        sequencer.ends_here(room(), 9);
        assert_eq!(sequencer.missing(room()), None);
        assert_eq!(offer(&mut sequencer, 10), (Offered::Next, vec![10]));
    }

    #[test]
    fn no_more_is_held_than_this() {
        let mut sequencer = Sequencer::default();
        sequencer.follow(room(), 0);
        let many = MAX_HELD as u64 + 100;
        for seq in 2..=many {
            assert_eq!(offer(&mut sequencer, seq).0, Offered::Held);
        }
        assert_eq!(offer(&mut sequencer, 1).1.len(), MAX_HELD + 1);
        assert_eq!(sequencer.missing(room()), Some(MAX_HELD as u64 + 1));
    }
}
