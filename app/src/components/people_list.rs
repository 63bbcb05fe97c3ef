//! The list of a room's people. Of thousands only the rows around the view are elements; what stands for the others is as high as
//! they would be, so that the scrollbar is right.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use protocol::{PresenceState, Role, UserId};

use super::avatar::{avatar_with, presence};
use crate::{
    i18n::{Words, number},
    live::{
        Live,
        members::{Group, grouped},
        people::Person,
    },
    text::{isolated, lang_of},
    ui::bdi,
};
use view::{Derived, Part, View, derived, dynamic, each, many, tag, watch};

/// The id of the element that scrolls.
const LIST: &str = "people-list";
/// The id of the field that narrows the list.
const FIND: &str = "people-find";
/// Rows that are drawn before and after those in view.
const MARGIN: usize = 20;
/// A window begins and ends at a multiple of this: not each step of a scroll draws.
const STEP: usize = 10;
/// Rows that are drawn before it is known what is in view.
const FIRST: usize = 60;
/// The height of a row, in quarters of a rem as the style sheet has it, so that heights are told without fractions.
const ROW_QUARTERS: usize = 11;
/// With more people than these they are looked for by name.
const MANY: u64 = 20;
/// How long one types before the server is asked.
const PAUSE_MS: u64 = 150;

/// The part of a group that is drawn: from a row up to another.
type RowWindow = (usize, usize);

/// What the parts of the list share.
#[derive(Clone, Copy)]
struct PeopleList {
    live: Live,
    groups: Derived<Vec<Group>>,
    /// The [`packed`] window of each state.
    windows: [RwSignal<u64>; 3],
    /// The number of the row that had the focus last, 0 for none.
    active: RwSignal<u64>,
    /// The number of the row in use, that one or the first: it has the tab stop, and is drawn wherever it is.
    stop: Derived<u64>,
    typed: RwSignal<String>,
}

/// What stands in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PersonRow {
    /// Somebody, and their place in the group.
    One(UserId, usize),
    /// So many who are not drawn, behind a place.
    Gap(usize, usize),
}

/// The rows of a group of `count`, of whom `ids` are loaded: those of the window, and the one in use.
fn rows(ids: &[UserId], count: usize, window: RowWindow, active: u64) -> Vec<PersonRow> {
    let (from, to) = (window.0.min(ids.len()), window.1.min(ids.len()));
    let used = ids
        .iter()
        .position(|id| id.get() == active)
        .filter(|at| !(from..to).contains(at));
    let (before, after) = (used.filter(|at| *at < from), used.filter(|at| *at >= to));
    let mut rows = Vec::new();
    let mut next = 0;
    for at in before.into_iter().chain(from..to).chain(after) {
        if at > next {
            rows.push(PersonRow::Gap(next, at - next));
        }
        rows.push(PersonRow::One(ids[at], at));
        next = at + 1;
    }
    if count > next {
        rows.push(PersonRow::Gap(next, count - next));
    }
    rows
}

/// What is to be drawn of `count` rows that begin at `top` and end at `bottom` of a view of this height.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "rows of a list; what is negative becomes 0"
)]
fn window(top: f64, bottom: f64, view: f64, count: usize) -> RowWindow {
    let row = ((bottom - top) / count.max(1) as f64).max(1.0);
    let (first, last) = ((-top / row) as usize, ((view - top) / row) as usize);
    if top >= view || bottom <= 0.0 {
        return (0, 0);
    }
    let from = first.saturating_sub(MARGIN) / STEP * STEP;
    let to = (last + MARGIN).div_ceil(STEP) * STEP;
    (from, to.min(count))
}

