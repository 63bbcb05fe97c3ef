//! Whom a text calls, before it is sent: a display name is sent as its handle, and a name that is nobody's is told.

use leptos::prelude::*;
use text::{calls, handle_key};

use super::{
    compose::{Composer, FIELD},
    drive::set_if_new,
    people::ShownPerson,
};

/// How long one pauses before it is looked whom a text calls, in milliseconds.
const PAUSE_MS: u64 = 400;

/// The end of the longest of `people`'s display names that `rest` begins with, and its handle. None where two have the same.
fn display_name<'p>(rest: &str, people: &'p [ShownPerson]) -> Option<(usize, &'p str)> {
    let mut best: Option<(usize, &str)> = None;
    let mut twice = false;
    for person in people {
        let Some(end) = begins_with(rest, &handle_key(&person.name)) else {
            continue;
        };
        match best {
            Some((longest, _)) if end < longest => {}
            Some((longest, handle)) if end == longest => twice |= handle != person.handle,
            _ => (best, twice) = (Some((end, person.handle.as_str())), false),
        }
    }
    best.filter(|_| !twice)
}

/// Where `key` ends at the beginning of `rest`, if it is all of a word there.
fn begins_with(rest: &str, key: &str) -> Option<usize> {
    let mut left = key;
    for (at, c) in rest.char_indices() {
        if left.is_empty() {
            return (!c.is_alphanumeric()).then_some(at);
        }
        left = left.strip_prefix(&*handle_key(c.encode_utf8(&mut [0; 4])))?;
    }
    left.is_empty().then_some(rest.len())
}

