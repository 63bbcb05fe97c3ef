//! The people of a room, and who of them is here.

use leptos::{ev, prelude::*};
use protocol::{PresenceState, Role, RoomId, RoomKind};

use super::seal::{presence, seal_with};
use crate::view::{Derived, Part, View, derived, dynamic, each, many, tag};
use crate::{
    i18n::Words,
    live::{Dialog, Live, members::BACK, people::Person},
    route::Route,
    text::lang_of,
    ui::{bdi, icon},
};

/// The pane. On a phone it is a page of its own.
pub(crate) fn people_pane(room: RoomId) -> View {
    let live = Live::here();
    let words = &live.ui().words.room;
    let label = move || {
        live.open()
            .with(|open| open.as_ref().map(|open| (words.people_in)(&open.name)))
    };
    let groups = derived(move || live.member_groups());
    let as_of = move || {
        let at = live.link().with(|link| link.live_at_ms);
        (words.as_of)(&live.clock().get().time(at))
    };
    tag::section("side people")
        .attr("id", "side")
        .attr("aria-label", label)
        .child(
            tag::div("side-head")
                .child(
                    tag::a("icon-btn drawer-only")
                        .attr("id", BACK)
                        .attr("href", Route::Room(room, None).path())
                        .attr("aria-label", words.back_to_room)
                        .child(icon("left")),
                )
                .child(tag::h2("").child(words.people))
                .child(
                    tag::span("grow")
                        .child(move || {
                            live.members().with(|members| {
                                let known = members.room == Some(room);
                                known.then(|| crate::i18n::number(members.ids.len() as u64))
                            })
                        })
                        .child(tag::span("down").child(as_of)),
                )
                .child(add(live, room)),
        )
        .child(
            tag::div("side-scroll")
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-label", words.members)
                .child(each(
                    move || groups.get(),
                    |(state, _)| *state as u8,
                    move |(state, _)| group(live, state, groups),
                )),
        )
        .view()
}

/// Whoever is in a private room may bring others in.
fn add(live: Live, room: RoomId) -> View {
    let words = &live.ui().words.room;
    let may = derived(move || {
        live.open().with(|open| {
            open.as_ref()
                .is_some_and(|open| open.kind == RoomKind::Private && open.member)
        })
    });
    dynamic(move || {
        may.get().then(|| {
            tag::button("icon-btn s js-only")
                .attr("type", "button")
                .attr("aria-label", words.add_people)
                .attr("title", words.add_people)
                .on(ev::click, move |_| {
                    live.dialog().set(Some(Dialog::AddPeople(room)));
                })
                .child(icon("plus"))
        })
    })
}

fn title(words: &Words, state: PresenceState) -> &'static str {
    match state {
        PresenceState::Online => words.common.online,
        PresenceState::Away => words.common.away,
        PresenceState::Offline => words.common.offline,
    }
}

type Groups = Derived<Vec<(PresenceState, Vec<Person>)>>;

fn group(live: Live, state: PresenceState, groups: Groups) -> View {
    let people = derived(move || {
        groups.with(|groups| {
            groups
                .iter()
                .find(|(one, _)| *one == state)
                .map(|(_, people)| people.clone())
                .unwrap_or_default()
        })
    });
    tag::section("people-group")
        .child(
            tag::h3("")
                .child(tag::span("").child(title(live.ui().words, state)))
                .child(live.ui().words.common.dot)
                .child(move || people.with(Vec::len).to_string()),
        )
        .child(tag::ul("").child(each(
            move || people.get(),
            |person| (person.id, person.name.clone()),
            move |person| one(live, &person),
        )))
        .view()
}

/// A person: whoever is chosen is written to.
fn one(live: Live, person: &Person) -> View {
    let words = live.ui().words;
    let id = person.id;
    let me = live.me().with_untracked(|me| me.id) == id;
    let tag = match person.role {
        Role::Owner => Some(words.common.owner),
        Role::Admin => Some(words.common.admin),
        Role::Moderator => Some(words.common.moderator),
        Role::Member => None,
    };
    let state = format!(", {}", title(words, person.state).to_lowercase());
    let inside = many()
        .child(seal_with(id, &person.name, "", presence(person.state)))
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
        );
    let class = if person.state == PresenceState::Offline {
        "person off"
    } else {
        "person"
    };
    let label = (words.room.write_person)(&person.name);
    if me {
        tag::li("")
            .child(tag::div("").class(class).child(inside))
            .view()
    } else {
        tag::li("")
            .child(
                tag::button("")
                    .class(class)
                    .attr("type", "button")
                    .attr("title", label)
                    .on(ev::click, move |_| live.write_to(&[id]))
                    .child(inside),
            )
            .view()
    }
}
