//! Everybody who is known, each a signal of their own: somebody who comes or goes redraws nothing but themselves.

use std::collections::{HashMap, HashSet};

use leptos::prelude::*;
use protocol::{PresenceState, UserId, UserSummary};
use text::{HERE, handle_key};

use crate::{ranking::Names, text::Mentioned};

/// Somebody, as they are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShownPerson {
    /// The user.
    pub(crate) id: UserId,
    /// What is shown. Until somebody is known by name, their number.
    pub(crate) name: String,
    /// What `@` names; empty until it is known.
    pub(crate) handle: String,
    /// Their name in Latin letters, where it has Han characters; else empty.
    pub(crate) latin: String,
    /// The time zone that they show, by its IANA name.
    pub(crate) tz: Option<String>,
    /// What they may do.
    pub(crate) role: protocol::Role,
    /// Whether they are here.
    pub(crate) state: PresenceState,
}

impl ShownPerson {
    fn unknown(id: UserId) -> Self {
        Self {
            id,
            name: format!("…{id}"),
            handle: String::new(),
            latin: String::new(),
            tz: None,
            role: protocol::Role::Member,
            state: PresenceState::Offline,
        }
    }

    /// All that they are called.
    pub(crate) fn names(&self) -> Names {
        [self.name.clone(), self.handle.clone(), self.latin.clone()]
    }

    /// From what is told of them.
    pub(crate) fn of(user: &UserSummary, state: PresenceState) -> Self {
        Self {
            id: user.id,
            name: user.display_name.clone(),
            handle: user.name.clone(),
            latin: user.latin.clone().unwrap_or_default(),
            tz: user.tz.clone(),
            role: user.role,
            state,
        }
    }
}

/// The people that the page knows: names, presence and right of each, as signals.
#[derive(Clone, Copy)]
pub(crate) struct KnownPeople {
    known: StoredValue<HashMap<UserId, ArcRwSignal<ShownPerson>>>,
    names: StoredValue<HashSet<String>>,
    /// Who was drawn and is not known.
    unknown: StoredValue<Vec<UserId>>,
    /// Grows when somebody new is known, or changed their name: what is drawn from names is drawn again.
    pub(crate) version: RwSignal<u32>,
    /// Grows when somebody came or went.
    pub(crate) presence: RwSignal<u32>,
}

impl KnownPeople {
    /// Those who are known from the start.
    pub(crate) fn new(me: &UserSummary, users: &[UserSummary]) -> Self {
        let people = Self {
            known: StoredValue::new(HashMap::new()),
            names: StoredValue::new(HashSet::new()),
            unknown: StoredValue::new(Vec::new()),
            version: RwSignal::new(0),
            presence: RwSignal::new(0),
        };
        for user in users {
            people.learn(user, user.state.unwrap_or_default());
        }
        // Whoever looks at the page is here.
        people.learn(me, PresenceState::Online);
        people
    }

    /// Takes in what is known of somebody. Whoever is as before costs nothing.
    pub(crate) fn learn(self, user: &UserSummary, state: PresenceState) {
        let known = self.known.with_value(|known| known.get(&user.id).cloned());
        let Some(signal) = known else {
            self.names.update_value(|names| {
                names.insert(handle_key(&user.name));
            });
            self.known.update_value(|known| {
                known.insert(user.id, ArcRwSignal::new(ShownPerson::of(user, state)));
            });
            grow(self.version);
            grow(self.presence);
            return;
        };
        let (same, renamed, moved) = signal.with_untracked(|before| {
            let renamed = before.name != user.display_name || before.handle != user.name;
            let moved = before.state != state;
            (
                !renamed && !moved && before.role == user.role && before.tz == user.tz,
                renamed,
                moved,
            )
        });
        if same {
            return;
        }
        signal.set(ShownPerson::of(user, state));
        if renamed {
            self.names.update_value(|names| {
                names.insert(handle_key(&user.name));
            });
            grow(self.version);
        }
        if moved {
            grow(self.presence);
        }
    }

    /// Somebody, as a signal.
    pub(crate) fn person(self, id: UserId) -> ArcRwSignal<ShownPerson> {
        if let Some(signal) = self.known.with_value(|known| known.get(&id).cloned()) {
            return signal;
        }
        let signal = ArcRwSignal::new(ShownPerson::unknown(id));
        self.known.update_value(|known| {
            known.insert(id, signal.clone());
        });
        self.unknown.update_value(|unknown| unknown.push(id));
        signal
    }

    /// Who was drawn since this was asked last, and was not known then.
    pub(super) fn take_unknown(self) -> Vec<UserId> {
        let mut unknown = Vec::new();
        self.unknown
            .update_value(|all| unknown = std::mem::take(all));
        unknown.retain(|&id| !self.is_known(id));
        unknown
    }

    /// Whether somebody is known by name.
    pub(super) fn is_known(self, id: UserId) -> bool {
        self.known.with_value(|known| {
            known
                .get(&id)
                .is_some_and(|person| person.with_untracked(|one| !one.handle.is_empty()))
        })
    }

    /// Whether somebody was here when it was last known.
    pub(crate) fn state(self, user: &UserSummary) -> PresenceState {
        let known = self.known.with_value(|known| {
            known
                .get(&user.id)
                .map(|person| person.with_untracked(|one| one.state))
        });
        known.or(user.state).unwrap_or_default()
    }

    /// What is shown for somebody, now.
    pub(crate) fn name(self, id: UserId) -> String {
        self.person(id).with_untracked(|person| person.name.clone())
    }

    /// Everybody, as they are now.
    pub(crate) fn all(self) -> Vec<ShownPerson> {
        self.known.with_value(|known| {
            known
                .values()
                .map(ArcRwSignal::get_untracked)
                .filter(|one| !one.handle.is_empty())
                .collect()
        })
    }

    /// Whom the key of a name after `@` means ([`handle_key`]).
    pub(crate) fn named(self, key: &str, me: &str) -> Option<Mentioned> {
        if key == HERE || key == me {
            return Some(Mentioned::Me);
        }
        self.names
            .with_value(|names| names.contains(key))
            .then_some(Mentioned::Other)
    }
}

fn grow(version: RwSignal<u32>) {
    version.update(|version| *version = version.wrapping_add(1));
}