/// The people of the open room.
pub(super) fn people_list(live: Live) -> View {
    let (typed, found) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
    let sorted =
        move || found.with(|found| live.member_list().members_in_order(&typed.get(), found));
    // Whoever comes and goes changes nothing of the order.
    let order = RwSignal::new(untrack(sorted));
    watch(move || order.set(sorted()));
    let groups = derived(move || {
        live.people().presence.track();
        let unloaded = live
            .members()
            .with(|members| members.total.saturating_sub(members.ids.len() as u64));
        let unloaded = if typed.with(String::is_empty) {
            unloaded
        } else {
            0
        };
        order.with(|order| {
            grouped(order, unloaded, |id| {
                live.people().person(id).with_untracked(|one| one.state)
            })
        })
    });
    let active = RwSignal::new(0);
    let stop = derived(move || {
        let active = active.get();
        groups.with(|groups| {
            let mut ids = groups.iter().flat_map(|(_, ids, _)| ids).map(|id| id.get());
            let first = ids.clone().next().unwrap_or_default();
            ids.find(|id| *id == active).unwrap_or(first)
        })
    });
    let list = PeopleList {
        live,
        groups,
        windows: [0; 3].map(|from| RwSignal::new(packed((from, FIRST)))),
        active,
        stop,
        typed,
    };
    list.follow();
    many()
        .child(list.find(found))
        .child(
            tag::div("side-scroll")
                .attr("id", LIST)
                .attr("role", "group")
                .attr("aria-label", live.ui().words.room.members)
                .on(ev::scroll, move |_| list.look())
                .on(ev::keydown, move |event| list.press(&event))
                .child(each(
                    move || groups.get(),
                    |(state, ..)| *state as u8,
                    move |(state, ..)| list.group(state),
                ))
                .child(move || list.nobody()),
        )
        .view()
}

impl PeopleList {
    /// Draws what is in view when the list changes, and loads more of it while it is shown.
    fn follow(self) {
        let live = self.live;
        watch(move || {
            self.groups.track();
            live.layout().track();
            let alive = live.ui().alive.get();
            let shown = live.member_list().people_shown();
            if alive && shown {
                // Once it is drawn.
                live.ui()
                    .browser(|browser| browser.after(0, Box::new(move || self.look())));
            }
        });
        watch(move || {
            let (_, to) = unpacked(self.windows[PresenceState::Offline as usize].get());
            let far = self.of(PresenceState::Offline, |ids, _| to > ids.len());
            let far = far && live.ui().alive.get();
            let more = live.members().with(|members| members.wants_more(far));
            if more && live.member_list().people_shown() {
                live.member_list().more_members();
            }
        });
    }

    /// Looks what is in view.
    fn look(self) {
        let browser = self.live.ui();
        for state in [
            PresenceState::Online,
            PresenceState::Away,
            PresenceState::Offline,
        ] {
            let signal = self.windows[state as usize];
            let Some(before) = signal.try_get_untracked() else {
                // It is gone by now.
                return;
            };
            let place = browser.browser(|browser| browser.place(group_id(state), LIST));
            let count = untrack(|| self.of(state, |_, count| count));
            let now = place.flatten().map_or(before, |place| {
                packed(window(place.top, place.bottom, place.view, count))
            });
            if now != before {
                signal.set(now);
            }
        }
    }

    /// The field that narrows the list.
    fn find(self, found: RwSignal<Vec<UserId>>) -> View {
        let (live, typed) = (self.live, self.typed);
        let many = derived(move || live.members().with(|members| members.total > MANY));
        let typing = move |event| {
            typed.set(event_target_value(&event));
            found.set(Vec::new());
            let what = typed.get_untracked();
            let ask = move || {
                let now = typed.try_get_untracked();
                if now.as_ref() == Some(&what) && !what.trim().is_empty() {
                    live.member_list().find_members(&what.clone(), move |ids| {
                        if typed.try_get_untracked().as_ref() == Some(&what) {
                            found.set(ids);
                        }
                    });
                }
            };
            live.ui()
                .browser(|browser| browser.after(PAUSE_MS, Box::new(ask)));
        };
        let says = live.ui().words.dialog.find_people;
        dynamic(move || {
            many.get().then(|| {
                tag::div("people-find js-only").child(
                    tag::input("input")
                        .attr("id", FIND)
                        .attr("type", "search")
                        .attr("autocomplete", "off")
                        .attr("placeholder", says)
                        .attr("aria-label", says)
                        .on(ev::input, typing),
                )
            })
        })
    }

    /// What stands where nobody fits what was typed.
    fn nobody(self) -> View {
        let none = self.groups.with(Vec::is_empty);
        let typed = self.typed.get();
        (none && !typed.is_empty())
            .then(|| {
                tag::p("people-none").attr("role", "status").child((self
                    .live
                    .ui()
                    .words
                    .dialog
                    .nothing_found)(
                    &typed
                ))
            })
            .view()
    }

