//! The people with a live session on this node: their sessions, their rooms, and the state that others were told.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use protocol::{PresenceState, RoomId, UserId};

use super::{LiveSession, Mailbox, lock};

/// Rooms of a person, in order: a handful nearly always, for which a tree would take three times as much memory.
#[derive(Default)]
pub(super) struct PersonRooms(Box<[RoomId]>);

impl PersonRooms {
    pub(super) fn add(&mut self, rooms: impl Iterator<Item = RoomId>) {
        let mut all: Vec<RoomId> = self.0.iter().copied().chain(rooms).collect();
        all.sort_unstable();
        all.dedup();
        self.0 = all.into();
    }

    pub(super) fn remove(&mut self, room: RoomId) {
        self.0 = self.0.iter().copied().filter(|one| *one != room).collect();
    }
}

/// A user with live sessions.
#[derive(Default)]
pub(super) struct Person {
    pub(super) sessions: Vec<Arc<LiveSession>>,
    pub(super) rooms: PersonRooms,
    /// Grows with each membership that is heard of.
    pub(super) changes: u64,
    told: PresenceState,
}

/// Live sessions of this node: with a connection and at the page, with one and away, without one for now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Census {
    /// At the page.
    pub(crate) online: u64,
    /// Away from it.
    pub(crate) away: u64,
    /// Their connection is lost, their place is kept.
    pub(crate) offline: u64,
}

impl Person {
    pub(super) fn mailboxes(&self) -> impl Iterator<Item = Arc<Mailbox>> {
        self.sessions.iter().filter_map(|session| session.mailbox())
    }

    fn state(&self) -> PresenceState {
        if self.sessions.is_empty() {
            PresenceState::Offline
        } else if self.sessions.iter().all(|session| session.is_away()) {
            PresenceState::Away
        } else {
            PresenceState::Online
        }
    }
}

/// The people who are connected to this node.
#[derive(Default)]
pub(crate) struct ConnectedPeople {
    /// In order, as everything here that is walked through: the same life must give the same trace in any process.
    all: Mutex<BTreeMap<UserId, Person>>,
}

impl ConnectedPeople {
    /// Does something with a person, if they are here.
    pub(super) fn with<T>(&self, user: UserId, act: impl FnOnce(&mut Person) -> T) -> Option<T> {
        lock(&self.all).get_mut(&user).map(act)
    }

    /// Does something with a person, who is here from now on.
    pub(super) fn enter<T>(&self, user: UserId, act: impl FnOnce(&mut Person) -> T) -> T {
        act(lock(&self.all).entry(user).or_default())
    }

    /// Notes the state of a person: the new one, and the rooms whose people are to be told of it, none if it is as it was told. A person
    /// without a session is forgotten.
    pub(super) fn settle_state(&self, user: UserId) -> Option<(PresenceState, Vec<RoomId>)> {
        let mut people = lock(&self.all);
        let person = people.get_mut(&user)?;
        let state = person.state();
        let changed = state != person.told;
        person.told = state;
        let rooms = if changed {
            person.rooms.0.to_vec()
        } else {
            Vec::new()
        };
        if state == PresenceState::Offline {
            people.remove(&user);
        }
        Some((state, rooms))
    }

    /// Whether somebody is here.
    pub(crate) fn has(&self, user: UserId) -> bool {
        lock(&self.all).contains_key(&user)
    }

    /// Who is here, in order.
    pub(crate) fn users(&self) -> Vec<UserId> {
        lock(&self.all).keys().copied().collect()
    }

    /// A number that grows with each membership of a person that is heard of; none if they are not here.
    pub(crate) fn changes_of(&self, user: UserId) -> Option<u64> {
        self.with(user, |person| person.changes)
    }

    /// The connections of a user.
    pub(crate) fn mailboxes_of(&self, user: UserId) -> Vec<Arc<Mailbox>> {
        self.with(user, |person| person.mailboxes().collect())
            .unwrap_or_default()
    }

    /// Every connection of this node.
    pub(crate) fn mailboxes(&self) -> Vec<Arc<Mailbox>> {
        lock(&self.all)
            .values()
            .flat_map(Person::mailboxes)
            .collect()
    }

    /// Every session of this node.
    pub(super) fn sessions(&self) -> Vec<Arc<LiveSession>> {
        lock(&self.all)
            .values()
            .flat_map(|person| person.sessions.clone())
            .collect()
    }

    /// How many people.
    pub(crate) fn count(&self) -> usize {
        lock(&self.all).len()
    }

    /// Sessions by state.
    pub(crate) fn census(&self) -> Census {
        let mut census = Census::default();
        for session in self.sessions() {
            if session.mailbox().is_none() {
                census.offline += 1;
            } else if session.is_away() {
                census.away += 1;
            } else {
                census.online += 1;
            }
        }
        census
    }

    /// The state of a user.
    pub(crate) fn state_of(&self, user: UserId) -> PresenceState {
        lock(&self.all)
            .get(&user)
            .map_or(PresenceState::Offline, Person::state)
    }

    /// The states of these users.
    pub(crate) fn states_of(
        &self,
        users: impl Iterator<Item = UserId>,
    ) -> BTreeMap<UserId, PresenceState> {
        let people = lock(&self.all);
        let state = |user| {
            people
                .get(&user)
                .map_or(PresenceState::Offline, Person::state)
        };
        users.map(|user| (user, state(user))).collect()
    }
}
