//! A list of the rooms pane, of rooms or of direct rooms: its title with a button, and its rows.

use leptos::{ev, prelude::*};
use protocol::RoomId;

use crate::{
    components::room_row::room_row,
    live::{
        Dialog, Live,
        favourites::{ListPart, list_part},
    },
    ui::icon,
};
use view::{Derived, Part, View, derived, dynamic, each, many, tag};

/// The title, and a button that opens a dialog.
pub(super) fn list_head(
    live: Live,
    title: &'static str,
    act: &'static str,
    dialog: Dialog,
) -> View {
    tag::div("rooms-head")
        .child(tag::h2("").child(title))
        .child(
            tag::button("icon-btn js-only")
                .attr("type", "button")
                .attr("aria-label", act)
                .attr("title", act)
                .on(ev::click, move |_| live.dialog().set(Some(dialog)))
                .child(icon("plus")),
        )
        .view()
}

/// One's favourites with their title, while there are any.
pub(super) fn favourites(live: Live, stop: Derived<Option<RoomId>>) -> View {
    let any = derived(move || {
        live.rooms()
            .with(|rooms| rooms.iter().any(|room| room.favourite))
    });
    dynamic(move || {
        any.get().then(|| {
            let title = tag::h2("").child(live.ui().words.rooms.favourites);
            many()
                .child(tag::div("rooms-head").child(title))
                .child(room_list(live, stop, ListPart::Favourites))
        })
    })
}

/// The rows of a part of the list.
pub(super) fn room_list(live: Live, stop: Derived<Option<RoomId>>, part: ListPart) -> View {
    let ids = derived(move || {
        live.rooms().with(|rooms| {
            rooms
                .iter()
                .filter(|room| list_part(room) == part)
                .map(|room| room.id)
                .collect::<Vec<RoomId>>()
        })
    });
    tag::ul("")
        .attr("id", (part == ListPart::Favourites).then_some("favourites"))
        .child(each(
            move || ids.get(),
            |id| *id,
            move |room| room_row(room, stop),
        ))
        .view()
}
