//! The quick switcher: every room and person, a few letters away.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use protocol::{PresenceState, RoomKind, RoomSummary};

use crate::{
    components::avatar::{avatar_with, presence},
    i18n::Words,
    live::{Live, people::Person},
    text::lang_of,
    ui::icon,
};
use view::{Derived, Part, View, derived, many, tag};

const INPUT: &str = "switcher-input";
const FOUND: &str = "switcher-found";
const MAX_FOUND: usize = 8;

/// Something to go to.
#[derive(Clone, Debug, PartialEq)]
enum Hit {
    Room(RoomSummary),
    Person(Person),
}

impl Hit {
    fn name(&self) -> &str {
        match self {
            Self::Room(room) => &room.name,
            Self::Person(person) => &person.name,
        }
    }

    /// All that it is called.
    fn names(&self) -> [String; 2] {
        match self {
            Self::Room(room) => [room.name.clone(), String::new()],
            Self::Person(person) => [person.name.clone(), person.handle.clone()],
        }
    }
}

/// How well a name fits what was typed: at its start, at a word's start, anywhere. None when it does not.
fn rank(name: &str, what: &str) -> Option<u8> {
    let (name, what) = (name.to_lowercase(), what.to_lowercase());
    let at = name.find(&what)?;
    let word = name[..at]
        .chars()
        .next_back()
        .is_none_or(|c| !c.is_alphanumeric());
    Some(match (at, word) {
        (0, _) => 0,
        (_, true) => 1,
        _ => 2,
    })
}

/// The places of the best, at most eight: by how well any of their names fits, then in the order that `sorted` gives to the first ones.
fn best(all: &[[String; 2]], what: &str, sorted: impl Fn(&[String]) -> Vec<usize>) -> Vec<usize> {
    // Of so many that fit alike the first are sorted: one goes on typing.
    const MAX_SORTED: usize = 500;
    let mut best = Vec::new();
    for wanted in 0..=2 {
        let fits = |names: &[String; 2]| names.iter().filter_map(|name| rank(name, what)).min();
        let fit = (0..all.len()).filter(|at| fits(&all[*at]) == Some(wanted));
        let fit: Vec<usize> = fit.take(MAX_SORTED).collect();
        let names: Vec<String> = fit.iter().map(|at| all[*at][0].clone()).collect();
        best.extend(sorted(&names).into_iter().filter_map(|at| fit.get(at)));
        if best.len() >= MAX_FOUND {
            break;
        }
    }
    best.truncate(MAX_FOUND);
    best
}

/// Where `what` stands in `name`, for the mark. Letters whose lower case is longer than they are mark nothing.
fn hit_in<'n>(name: &'n str, what: &str) -> Option<(&'n str, &'n str, &'n str)> {
    let lower = name.to_lowercase();
    let at = lower
        .find(&what.to_lowercase())
        .filter(|_| !what.is_empty() && lower.len() == name.len())?;
    let end = at + what.len();
    Some((name.get(..at)?, name.get(at..end)?, name.get(end..)?))
}

