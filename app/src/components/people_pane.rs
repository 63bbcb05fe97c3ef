//! The people of a room, and who of them is here.

use leptos::prelude::*;
use protocol::{PresenceState, Role, RoomId, RoomKind};

use super::seal::{presence, seal_with};
use crate::{
    i18n::Words,
    live::{Dialog, Live, people::Person},
    route::Route,
    text::lang_of,
    ui::{bdi, icon},
};

/// The pane. On a phone it is a page of its own.
#[component]
pub(crate) fn PeoplePane(room: RoomId) -> AnyView {
    let live = Live::here();
    let words = &live.ui().words.room;
    let label = move || {
        live.open()
            .with(|open| open.as_ref().map(|open| (words.people_in)(&open.name)))
    };
    let groups = Memo::new(move |_| live.member_groups());
    let as_of = move || {
        let at = live.link().with(|link| link.live_at_ms);
        (words.as_of)(&live.clock().get().time(at))
    };
    view! {
        <section class="side people" id="side" aria-label=label>
            <div class="side-head">
                <a class="icon-btn drawer-only" href=Route::Room(room, None).path() aria-label=words.back_to_room>
                    {icon("left")}
                </a>
                <h2>{words.people}</h2>
                <span class="grow">
                    {move || live.members().with(|members| crate::i18n::number(members.ids.len() as u64))}
                    <span class="down">{as_of}</span>
                </span>
                {add(live, room)}
            </div>
            <div class="side-scroll" tabindex="0" role="group" aria-label=words.members>
                <For
                    each=move || groups.get()
                    key=|(state, _)| *state as u8
                    children=move |(state, _)| group(live, state, groups)
                />
            </div>
        </section>
    }
    .into_any()
}

/// Whoever is in a private room may bring others in.
fn add(live: Live, room: RoomId) -> impl IntoView {
    let words = &live.ui().words.room;
    let may = Memo::new(move |_| {
        live.open().with(|open| {
            open.as_ref()
                .is_some_and(|open| open.kind == RoomKind::Private && open.member)
        })
    });
    move || {
        may.get().then(|| {
            view! {
                <button
                    class="icon-btn s js-only"
                    type="button"
                    aria-label=words.add_people
                    title=words.add_people
                    on:click=move |_| live.dialog().set(Some(Dialog::AddPeople(room)))
                >
                    {icon("plus")}
                </button>
            }
        })
    }
}

fn title(words: &Words, state: PresenceState) -> &'static str {
    match state {
        PresenceState::Online => words.common.online,
        PresenceState::Away => words.common.away,
        PresenceState::Offline => words.common.offline,
    }
}

type Groups = Memo<Vec<(PresenceState, Vec<Person>)>>;

fn group(live: Live, state: PresenceState, groups: Groups) -> AnyView {
    let people = Memo::new(move |_| {
        groups.with(|groups| {
            groups
                .iter()
                .find(|(one, _)| *one == state)
                .map(|(_, people)| people.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <section class="people-group">
            <h3>
                <span>{title(live.ui().words, state)}</span>
                {live.ui().words.common.dot}
                {move || people.with(Vec::len).to_string()}
            </h3>
            <ul>
                <For
                    each=move || people.get()
                    key=|person| (person.id, person.name.clone())
                    children=move |person| one(live, &person)
                />
            </ul>
        </section>
    }
    .into_any()
}

/// A person: whoever is chosen is written to.
fn one(live: Live, person: &Person) -> impl IntoView + use<> {
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
    let inside = view! {
        {seal_with(id, &person.name, "", presence(person.state))}
        <span>
            <span class="n">
                <span lang=lang_of(&person.name)>{bdi(&person.name)}</span>
                {tag.map(|tag| view! { <span class="tag">{tag}</span> })}
                <span class="sr up">{state}</span>
            </span>
        </span>
    };
    let class = if person.state == PresenceState::Offline {
        "person off"
    } else {
        "person"
    };
    let label = (words.room.write_person)(&person.name);
    if me {
        view! {
            <li>
                <div class=class>{inside}</div>
            </li>
        }
        .into_any()
    } else {
        view! {
            <li>
                <button class=class type="button" title=label on:click=move |_| live.write_to(vec![id])>
                    {inside}
                </button>
            </li>
        }
        .into_any()
    }
}
