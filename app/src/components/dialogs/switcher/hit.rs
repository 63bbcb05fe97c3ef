//! Hits of the switcher: the rooms and people that fit what is typed.

use leptos::prelude::*;
use protocol::{RoomKind, RoomSummary};

use crate::{
    live::{Live, people::ShownPerson},
    ranking::{Names, best, room_names},
};

/// Something to go to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Hit {
    Room(RoomSummary),
    Person(ShownPerson),
}

impl Hit {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Room(room) => &room.name,
            Self::Person(person) => &person.name,
        }
    }

    /// Its name in Latin letters; empty where it has none.
    pub(super) fn latin(&self) -> &str {
        match self {
            Self::Room(room) => room.latin.as_deref().unwrap_or_default(),
            Self::Person(person) => &person.latin,
        }
    }

    /// All that it is called.
    fn names(&self) -> Names {
        match self {
            Self::Room(room) => room_names(room),
            Self::Person(person) => person.names(),
        }
    }
}

/// All rooms that one may go to: one's own, then those of `others` that are not among them. A direct room of two is found by its person.
fn room_hits(own: &[RoomSummary], others: &[RoomSummary]) -> Vec<Hit> {
    let mine = own
        .iter()
        .filter(|room| room.kind != RoomKind::Direct || room.users.len() > 2);
    let others = others
        .iter()
        .filter(|other| own.iter().all(|room| room.id != other.id));
    mine.chain(others).cloned().map(Hit::Room).collect()
}

/// What fits: the rooms, then the people.
pub(super) fn hits(live: Live, others: &[RoomSummary], what: &str) -> Vec<Hit> {
    let what = what.trim().trim_start_matches(['#', '@']);
    let me = live.me().with(|me| me.id);
    live.people().version.track();
    let rooms = live.rooms().with(|rooms| room_hits(rooms, others));
    let people = live
        .people()
        .all()
        .into_iter()
        .filter(|person| person.id != me)
        .map(Hit::Person)
        .collect();
    let hits = |all: Vec<Hit>| {
        let names: Vec<_> = all.iter().map(Hit::names).collect();
        let best = best(&names, what, |names| live.driver().in_order(names));
        best.into_iter().filter_map(move |at| all.get(at).cloned())
    };
    let rooms = hits(rooms).collect::<Vec<_>>();
    rooms.into_iter().chain(hits(people)).collect()
}

#[cfg(test)]
mod tests {
    use protocol::{RoomId, UserId};

    use super::*;

    #[test]
    fn a_direct_room_of_two_is_found_by_its_person() {
        let room = |id, kind, users: u64| RoomSummary {
            users: (1..=users).filter_map(UserId::new).collect(),
            ..RoomSummary::new(RoomId::new(id).unwrap(), kind, format!("room {id}"))
        };
        let own = [
            room(1, RoomKind::Public, 0),
            room(2, RoomKind::Direct, 2),
            room(3, RoomKind::Direct, 3),
        ];
        // One's own room is not offered twice.
        let others = [room(1, RoomKind::Public, 0), room(4, RoomKind::Public, 0)];
        let hits = room_hits(&own, &others);
        let names: Vec<&str> = hits.iter().map(Hit::name).collect();
        assert_eq!(names, ["room 1", "room 3", "room 4"]);
    }
}