fn hits(live: Live, others: &[RoomSummary], what: &str) -> Vec<Hit> {
    let what = what.trim().trim_start_matches(['#', '@']);
    let me = live.me().with(|me| me.id);
    live.people().version.track();
    let rooms: Vec<Hit> = live.rooms().with(|rooms| {
        let mine = rooms
            .iter()
            .filter(|room| room.kind != RoomKind::Direct || room.users.len() > 2);
        let others = others
            .iter()
            .filter(|other| rooms.iter().all(|room| room.id != other.id));
        mine.chain(others).cloned().map(Hit::Room).collect()
    });
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

/// The switcher: field, groups, keys.
pub(crate) fn switcher() -> View {
    let live = Live::here();
    let words = live.ui().words;
    let (typed, chosen) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let others = RwSignal::new(Vec::<RoomSummary>::new());
    live.room_actions()
        .all_rooms(move |rooms| others.set(rooms.unwrap_or_default()));
    live.room_actions().find_people("", |_| ());
    let found = derived(move || others.with(|others| hits(live, others, &typed.get())));
    many()
        .child(
            tag::h2("sr")
                .attr("id", "dialog-title")
                .child(words.rooms.go_to),
        )
        .child(field(live, found, typed, chosen))
        .child(
            tag::div("found")
                .attr("id", FOUND)
                // A list of nothing is no list: what it says instead is told.
                .attr("role", move || {
                    if found.with(Vec::is_empty) {
                        "status"
                    } else {
                        "listbox"
                    }
                })
                .attr("aria-label", words.rooms.go_to)
                .child(move || list(live, &found.get(), &typed.get(), chosen)),
        )
        .child(keys(words))
        .view()
}

/// Where one types.
fn field(
    live: Live,
    found: Derived<Vec<Hit>>,
    typed: RwSignal<String>,
    chosen: RwSignal<usize>,
) -> View {
    let words = live.ui().words;
    let typing = move |event| {
        typed.set(event_target_value(&event));
        chosen.set(0);
        let what = typed.get_untracked();
        if !what.trim().is_empty() {
            live.room_actions().find_people(what.trim(), |_| ());
        }
    };
    tag::div("field-row")
        .child(icon("search"))
        .child(
            tag::input("")
                .attr("id", INPUT)
                .attr("type", "text")
                .attr("role", "combobox")
                .attr("autocomplete", "off")
                .attr("spellcheck", "false")
                .attr("autofocus", true)
                .attr("placeholder", words.rooms.go_to)
                .attr("aria-label", words.rooms.go_to)
                .attr("aria-expanded", move || {
                    if found.with(Vec::is_empty) {
                        "false"
                    } else {
                        "true"
                    }
                })
                .attr("aria-controls", FOUND)
                .attr("aria-activedescendant", move || {
                    (!found.with(Vec::is_empty)).then(|| option_id(chosen.get()))
                })
                .on(ev::input, typing)
                .on(ev::keydown, move |event| press(live, found, chosen, &event)),
        )
        .child(
            tag::button("icon-btn phone-only")
                .attr("type", "button")
                .attr("aria-label", words.common.close)
                .on(ev::click, move |_| live.close_dialog())
                .child(icon("x")),
        )
        .view()
}

fn option_id(at: usize) -> String {
    format!("switch-{at}")
}

fn press(live: Live, found: Derived<Vec<Hit>>, chosen: RwSignal<usize>, event: &KeyboardEvent) {
    if event.is_composing() || event.key_code() == 229 {
        return;
    }
    let count = found.with_untracked(Vec::len);
    let at = chosen.get_untracked();
    match event.key().as_str() {
        "ArrowDown" if count > 0 => chosen.set((at + 1) % count),
        "ArrowUp" if count > 0 => chosen.set((at + count - 1) % count),
        "Enter" => {
            if let Some(hit) = found.with_untracked(|found| found.get(at).cloned()) {
                open(live, hit);
            }
        }
        _ => return,
    }
    event.prevent_default();
    live.ui()
        .browser(|browser| browser.reveal(&option_id(chosen.get_untracked())));
}

fn open(live: Live, hit: Hit) {
    live.close_dialog();
    match hit {
        Hit::Room(room) => live.room_actions().visit(room),
        Hit::Person(person) => live.room_actions().write_to(&[person.id]),
    }
}

fn list(live: Live, found: &[Hit], what: &str, chosen: RwSignal<usize>) -> View {
    let words = live.ui().words;
    if found.is_empty() {
        return tag::p("none")
            .child((words.dialog.nothing_found)(what))
            .view();
    }
    let rooms = found
        .iter()
        .filter(|hit| matches!(hit, Hit::Room(_)))
        .count();
    let group = |title: &'static str, from: usize, to: usize| {
        (from < to).then(|| {
            let id = format!("switch-group-{from}");
            let label = id.clone();
            let options: Vec<_> = (from..to)
                .filter_map(|at| {
                    found
                        .get(at)
                        .map(|hit| one(live, hit.clone(), what, at, chosen))
                })
                .collect();
            tag::div("")
                .attr("role", "group")
                .attr("aria-labelledby", label)
                // Not a heading: a list of options owns options and groups alone.
                .child(
                    tag::div("title")
                        .attr("id", id)
                        .attr("role", "presentation")
                        .child(title),
                )
                .child(options)
        })
    };
    many()
        .child(group(words.rooms.title, 0, rooms))
        .child(group(words.room.people, rooms, found.len()))
        .view()
}

