//! The people that a session knows of, and whether they are here.

use protocol::{PresenceState, UserId, UserSummary};
use text::{handle_key, mentions};

use crate::sorted::{SortedMap, SortedSet};

/// Most people that are asked about in a session's life: the driver's answers are HTTP requests.
const MAX_ASKED: usize = 10_000;

/// Who one is, and who the others are.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    me: Option<UserSummary>,
    users: SortedMap<UserId, UserSummary>,
    states: SortedMap<UserId, PresenceState>,
    /// The keys of names, so that a longer name is not taken for a shorter one's mention.
    names: SortedSet<String>,
    asked: SortedSet<UserId>,
    most: usize,
}

impl People {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    pub(crate) const fn me(&self) -> Option<&UserSummary> {
        self.me.as_ref()
    }

    pub(crate) fn my_id(&self) -> Option<UserId> {
        self.me.as_ref().map(|me| me.id)
    }

    pub(crate) fn is_me(&self, user: UserId) -> bool {
        self.my_id() == Some(user)
    }

    pub(crate) fn set_me(&mut self, me: UserSummary) {
        self.me = Some(me);
    }

    pub(crate) fn get(&self, user: UserId) -> Option<&UserSummary> {
        self.me
            .as_ref()
            .filter(|me| me.id == user)
            .or_else(|| self.users.get(&user))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &UserSummary> {
        self.users.values()
    }

    pub(crate) fn state(&self, user: UserId) -> PresenceState {
        self.states.get(&user).copied().unwrap_or_default()
    }

    /// Takes somebody in, with their state where it is told.
    pub(crate) fn learn(&mut self, user: UserSummary) {
        if let Some(state) = user.state {
            self.states.insert(user.id, state);
        }
        if self.users.len() >= self.most && !self.users.contains_key(&user.id) {
            return;
        }
        let name = handle_key(&user.name);
        if let Some(before) = self.users.insert(user.id, user)
            && handle_key(&before.name) != name
        {
            self.names.remove(&handle_key(&before.name));
        }
        self.names.insert(name);
    }

    /// Takes these people in.
    pub(crate) fn learn_all(&mut self, users: Vec<UserSummary>) {
        for user in users {
            self.learn(user);
        }
    }

    /// Somebody is called otherwise. Whether it is this user.
    pub(crate) fn change(&mut self, user: UserSummary) -> bool {
        let me = self.is_me(user.id);
        if me {
            self.me = Some(user.clone());
        }
        self.learn(user);
        me
    }

    /// Nobody is here until it is told: a welcome lists all who are.
    pub(crate) fn nobody_is_here(&mut self) {
        self.states.clear();
    }

    /// Somebody came, left or stepped away. Whether that is news.
    pub(crate) fn set_state(&mut self, user: UserId, state: PresenceState) -> bool {
        let before = if state == PresenceState::Offline {
            self.states.remove(&user)
        } else {
            self.states.insert(user, state)
        };
        before.unwrap_or_default() != state
    }

    /// Whether somebody is to be asked about. Told once a person.
    pub(crate) fn ask_about(&mut self, user: UserId) -> bool {
        self.get(user).is_none()
            && self.users.len() < self.most
            && self.asked.len() < MAX_ASKED
            && self.asked.insert(user)
    }

    /// Whether a text of this author names this user or everybody.
    pub(crate) fn names_me(&self, by: UserId, text: &str) -> bool {
        let Some(me) = self.me.as_ref().filter(|me| me.id != by) else {
            return false;
        };
        mentions(text, &me.name, |key| self.names.contains(&key.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: u64, name: &str, state: Option<PresenceState>) -> UserSummary {
        let id = UserId::new(id).unwrap();
        UserSummary {
            state,
            ..UserSummary::new(id, name.to_owned(), name.to_owned())
        }
    }

    #[test]
    fn a_longer_name_is_not_mine() {
        let mut people = People::new(10);
        people.set_me(user(1, "ada", None));
        let other = UserId::new(2).unwrap();
        assert!(people.names_me(other, "hi @Ada") && people.names_me(other, "@here"));
        assert!(!people.names_me(UserId::new(1).unwrap(), "@here and @ada"));
        people.set_me(user(1, "林晓", None));
        assert!(people.names_me(other, "@林晓雨你好"));
        people.learn(user(3, "林晓雨", None));
        assert!(!people.names_me(other, "@林晓雨你好"));
        people.learn(user(3, "周明", None));
        assert!(people.names_me(other, "@林晓雨你好"));
    }

    #[test]
    fn who_is_here() {
        let mut people = People::new(10);
        people.learn(user(2, "bo", Some(PresenceState::Online)));
        let bo = UserId::new(2).unwrap();
        assert!(!people.set_state(bo, PresenceState::Online));
        assert!(people.set_state(bo, PresenceState::Away));
        assert!(people.set_state(bo, PresenceState::Offline));
        assert!(!people.set_state(bo, PresenceState::Offline));
        people.set_state(bo, PresenceState::Online);
        people.nobody_is_here();
        assert_eq!(people.state(bo), PresenceState::Offline);
    }

    #[test]
    fn people_are_bounded_and_asked_about_once() {
        let mut people = People::new(1);
        let bo = UserId::new(2).unwrap();
        assert!(people.ask_about(bo) && !people.ask_about(bo));
        people.learn(user(2, "bo", None));
        people.learn(user(3, "cy", None));
        assert!(people.get(bo).is_some() && people.get(UserId::new(3).unwrap()).is_none());
        assert!(!people.ask_about(UserId::new(3).unwrap()));
    }
}
