//! A new direct room: with one person, or with a few at once.

use leptos::{ev, prelude::*};
use protocol::{UserId, UserSummary, limits::DIRECT_OTHERS};

use super::{
    harmless,
    people_finder::{find_field, finder, rows, who},
    title,
};
use crate::live::Live;
use view::{Part, View, many, tag};

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
