//! The quick switcher: every room and person, a few letters away.

mod field;
mod hit;
mod hit_list;
mod hit_row;

use leptos::prelude::*;
use protocol::RoomSummary;

use crate::{i18n::Words, live::Live};
use field::field;
use hit::hits;
use hit_list::hit_list;
use view::{Part, View, derived, many, tag};

/// The id of the list of what was found.
const FOUND: &str = "switcher-found";

/// The switcher: field, groups, keys.
pub(crate) fn switcher() -> View {
    let live = Live::here();
    let words = live.ui().words;
    let (typed, chosen) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let others = RwSignal::new(Vec::<RoomSummary>::new());
    live.room_actions()
        .all_rooms(move |rooms| others.set(rooms.unwrap_or_default()));
    live.room_actions().find_people("", |_| ());
    let found = derived(move || others.with(|others| hits(live, others, &typed.get())));
    many()
        .child(
            tag::h2("sr")
                .attr("id", "dialog-title")
                .child(words.rooms.go_to),
        )
        .child(field(live, found, typed, chosen))
        .child(
            tag::div("found")
                .attr("id", FOUND)
                // A list of nothing is no list: what it says instead is told.
                .attr("role", move || {
                    if found.with(Vec::is_empty) {
                        "status"
                    } else {
                        "listbox"
                    }
                })
                .attr("aria-label", words.rooms.go_to)
                .child(move || hit_list(live, &found.get(), &typed.get(), chosen)),
        )
        .child(keys(words))
        .view()
}

/// The keys of the list, for the eyes.
fn keys(words: &Words) -> View {
    let (walk, open, close) = (
        words.dialog.move_key,
        words.dialog.open_key,
        words.dialog.close_key,
    );
    tag::div("keys")
        .attr("aria-hidden", "true")
        .child(
            tag::span("")
                .child(tag::kbd("").child("↑"))
                .child(tag::kbd("").child("↓"))
                .child(walk),
        )
        .child(tag::span("").child(tag::kbd("").child("Enter")).child(open))
        .child(tag::span("").child(tag::kbd("").child("Esc")).child(close))
        .view()
}