/// A text as it is sent, and the first name in it that is nobody's.
fn called(
    text: &str,
    people: &[ShownPerson],
    is_known: impl Fn(&str) -> bool,
) -> (String, Option<String>) {
    let (mut out, mut done, mut nobody) = (String::with_capacity(text.len()), 0, None);
    for call in calls(text) {
        let Some(sign) = text
            .get(call.start()..)
            .and_then(|rest| rest.chars().next())
        else {
            continue;
        };
        let from = call.start() + sign.len_utf8();
        let rest = text.get(from..).unwrap_or_default();
        let known = call.resolve(|key| is_known(key).then_some(()));
        match display_name(rest, people) {
            Some((end, handle)) if known.is_none_or(|(known, ())| from + end > known) => {
                out.push_str(text.get(done..from).unwrap_or_default());
                out.push_str(handle);
                done = from + end;
            }
            _ if known.is_none() && nobody.is_none() => {
                let longest = call.keys().next().unwrap_or_default().chars().count();
                nobody = Some(rest.chars().take(longest).collect());
            }
            _ => {}
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    (out, nobody)
}

impl Composer {
    fn called(self, text: &str) -> (String, Option<String>) {
        let me = self.0.me().with_untracked(|me| handle_key(&me.name));
        called(text, &self.0.people().all(), |key| {
            self.0.people().named(key, &me).is_some()
        })
    }

    /// A text with handles in place of display names.
    pub(super) fn with_handles(self, text: &str) -> String {
        self.called(text).0
    }

    /// Looks, once one pauses, whether the text calls somebody who is nobody; the server may know them all the same.
    pub(super) fn look_whom(self) {
        let mine = self.0.compose().turn.get_value().wrapping_add(1);
        self.0.compose().turn.set_value(mine);
        let look = move || {
            if self.0.compose().turn.get_value() != mine {
                return;
            }
            let nobody = self
                .0
                .compose()
                .text
                .with_untracked(|text| self.called(text).1);
            let Some(name) = nobody else {
                set_if_new(self.0.compose().nobody, String::new());
                return;
            };
            let asked = self
                .0
                .compose()
                .asked
                .with_value(|asked| asked.contains(&name));
            if asked {
                return self.tell_nobody(name);
            }
            self.0
                .compose()
                .asked
                .update_value(|asked| asked.push(name.clone()));
            self.0.room_actions().find_people(&name.clone(), move |_| {
                if self.0.compose().turn.get_value() == mine {
                    let still = self
                        .0
                        .compose()
                        .text
                        .with_untracked(|text| self.called(text).1);
                    if still.as_ref() == Some(&name) {
                        self.tell_nobody(name);
                    }
                }
            });
        };
        if self
            .0
            .compose()
            .text
            .with_untracked(|text| text.contains(['@', '＠', '﹫']))
        {
            self.0
                .ui()
                .browser(|browser| browser.after(PAUSE_MS, Box::new(look)));
        } else {
            set_if_new(self.0.compose().nobody, String::new());
        }
    }

    fn tell_nobody(self, name: String) {
        set_if_new(self.0.compose().nobody, name);
    }

    /// The handle that may be meant by a name that is nobody's.
    pub(crate) fn meant(self, name: &str) -> Option<String> {
        let key = handle_key(name);
        let like = |person: &ShownPerson| {
            handle_key(&person.handle).starts_with(&key)
                || handle_key(&person.name).starts_with(&key)
        };
        let people = self.0.people().all().into_iter().filter(like);
        people
            .min_by(|one, other| one.name.cmp(&other.name))
            .map(|person| person.handle)
    }

    /// Puts the handle that is meant in place of the name that is nobody's.
    pub(crate) fn call_instead(self, name: &str, handle: &str) {
        let text = self
            .0
            .compose()
            .text
            .with_untracked(|text| text.replacen(name, handle, 1));
        self.write(&text);
        self.typed(text);
        self.0
            .ui()
            .browser(|browser| browser.focus(self.0.own(FIELD)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{PresenceState, Role, UserId};

    fn person(id: u64, name: &str, handle: &str) -> ShownPerson {
        ShownPerson {
            id: UserId::new(id).unwrap(),
            name: name.to_owned(),
            handle: handle.to_owned(),
            latin: String::new(),
            tz: None,
            role: Role::Member,
            state: PresenceState::Online,
        }
    }

    fn of(text: &str) -> (String, Option<String>) {
        let people = [
            person(1, "Ada Marlow", "Ada-Marlow"),
            person(2, "Ada", "ada2"),
            person(3, "José Núñez", "jose"),
            person(4, "Sam", "sam-one"),
            person(5, "Sam", "sam-two"),
            person(6, "林 晓雨", "lin"),
        ];
        let known = |key: &str| people.iter().any(|one| handle_key(&one.handle) == key);
        called(text, &people, known)
    }

    fn sent(text: &str) -> String {
        of(text).0
    }

    #[test]
    fn display_names_are_sent_as_handles() {
        assert_eq!(
            sent("hi @Ada Marlow, and @ada marlow!"),
            "hi @Ada-Marlow, and @Ada-Marlow!"
        );
        assert_eq!(sent("@Ada come"), "@ada2 come");
        assert_eq!(sent("@José Núñez"), "@jose");
        assert_eq!(sent("＠林 晓雨：早"), "＠lin：早");
        // Handles stay as they are, and so does all that calls nobody by intent.
        for same in [
            "@Ada-Marlow",
            "@ada2",
            "`@Ada Marlow`",
            "mail ada@Ada Marlow",
            "https://example.org/@Ada Marlow",
            "@Ada Marlowe",
        ] {
            if same == "@Ada Marlowe" {
                assert_eq!(sent(same), "@ada2 Marlowe");
            } else {
                assert_eq!(sent(same), same);
            }
        }
    }

    #[test]
    fn what_is_nobodys_is_told() {
        assert_eq!(of("@Ada Marlow and @bob").1.as_deref(), Some("bob"));
        assert_eq!(of("@Sam").1.as_deref(), Some("Sam"), "two have this name");
        for none in ["@ada2", "no sign", "@", "ada@bob", "`@bob`"] {
            assert_eq!(of(none).1, None, "{none}");
        }
    }
}
