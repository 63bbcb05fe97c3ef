//! People pickers: whom to write to, whom to bring into a room.

use leptos::{ev, prelude::*};
use protocol::{RoomId, UserId, UserSummary, limits::DIRECT_OTHERS};

use super::{harmless, title};
use crate::text::isolated;
use crate::{
    components::avatar::avatar,
    live::{Live, rooms::room_label},
    ui::bdi,
};
use view::{Part, View, many, tag};

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
                live.room_actions().find_people(what.trim(), move |users| {
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

fn find_field(live: Live, typed: RwSignal<String>, look: Callback<()>) -> View {
    tag::div("field")
        .child(
            tag::label("")
                .attr("for", FIND)
                .child(live.ui().words.dialog.find_people),
        )
        .child(
            tag::input("input")
                .attr("id", FIND)
                .attr("type", "search")
                .attr("autocomplete", "off")
                .on(ev::input, move |event| {
                    typed.set(event_target_value(&event));
                    look.run(());
                }),
        )
        .view()
}

/// The rows of whom was found, without those who are `out`; `row` draws one.
fn rows(
    live: Live,
    found: RwSignal<Option<Vec<UserSummary>>>,
    typed: RwSignal<String>,
    out: impl Fn(UserId) -> bool + Send + 'static,
    row: impl Fn(UserSummary) -> View + Send + 'static,
) -> View {
    let words = &live.ui().words.dialog;
    let list = move || match found.get() {
        None => tag::p("").child(words.loading).view(),
        Some(users) => {
            let users: Vec<_> = users.into_iter().filter(|user| !out(user.id)).collect();
            let what = typed.get_untracked();
            if users.is_empty() {
                let says = if what.is_empty() {
                    words.nobody_else.to_owned()
                } else {
                    (words.nothing_found)(&what)
                };
                tag::p("").child(says).view()
            } else {
                tag::ul("lines")
                    .child(users.into_iter().map(&row).collect::<Vec<_>>())
                    .view()
            }
        }
    };
    tag::div("dialog-scroll").child(list).view()
}

fn who(user: &UserSummary) -> View {
    let name = format!("@{}", user.name);
    many()
        .child(avatar(user.id, &user.display_name, "lg"))
        .child(
            tag::span("")
                .child(tag::b("").child(bdi(&user.display_name)))
                .child(tag::small("").child(tag::bdi("").child(name))),
        )
        .view()
}

/// Write to one person, or to a few at once.
pub(crate) fn new_direct() -> View {
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
        tag::li("")
            .child(
                tag::label("pickable").child(who(&user)).child(
                    tag::input("check")
                        .attr("type", "checkbox")
                        .checked(move || chosen.with(|chosen| chosen.contains(&id)))
                        .on(ev::change, move |event| {
                            toggle(id, event_target_checked(&event));
                        }),
                ),
            )
            .view()
    };
    let write = move |_| {
        let users = chosen.get_untracked();
        if !users.is_empty() {
            live.room_actions().write_to(&users);
        }
    };
    many()
        .child(title(words.dialog.new_direct.to_owned()))
        .child(tag::p("").child((words.dialog.new_direct_hint)(DIRECT_OTHERS as u64)))
        .child(find_field(live, typed, look))
        .child(rows(live, found, typed, move |id| id == me, row))
        .child(
            tag::div("ends")
                .child(harmless(live, words.common.cancel))
                .child(
                    tag::button("btn primary")
                        .attr("type", "button")
                        .attr("aria-disabled", move || {
                            chosen.with(Vec::is_empty).then_some("true")
                        })
                        .on(ev::click, write)
                        .child(words.dialog.write),
                ),
        )
        .view()
}

/// Bring people into a private room.
pub(crate) fn add_people(room: RoomId) -> View {
    let live = Live::here();
    let words = live.ui().words;
    let label = live
        .open()
        .with_untracked(|open| open.as_ref().map(room_label).unwrap_or_default());
    let (found, typed, look) = finder(live);
    let inside = move |id: UserId| live.members().with(|members| members.ids.contains(&id));
    let row = move |user: UserSummary| {
        let (id, name) = (user.id, user.display_name.clone());
        let says = (words.dialog.add_named)(&isolated(&name));
        let add = move |_| {
            let added = (words.dialog.added)(&isolated(&name));
            live.room_actions().add_member(room, id, move |done| {
                if done {
                    live.announcements().toast(&added);
                    live.member_list().load_members(room);
                }
            });
        };
        tag::li("")
            .child(who(&user))
            .child(
                tag::button("btn small")
                    .attr("type", "button")
                    .attr("aria-label", says)
                    .on(ev::click, add)
                    .child(words.dialog.add),
            )
            .view()
    };
    many()
        .child(title((words.dialog.add_to)(&label)))
        .child(find_field(live, typed, look))
        .child(rows(live, found, typed, inside, row))
        .child(tag::div("ends").child(harmless(live, words.common.close)))
        .view()
}
