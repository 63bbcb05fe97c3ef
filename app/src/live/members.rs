//! The people of the open room.

use leptos::prelude::*;
use protocol::{PresenceState, RoomId, RoomKind, UserId};

use super::{Live, people::Person};
use crate::boot::Hub;

/// The id of the link that leads back from the people, where they are not beside their room.
pub(crate) const BACK: &str = "people-back";
/// The id of the link that leads to the people.
pub(crate) const WAY: &str = "people-link";

/// Who is in the open room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Members {
    /// The room; none is open yet, or its people are not known yet.
    pub(crate) room: Option<RoomId>,
    /// Its people.
    pub(crate) ids: Vec<UserId>,
}

impl Members {
    /// Those who came with the page.
    pub(crate) fn of(hub: &Hub) -> Self {
        hub.open.as_ref().map_or_else(Self::default, |open| Self {
            room: Some(open.id()),
            ids: open.members.iter().map(|user| user.id).collect(),
        })
    }
}

/// Members who are in the same state, by name.
pub(crate) type Group = (PresenceState, Vec<Person>);

/// Online, away, offline; nobody stands in a group that is empty. Names sort without regard to case.
pub(crate) fn grouped(people: Vec<Person>) -> Vec<Group> {
    let mut people: Vec<_> = people
        .into_iter()
        .map(|person| (person.name.to_lowercase(), person))
        .collect();
    people.sort_by(|(one, a), (other, b)| one.cmp(other).then(a.id.cmp(&b.id)));
    let states = [
        PresenceState::Online,
        PresenceState::Away,
        PresenceState::Offline,
    ];
    let group = |state| -> Group {
        (
            state,
            people
                .iter()
                .filter(|(_, one)| one.state == state)
                .map(|(_, one)| one.clone())
                .collect(),
        )
    };
    states
        .into_iter()
        .map(group)
        .filter(|(_, people)| !people.is_empty())
        .collect()
}

impl Live {
    /// The open room's people as they are now; drawn again when one comes or goes.
    pub(crate) fn member_groups(self) -> Vec<Group> {
        self.people().presence.track();
        self.people().version.track();
        let ids = self.members().with(|members| members.ids.clone());
        grouped(
            ids.into_iter()
                .map(|id| self.people().person(id).get_untracked())
                .collect(),
        )
    }

    /// Asks who is in a room.
    pub(crate) fn load_members(self, room: RoomId) {
        let open = self.open().get_untracked();
        if let Some(open) = open.filter(|open| {
            open.id == room && open.kind == RoomKind::Direct && !open.users.is_empty()
        }) {
            self.members().set(Members {
                room: Some(room),
                ids: open.users,
            });
            return;
        }
        self.all_members(room, None, Vec::new());
    }

    fn all_members(self, room: RoomId, cursor: Option<String>, before: Vec<UserId>) {
        // Ten pages are a thousand people; whoever needs more finds them by name.
        const MOST: usize = 2_000;
        let cursor = cursor.map_or_else(String::new, |cursor| {
            format!("?cursor={}", crate::route::encode(&cursor))
        });
        self.get(
            &format!("/rooms/{room}/members{cursor}"),
            move |answer: Result<protocol::Users, _>| {
                let Ok(page) = answer else { return };
                let mut ids = before;
                ids.extend(page.users.iter().map(|user| user.id));
                self.learn(page.users);
                match page.next {
                    Some(next) if ids.len() < MOST => self.all_members(room, Some(next), ids),
                    _ if self.route().get_untracked().room() == Some(room) => {
                        self.members().set(Members {
                            room: Some(room),
                            ids,
                        });
                    }
                    _ => {}
                }
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use protocol::Role;

    use super::*;

    #[test]
    fn groups_are_sorted_and_never_empty() {
        let person = |id, name: &str, state| Person {
            id: UserId::new(id).unwrap(),
            name: name.to_owned(),
            handle: name.to_owned(),
            role: Role::Member,
            state,
        };
        let groups = grouped(vec![
            person(1, "wren", PresenceState::Online),
            person(2, "Ada", PresenceState::Online),
            person(3, "Tomás", PresenceState::Offline),
        ]);
        let names: Vec<Vec<&str>> = groups
            .iter()
            .map(|(_, g)| g.iter().map(|p| p.name.as_str()).collect())
            .collect();
        assert_eq!(names, [vec!["Ada", "wren"], vec!["Tomás"]]);
        assert_eq!(groups[1].0, PresenceState::Offline);
    }
}
