//! A row of the switcher: a room or a person to go to, with the letters marked that fit.

use leptos::{ev, prelude::*};
use protocol::RoomKind;

use super::hit::Hit;
use crate::{
    components::{
        avatar::{avatar_with, presence, state_name},
        marked_name::{marked_name, read_as},
    },
    live::Live,
    text::lang_of,
    ui::icon,
};
use view::{Part, View, tag};

/// The id of the row at a place of the list.
pub(super) fn option_id(at: usize) -> String {
    format!("switch-{at}")
}

/// Closes the switcher, and goes to a hit.
pub(super) fn open(live: Live, hit: Hit) {
    live.close_dialog();
    match hit {
        Hit::Room(room) => live.room_actions().visit(room),
        Hit::Person(person) => live.room_actions().write_to(&[person.id]),
    }
}

/// The row of a hit at a place of the list.
pub(super) fn hit_row(
    live: Live,
    hit: Hit,
    what: &str,
    at: usize,
    chosen: RwSignal<usize>,
) -> View {
    let what = what.trim().trim_start_matches(['#', '@']);
    let (mark, more) = match &hit {
        Hit::Room(room) => {
            let name = if room.kind == RoomKind::Private {
                "lock"
            } else {
                "hash"
            };
            let mark = if room.kind == RoomKind::Direct {
                icon("bubble").view()
            } else {
                icon(name).view()
            };
            (mark, room.topic.clone())
        }
        Hit::Person(person) => {
            let mark = avatar_with(person.id, &person.name, "sm", presence(person.state)).view();
            (
                mark,
                format!(
                    "@{}{}{}",
                    person.handle,
                    live.ui().words.common.dot,
                    state_name(live.ui().words, person.state).to_lowercase()
                ),
            )
        }
    };
    let name = marked_name(hit.name(), what);
    let dot = if more.is_empty() {
        ""
    } else {
        live.ui().words.common.dot
    };
    let read = read_as(hit.name(), hit.latin(), what, dot);
    let lang = lang_of(hit.name());
    let selected = move || chosen.get() == at;
    tag::div("opt")
        .attr("id", option_id(at))
        .attr("role", "option")
        .attr(
            "aria-selected",
            move || if selected() { "true" } else { "false" },
        )
        .on(ev::click, move |_| open(live, hit.clone()))
        .child(mark)
        .child(
            tag::span("w")
                .child(
                    tag::span("")
                        .attr("lang", lang)
                        .child(tag::bdi("").child(name)),
                )
                .child(tag::small("").attr("dir", "auto").child(read).child(more)),
        )
        .child(tag::span("tail").child(move || {
            selected().then(|| tag::kbd("").attr("aria-hidden", "true").child("Enter"))
        }))
        .view()
}
