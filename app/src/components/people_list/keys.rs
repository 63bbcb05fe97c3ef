//! Keys of the people list: the arrows, Home, End and letters walk its rows.

use leptos::{ev::KeyboardEvent, prelude::*};
use protocol::UserId;

use super::{PeopleList, drawn::STEP, person::row_id};

/// What a key does in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListStep {
    /// Nothing: it is left to the browser.
    Ignored,
    /// It goes to the row at this place, if there is one.
    To(Option<usize>),
}

/// What a key does at the row `at` of `count`. A letter goes to the next person whose name begins with it; `begins` tells which do.
fn list_step(key: &str, at: usize, count: usize, begins: impl Fn(usize, &str) -> bool) -> ListStep {
    let last = count.checked_sub(1);
    ListStep::To(match key {
        "ArrowDown" => Some(at + 1).filter(|to| *to < count),
        "ArrowUp" => at.checked_sub(1),
        "PageDown" => last.map(|last| last.min(at + STEP)),
        "PageUp" => Some(at.saturating_sub(STEP)).filter(|to| *to < count),
        "Home" => last.map(|_| 0),
        "End" => last,
        letter => {
            if letter == " " || letter.chars().nth(1).is_some() {
                return ListStep::Ignored;
            }
            let letter = letter.to_lowercase();
            (at + 1..count).chain(0..at).find(|at| begins(*at, &letter))
        }
    })
}

impl PeopleList {
    /// Goes to the row that a key leads to.
    pub(super) fn press(self, event: &KeyboardEvent) {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let all: Vec<UserId> = self
            .groups
            .with_untracked(|groups| groups.iter().flat_map(|(_, ids, _)| ids.clone()).collect());
        let active = self.stop.get_untracked();
        let at = all.iter().position(|id| id.get() == active).unwrap_or(0);
        let begins = |at: usize, letter: &str| {
            all.get(at).is_some_and(|id| {
                let person = self.live.people().person(*id);
                person.with_untracked(|one| one.name.to_lowercase().starts_with(letter))
            })
        };
        let ListStep::To(to) = list_step(&event.key(), at, all.len(), begins) else {
            return;
        };
        event.prevent_default();
        if let Some(&id) = to.and_then(|at| all.get(at)) {
            self.active.set(id.get());
            self.live.ui().browser(|browser| browser.focus(&row_id(id)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["ada", "ben", "bo", "cy"];

    fn step(key: &str, at: usize) -> ListStep {
        list_step(key, at, NAMES.len(), |at, letter| {
            NAMES[at].starts_with(letter)
        })
    }

    #[test]
    fn arrows_walk_and_end_at_the_ends() {
        assert_eq!(step("ArrowDown", 0), ListStep::To(Some(1)));
        assert_eq!(step("ArrowDown", 3), ListStep::To(None));
        assert_eq!(step("ArrowUp", 1), ListStep::To(Some(0)));
        assert_eq!(step("ArrowUp", 0), ListStep::To(None));
        assert_eq!(step("PageDown", 1), ListStep::To(Some(3)));
        assert_eq!(step("PageUp", 3), ListStep::To(Some(0)));
        assert_eq!(step("Home", 2), ListStep::To(Some(0)));
        assert_eq!(step("End", 2), ListStep::To(Some(3)));
    }

    #[test]
    fn letters_go_round_the_names() {
        assert_eq!(step("B", 0), ListStep::To(Some(1)));
        assert_eq!(step("b", 1), ListStep::To(Some(2)));
        assert_eq!(step("b", 2), ListStep::To(Some(1)));
        assert_eq!(step("x", 0), ListStep::To(None));
    }

    #[test]
    fn other_keys_are_left_to_the_browser() {
        for key in ["Tab", " ", "Enter", "F6"] {
            assert_eq!(step(key, 0), ListStep::Ignored);
        }
    }

    #[test]
    fn an_empty_list_has_no_row_to_go_to() {
        for key in [
            "ArrowDown",
            "ArrowUp",
            "PageDown",
            "PageUp",
            "Home",
            "End",
            "a",
        ] {
            let to = list_step(key, 0, 0, |_, _| true);
            assert_eq!(to, ListStep::To(None));
        }
    }
}