fn one(live: Live, hit: Hit, what: &str, at: usize, chosen: RwSignal<usize>) -> View {
    let what = what.trim().trim_start_matches(['#', '@']);
    let (mark, more) = match &hit {
        Hit::Room(room) => {
            let name = if room.kind == RoomKind::Private {
                "lock"
            } else {
                "hash"
            };
            let mark = if room.kind == RoomKind::Direct {
                icon("bubble").view()
            } else {
                icon(name).view()
            };
            (mark, room.topic.clone())
        }
        Hit::Person(person) => {
            let mark = avatar_with(person.id, &person.name, "sm", presence(person.state)).view();
            (
                mark,
                format!(
                    "@{}{}{}",
                    person.handle,
                    live.ui().words.common.dot,
                    state(live.ui().words, person.state)
                ),
            )
        }
    };
    let name = marked(hit.name(), what);
    let lang = lang_of(hit.name());
    let selected = move || chosen.get() == at;
    tag::div("opt")
        .attr("id", option_id(at))
        .attr("role", "option")
        .attr(
            "aria-selected",
            move || if selected() { "true" } else { "false" },
        )
        .on(ev::click, move |_| open(live, hit.clone()))
        .child(mark)
        .child(
            tag::span("w")
                .child(
                    tag::span("")
                        .attr("lang", lang)
                        .child(tag::bdi("").child(name)),
                )
                .child(tag::small("").attr("dir", "auto").child(more)),
        )
        .child(tag::span("tail").child(move || {
            selected().then(|| tag::kbd("").attr("aria-hidden", "true").child("Enter"))
        }))
        .view()
}

fn state(words: &Words, state: PresenceState) -> String {
    match state {
        PresenceState::Online => words.common.online,
        PresenceState::Away => words.common.away,
        PresenceState::Offline => words.common.offline,
    }
    .to_lowercase()
}

/// A name with what was typed marked by weight and underline.
fn marked(name: &str, what: &str) -> View {
    match hit_in(name, what) {
        Some((before, hit, after)) => {
            let (before, hit, after) = (before.to_owned(), hit.to_owned(), after.to_owned());
            many()
                .child(before)
                .child(tag::mark("").child(hit))
                .child(after)
                .view()
        }
        None => name.to_owned().view(),
    }
}

fn keys(words: &Words) -> View {
    let (walk, open, close) = (
        words.dialog.move_key,
        words.dialog.open_key,
        words.dialog.close_key,
    );
    tag::div("keys")
        .attr("aria-hidden", "true")
        .child(
            tag::span("")
                .child(tag::kbd("").child("↑"))
                .child(tag::kbd("").child("↓"))
                .child(walk),
        )
        .child(tag::span("").child(tag::kbd("").child("Enter")).child(open))
        .child(tag::span("").child(tag::kbd("").child("Esc")).child(close))
        .view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first() {
        let names = ["admin-notes", "transmitter", "mi", "music", "Miriam", "Mia"];
        let all = names.map(|name| [name.to_owned(), String::new()]);
        let sorted = |names: &[String]| {
            let mut order: Vec<usize> = (0..names.len()).collect();
            order.sort_by_key(|at| names[*at].to_lowercase());
            order
        };
        let found = |what: &str| -> Vec<&str> {
            let best = best(&all, what, sorted);
            best.into_iter().map(|at| names[at]).collect()
        };
        let expected = ["mi", "Mia", "Miriam", "admin-notes", "transmitter"];
        assert_eq!(found("mi"), expected);
        assert_eq!(found("").len(), 6);
        let many: Vec<_> = (0..2_000)
            .map(|_| ["x".to_owned(), "handle".to_owned()])
            .collect();
        assert_eq!(best(&many, "x", sorted).len(), MAX_FOUND);
        assert_eq!(best(&many, "hand", sorted).len(), MAX_FOUND);
    }

    #[test]
    fn hits_are_marked() {
        assert_eq!(hit_in("transmitter", "MI"), Some(("trans", "mi", "tter")));
        assert_eq!(hit_in("林晓雨", "晓"), Some(("林", "晓", "雨")));
        assert_eq!(hit_in("İstanbul", "stan"), None);
        assert_eq!(hit_in("ada", ""), None);
    }
}
