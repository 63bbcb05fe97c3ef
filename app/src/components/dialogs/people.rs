//! People pickers: whom to write to, whom to bring into a room.

use leptos::prelude::*;
use protocol::{RoomId, UserId, UserSummary, limits::DIRECT_OTHERS};

use super::{harmless, title};
use crate::{
    components::seal::seal,
    live::{Live, voice::room_label},
    ui::bdi,
};

const FIND: &str = "find-people";

/// The people found, as they are typed for. Answers that come late are dropped.
fn finder(
    live: Live,
) -> (
    RwSignal<Option<Vec<UserSummary>>>,
    RwSignal<String>,
    Callback<()>,
) {
    let found = RwSignal::new(None);
    let typed = RwSignal::new(String::new());
    let turn = StoredValue::new(0_u32);
    let look = Callback::new(move |()| {
        let mine = turn.get_value().wrapping_add(1);
        turn.set_value(mine);
        let what = typed.get_untracked();
        let ask = move || {
            if turn.try_get_value() == Some(mine) {
                live.find_people(what.trim(), move |users| {
                    if turn.try_get_value() == Some(mine) {
                        found.set(Some(users));
                    }
                });
            }
        };
        live.ui()
            .browser(|browser| browser.after(150, Box::new(ask)));
    });
    look.run(());
    (found, typed, look)
}

fn find_field(live: Live, typed: RwSignal<String>, look: Callback<()>) -> AnyView {
    view! {
        <div class="field">
            <label for=FIND>{live.ui().words.dialog.find_people}</label>
            <input
                class="input"
                id=FIND
                type="search"
                autocomplete="off"
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    look.run(());
                }
            />
        </div>
    }
    .into_any()
}

/// The rows of whom was found, without those who are `out`; `row` draws one.
fn rows(
    live: Live,
    found: RwSignal<Option<Vec<UserSummary>>>,
    typed: RwSignal<String>,
    out: impl Fn(UserId) -> bool + Send + 'static,
    row: impl Fn(UserSummary) -> AnyView + Send + 'static,
) -> AnyView {
    let words = &live.ui().words.dialog;
    let list = move || match found.get() {
        None => view! { <p>{words.loading}</p> }.into_any(),
        Some(users) => {
            let users: Vec<_> = users.into_iter().filter(|user| !out(user.id)).collect();
            let what = typed.get_untracked();
            if users.is_empty() {
                let says = if what.is_empty() {
                    words.nobody_else.to_owned()
                } else {
                    (words.nothing_found)(&what)
                };
                view! { <p>{says}</p> }.into_any()
            } else {
                view! { <ul class="lines">{users.into_iter().map(&row).collect_view()}</ul> }
                    .into_any()
            }
        }
    };
    view! { <div class="dialog-scroll">{list}</div> }.into_any()
}

fn who(user: &UserSummary) -> AnyView {
    let name = format!("@{}", user.name);
    view! {
        {seal(user.id, &user.display_name, "lg")}
        <span>
            <b>{bdi(&user.display_name)}</b>
            <small>
                <bdi>{name}</bdi>
            </small>
        </span>
    }
    .into_any()
}

/// Write to one person, or to a few at once.
#[component]
pub(crate) fn NewDirect() -> AnyView {
    let live = Live::here();
    let words = live.ui().words;
    let me = live.me().with_untracked(|me| me.id);
    let (found, typed, look) = finder(live);
    let chosen = RwSignal::new(Vec::<UserId>::new());
    let toggle = move |id: UserId, on: bool| {
        chosen.update(|chosen| {
            chosen.retain(|one| *one != id);
            if on && chosen.len() < DIRECT_OTHERS {
                chosen.push(id);
            }
        });
    };
    let row = move |user: UserSummary| {
        let id = user.id;
        view! {
            <li>
                <label class="pickable">
                    {who(&user)}
                    <input
                        class="check"
                        type="checkbox"
                        prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                        on:change=move |event| toggle(id, event_target_checked(&event))
                    />
                </label>
            </li>
        }
        .into_any()
    };
    let write = move |_| {
        let users = chosen.get_untracked();
        if !users.is_empty() {
            live.write_to(users);
        }
    };
    view! {
        {title(words.dialog.new_direct.to_owned())}
        <p>{(words.dialog.new_direct_hint)(DIRECT_OTHERS as u64)}</p>
        {find_field(live, typed, look)}
        {rows(live, found, typed, move |id| id == me, row)}
        <div class="ends">
            {harmless(live, words.common.cancel)}
            <button
                class="btn primary"
                type="button"
                aria-disabled=move || chosen.with(Vec::is_empty).then_some("true")
                on:click=write
            >
                {words.dialog.write}
            </button>
        </div>
    }
    .into_any()
}

/// Bring people into a private room.
#[component]
pub(crate) fn AddPeople(room: RoomId) -> AnyView {
    let live = Live::here();
    let words = live.ui().words;
    let label = live
        .open()
        .with_untracked(|open| open.as_ref().map(room_label).unwrap_or_default());
    let (found, typed, look) = finder(live);
    let inside = move |id: UserId| live.members().with(|members| members.ids.contains(&id));
    let row = move |user: UserSummary| {
        let (id, name) = (user.id, user.display_name.clone());
        let says = (words.dialog.add_named)(&name);
        let add = move |_| {
            let added = (words.dialog.added)(&name);
            live.add_member(room, id, move |done| {
                if done {
                    live.toast(&added);
                    live.load_members(room);
                }
            });
        };
        view! {
            <li>
                {who(&user)} <button class="btn small" type="button" aria-label=says on:click=add>
                    {words.dialog.add}
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        {title((words.dialog.add_to)(&label))}
        {find_field(live, typed, look)}
        {rows(live, found, typed, inside, row)}
        <div class="ends">{harmless(live, words.common.close)}</div>
    }
    .into_any()
}
