//! Presence, as others see it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use protocol::{PresenceState, RoomId, UserId};

use super::{Hub, Lane, LiveSession, Mailbox, lock, mailbox::Told};
use crate::bus::{Note, Tell as _};

/// Rooms with more connections than this are told neither presence nor typing: in a room of ten thousand each coming
/// and going would be ten thousand frames. The member list has the states.
pub const PRESENCE_MEMBERS: usize = 256;

/// The connections in a room of no more than [`PRESENCE_MEMBERS`]; none in a larger one.
pub(super) fn small_audience(lane: &Lane) -> Vec<Arc<Mailbox>> {
    let mut mailboxes = lane.subscribers().mailboxes(PRESENCE_MEMBERS + 1);
    if mailboxes.len() > PRESENCE_MEMBERS {
        mailboxes.clear();
    }
    mailboxes
}

/// Rooms of a person, in order: a handful nearly always, for which a tree would take three times as much memory.
#[derive(Default)]
pub(super) struct Rooms(Box<[RoomId]>);

impl Rooms {
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
pub struct Person {
    pub(super) sessions: Vec<Arc<LiveSession>>,
    pub(super) rooms: Rooms,
    told: PresenceState,
}

/// Live sessions of this node: with a connection and at the page, with one and away, without one for now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// At the page.
    pub online: u64,
    /// Away from it.
    pub away: u64,
    /// Their connection is lost, their place is kept.
    pub offline: u64,
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

impl Hub {
    /// Tells the people who share a room with `user` its state, if it changed; forgets users that are gone.
    pub(super) fn tell_presence(&self, user: UserId) {
        let (state, rooms) = {
            let mut people = lock(&self.people);
            let Some(person) = people.get_mut(&user) else {
                return;
            };
            let state = person.state();
            let changed = state != person.told;
            person.told = state;
            let rooms: Vec<RoomId> = if changed {
                person.rooms.0.to_vec()
            } else {
                Vec::new()
            };
            if state == PresenceState::Offline {
                people.remove(&user);
            }
            (state, rooms)
        };
        if !rooms.is_empty() {
            let rooms = &rooms;
            self.tell(&Note::Presence { user, state, rooms });
        }
    }

    /// Shows somebody's state to the connections that are in one of these rooms.
    pub(super) fn show_presence(&self, user: UserId, state: PresenceState, rooms: &[RoomId]) {
        let (mut told, mut late) = (BTreeSet::new(), Vec::new());
        let now = self.clock.mono_ms();
        for room in rooms {
            let lane = lock(&self.lanes).get(room).cloned();
            let Some(lane) = lane else { continue };
            for mailbox in small_audience(&lane) {
                if mailbox.user() != user
                    && told.insert(mailbox.id())
                    && mailbox.presence(user, state, now) == Told::Late
                {
                    late.push(mailbox);
                }
            }
        }
        if !late.is_empty() {
            lock(&self.late).append(&mut late);
        }
    }

    /// Those who were not told at once are told now.
    pub(super) fn tell_late(&self) {
        let late = std::mem::take(&mut *lock(&self.late));
        for mailbox in late {
            mailbox.wake();
        }
    }

    /// People with a live session on this node.
    pub fn people_here(&self) -> usize {
        lock(&self.people).len()
    }

    /// Sessions by state.
    pub fn census(&self) -> Census {
        let mut census = Census::default();
        for session in lock(&self.people)
            .values()
            .flat_map(|person| &person.sessions)
        {
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
    pub fn state_of(&self, user: UserId) -> PresenceState {
        lock(&self.people)
            .get(&user)
            .map_or(PresenceState::Offline, Person::state)
    }

    /// The states of these users.
    pub fn states_of(
        &self,
        users: impl Iterator<Item = UserId>,
    ) -> BTreeMap<UserId, PresenceState> {
        let people = lock(&self.people);
        users
            .map(|user| {
                (
                    user,
                    people
                        .get(&user)
                        .map_or(PresenceState::Offline, Person::state),
                )
            })
            .collect()
    }

    /// At most `most` people who are online in these rooms.
    pub fn online_in(&self, rooms: impl Iterator<Item = RoomId>, most: usize) -> Vec<UserId> {
        let mut found = BTreeSet::new();
        for room in rooms {
            let lane = lock(&self.lanes).get(&room).cloned();
            let Some(lane) = lane else { continue };
            found.extend(
                lane.subscribers()
                    .mailboxes(most)
                    .iter()
                    .map(|mailbox| mailbox.user()),
            );
            if found.len() >= most {
                break;
            }
        }
        found.into_iter().take(most).collect()
    }
}