    /// Something of the group of this state.
    fn of<T: Default>(self, state: PresenceState, get: impl FnOnce(&[UserId], usize) -> T) -> T {
        self.groups.with(|groups| {
            let group = groups.iter().find(|(one, ..)| *one == state);
            group.map_or_else(T::default, |(_, ids, count)| get(ids, *count))
        })
    }

    fn group(self, state: PresenceState) -> View {
        let drawn = move || {
            let window = if self.live.ui().alive.get() {
                unpacked(self.windows[state as usize].get())
            } else {
                (0, usize::MAX)
            };
            let (stop, alive) = (self.stop.get(), self.live.ui().alive.get());
            self.of(state, |ids, count| {
                // Without scripts nobody comes in place of those who are not drawn.
                let count = if alive { count } else { ids.len() };
                rows(ids, count, window, stop)
            })
        };
        tag::section("people-group")
            .child(
                tag::h3("")
                    .child(tag::span("").child(title(self.live.ui().words, state)))
                    .child(self.live.ui().words.common.dot)
                    .child(move || number(self.of(state, |_, count| count) as u64)),
            )
            .child(tag::ul("").attr("id", group_id(state)).child(each(
                drawn,
                // Who is drawn keeps their element, and so the focus, wherever in the list they are by now.
                |row| match *row {
                    PersonRow::One(id, _) => (id.get(), 0),
                    PersonRow::Gap(at, rows) => (at as u64, rows),
                },
                move |row| match row {
                    PersonRow::One(id, _) => self.one(id, state),
                    PersonRow::Gap(_, rows) => gap(rows),
                },
            )))
            .view()
    }

    /// A person: whoever is chosen is written to.
    fn one(self, id: UserId, state: PresenceState) -> View {
        let live = self.live;
        let person = live.people().person(id);
        let me = live.me().with_untracked(|me| me.id) == id;
        let stop = move || {
            if live.ui().alive.get() && self.stop.get() != id.get() {
                "-1"
            } else {
                "0"
            }
        };
        let place = move || {
            self.of(state, |ids, _| {
                let at = ids.iter().position(|one| *one == id);
                at.map(|at| (at + 1).to_string())
            })
        };
        tag::li("")
            .attr("aria-setsize", move || {
                self.of(state, |_, count| count.to_string())
            })
            .attr("aria-posinset", place)
            .child(move || {
                let person = person.get();
                let row = if me {
                    tag::div("")
                } else {
                    tag::button("")
                        .attr("type", "button")
                        .attr(
                            "title",
                            (live.ui().words.room.write_person)(&isolated(&person.name)),
                        )
                        .on(ev::click, move |_| live.room_actions().write_to(&[id]))
                };
                row.class("person")
                    .class_when("off", person.state == PresenceState::Offline)
                    .attr("id", row_id(id))
                    .attr("tabindex", stop)
                    .on(ev::focus, move |_| self.active.set(id.get()))
                    .child(inside(live.ui().words, &person))
            })
            .view()
    }

    /// The arrows, Home, End and letters walk the rows.
    fn press(self, event: &KeyboardEvent) {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let all: Vec<UserId> = self
            .groups
            .with_untracked(|groups| groups.iter().flat_map(|(_, ids, _)| ids.clone()).collect());
        let active = self.stop.get_untracked();
        let at = all.iter().position(|id| id.get() == active).unwrap_or(0);
        let key = event.key();
        let to = match key.as_str() {
            "ArrowDown" => Some(at + 1),
            "ArrowUp" => at.checked_sub(1),
            "PageDown" => Some((at + STEP).min(all.len().saturating_sub(1))),
            "PageUp" => Some(at.saturating_sub(STEP)),
            "Home" => Some(0),
            "End" => all.len().checked_sub(1),
            letter => {
                if letter == " " || letter.chars().nth(1).is_some() {
                    return;
                }
                let letter = letter.to_lowercase();
                let begins = |at: &usize| {
                    let person = self.live.people().person(all[*at]);
                    person.with_untracked(|one| one.name.to_lowercase().starts_with(&letter))
                };
                (at + 1..all.len()).chain(0..at).find(begins)
            }
        };
        event.prevent_default();
        if let Some(&id) = to.and_then(|at| all.get(at)) {
            self.active.set(id.get());
            self.live.ui().browser(|browser| browser.focus(&row_id(id)));
        }
    }
}

