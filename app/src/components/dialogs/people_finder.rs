//! People finder: the field in which a dialog looks for people, and the rows of whom it found.

use leptos::{ev, prelude::*};
use protocol::{UserId, UserSummary};

use crate::{components::avatar::avatar, live::Live, ui::bdi};
use view::{Part, View, many, tag};

const FIND: &str = "find-people";

/// The people found, as they are typed for. Answers that come late are dropped.
pub(super) fn finder(
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

pub(super) fn find_field(live: Live, typed: RwSignal<String>, look: Callback<()>) -> View {
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
pub(super) fn rows(
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

pub(super) fn who(user: &UserSummary) -> View {
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
