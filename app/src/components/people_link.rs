//! The link from a room to its people, with their number.

use leptos::{ev, prelude::*};
use protocol::RoomId;

use crate::{
    i18n::number,
    live::{Live, members::WAY},
    ports::Layout,
    route::Route,
    ui::icon,
};
use view::{Part, View, tag};

/// How many people there are. On a wide window it shows and hides them, else it leads to them.
pub(super) fn people_link(live: Live, room: RoomId) -> View {
    let words = &live.ui().words.room;
    // Until they are known there is no number.
    let count = move || {
        live.members().with(|members| {
            let known = members.room == Some(room);
            known.then_some(members.total)
        })
    };
    let shown = move || live.member_list().people_shown();
    let act = move |event: ev::MouseEvent| {
        if live.layout().get_untracked() == Layout::Three {
            event.prevent_default();
            event.stop_propagation();
            // The address of the people shows them whatever was wanted before.
            let shown = matches!(live.route().get_untracked(), Route::People(_));
            live.side().update(|side| *side = !(shown || *side));
            live.navigation().close_people();
        }
    };
    tag::a("icon-btn with-n")
        .attr("id", WAY)
        .attr("href", move || match live.route().get() {
            Route::People(_) => Route::Room(room, None).path(),
            _ => Route::People(room).path(),
        })
        .attr("aria-label", move || {
            count().map_or_else(|| words.people.to_owned(), words.people_n)
        })
        .attr(
            "aria-expanded",
            move || if shown() { "true" } else { "false" },
        )
        .on(ev::click, act)
        .child(icon("people"))
        .child(
            tag::span("")
                .attr("aria-hidden", "true")
                .child(move || count().map(number)),
        )
        .view()
}