/// A window in one number: the signals of numbers are in the page anyway, each other kind would be a kilobyte more of it.
const fn packed((from, to): RowWindow) -> u64 {
    ((from as u64) << 32) | to as u64
}

#[expect(clippy::cast_possible_truncation, reason = "halves of 32 bits")]
const fn unpacked(window: u64) -> RowWindow {
    ((window >> 32) as usize, window as u32 as usize)
}

fn group_id(state: PresenceState) -> &'static str {
    match state {
        PresenceState::Online => "people-here",
        PresenceState::Away => "people-away",
        PresenceState::Offline => "people-gone",
    }
}

fn row_id(id: UserId) -> String {
    format!("person-{id}")
}

/// What is as high as so many rows. An attribute of a drawing may be a length where the page's policy forbids a style.
fn gap(rows: usize) -> View {
    let quarters = rows * ROW_QUARTERS;
    tag::li("people-gap")
        .attr("aria-hidden", "true")
        .child(tag::svg("svg").attr("width", "100%").attr(
            "height",
            format!("{}.{:02}rem", quarters / 4, quarters % 4 * 25),
        ))
        .view()
}

fn title(words: &Words, state: PresenceState) -> &'static str {
    match state {
        PresenceState::Online => words.common.online,
        PresenceState::Away => words.common.away,
        PresenceState::Offline => words.common.offline,
    }
}

fn inside(words: &Words, person: &Person) -> View {
    let tag = match person.role {
        Role::Owner => Some(words.common.owner),
        Role::Admin => Some(words.common.admin),
        Role::Moderator => Some(words.common.moderator),
        Role::Member => None,
    };
    let state = format!(", {}", title(words, person.state).to_lowercase());
    many()
        .child(avatar_with(
            person.id,
            &person.name,
            "",
            presence(person.state),
        ))
        .child(
            tag::span("").child(
                tag::span("n")
                    .child(
                        tag::span("")
                            .attr("lang", lang_of(&person.name))
                            .child(bdi(&person.name)),
                    )
                    .child(tag.map(|tag| tag::span("tag").child(tag)))
                    .child(tag::span("sr up").child(state)),
            ),
        )
        .view()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(count: u64) -> Vec<UserId> {
        (1..=count).filter_map(UserId::new).collect()
    }

    proptest! {
        /// Whatever is drawn, the rows and what stands for the others are as many as there are people, in their order.
        #[test]
        fn drawn_and_not_drawn_are_all(
            loaded in 0_u64..300, rest in 0_usize..300, from in 0_usize..320, more in 0_usize..100, used in 0_u64..320
        ) {
            let (all, active) = (ids(loaded), used);
            let count = all.len() + rest;
            let drawn = rows(&all, count, (from, from + more), active);
            let mut next = 0;
            for row in &drawn {
                match *row {
                    PersonRow::One(id, at) => {
                        prop_assert_eq!((at, id), (next, all[at]));
                        next += 1;
                    }
                    PersonRow::Gap(at, many) => {
                        prop_assert!(at == next && many > 0);
                        next += many;
                    }
                }
            }
            prop_assert_eq!(next, count);
            prop_assert!(drawn.len() <= more + 4);
            // The row in use is there, so that the focus is not lost.
            if all.iter().any(|id| id.get() == active) {
                prop_assert!(drawn.iter().any(|row| matches!(row, PersonRow::One(id, _) if id.get() == active)));
            }
        }

        /// What is in view is drawn, and not much more, however long the list is and however it is scrolled.
        #[test]
        fn what_is_in_view_is_drawn(count in 1_usize..20_000, scrolled in 0_usize..900_000, view in 100_u32..2_200) {
            prop_assert_eq!(unpacked(packed((scrolled, count))), (scrolled, count));
            let px = |rows: usize| f64::from(u32::try_from(rows).unwrap()) * 44.0;
            let in_view = usize::try_from(view / 44).unwrap();
            let (top, view) = (-px(scrolled) / 44.0, f64::from(view));
            let (from, to) = window(top, top + px(count), view, count);
            prop_assert!(to - from.min(to) <= in_view + 2 * (MARGIN + STEP) + 2);
            for at in 0..count {
                if top + px(at + 1) > 0.0 && top + px(at) < view {
                    prop_assert!((from..to).contains(&at), "{} of {}..{}", at, from, to);
                }
            }
        }
    }
}
