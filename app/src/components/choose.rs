//! The empty place beside the list, when no room is open.

use leptos::{ev, prelude::*};

use super::{connection_banner::connection_banner, empty::empty};
use crate::live::{Dialog, Live};
use view::{Part, View, tag};

/// "Choose a room", or what to do without any.
pub(crate) fn choose() -> View {
    let live = Live::here();
    let words = &live.ui().words.rooms;
    let none = move || live.rooms().with(Vec::is_empty);
    tag::section("room choose")
        .attr("aria-label", words.choose)
        .child(move || {
            let title = if none() { words.none } else { words.choose };
            let text = if none() { "" } else { words.choose_more };
            empty(
                title.to_owned(),
                text,
                2,
                tag::button("btn js-only")
                    .attr("type", "button")
                    .on(ev::click, move |_| live.dialog().set(Some(Dialog::Browse)))
                    .child(words.browse),
            )
        })
        .child(tag::div("dock").child(connection_banner()))
        .view()
}
