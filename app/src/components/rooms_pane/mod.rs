//! The list of rooms and people, with what is new in each.

mod own_name;
mod pane_head;
mod personal_rows;
mod room_list;

use leptos::{ev, prelude::*};

use super::{
    connection_banner::connection_banner,
    fold::{Beyond, LIST, edge, look, walk},
    tabs::tabs,
    thread::threads_entry,
    unsent::unsent_rows,
};
use crate::{
    live::{Dialog, Live, favourites::ListPart},
    route::Route,
    ui::icon,
};
use own_name::own_name;
use pane_head::pane_head;
use personal_rows::personal_rows;
use room_list::{favourites, list_head, room_list};
use view::{Part, View, derived, tag, watch};

/// The pane. On a phone it is a page of its own, with the tabs at its foot.
pub(crate) fn rooms_pane() -> View {
    let live = Live::here();
    let words = &live.ui().words.rooms;
    let beyond = Beyond::new();
    let stop = live.tab_row();
    watch(move || {
        live.rooms().track();
        live.layout().track();
        live.route().track();
        // Once it is drawn.
        live.ui()
            .browser(|browser| browser.after(0, Box::new(move || look(live, beyond))));
    });
    tag::nav("rooms")
        .attr("id", "rooms")
        .attr("inert", move || live.drawer())
        .attr("aria-label", words.title)
        .child(pane_head(live))
        .child(
            tag::div("rooms-scroll")
                .attr("id", LIST)
                .on(ev::scroll, move |_| look(live, beyond))
                .on(ev::keydown, move |event| walk(live, &event))
                .child(edge(live, beyond, true))
                .child(
                    tag::button("jump js-only")
                        .attr("type", "button")
                        .attr("aria-keyshortcuts", "Control+K Meta+K")
                        .on(ev::click, move |_| {
                            live.dialog().set(Some(Dialog::Switcher));
                        })
                        .child(icon("search"))
                        .child(tag::span("").child(words.go_to))
                        .child(tag::kbd("").attr("aria-hidden", "true").child("Ctrl K")),
                )
                .child(personal_rows(live))
                .child(threads_entry(live))
                .child(unsent_rows(live))
                .child(favourites(live, stop))
                .child(list_head(live, words.title, words.browse, Dialog::Browse))
                .child(room_list(live, stop, ListPart::Rooms))
                .child(list_head(
                    live,
                    words.people,
                    words.write_to,
                    Dialog::NewDirect,
                ))
                .child(room_list(live, stop, ListPart::People))
                .child(edge(live, beyond, false)),
        )
        .child(link(live))
        .child(own_name(live))
        .child(tabs(live))
        .view()
}

/// How the connection is, for a phone that shows the list alone; beside a room, its own banner says so.
fn link(live: Live) -> View {
    let alone = derived(move || live.route().get() == Route::Rooms);
    tag::div("rooms-link")
        .child(move || alone.get().then(connection_banner))
        .view()
}
