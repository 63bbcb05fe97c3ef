//! Tabs of a phone, at the foot of the rooms pane and of the lists of messages.

use leptos::{ev, prelude::*};

use super::room_row::to_me;
use crate::{
    live::{Dialog, Live},
    route::{Listing, PagePath, Route},
    ui::icon,
};
use view::{Part, View, tag};

/// Rooms, what is for one, search, settings.
pub(super) fn tabs(live: Live) -> View {
    let words = &live.ui().words.rooms;
    let for_you = Route::List(Listing::ForYou);
    let tab = |route: Route| {
        tag::a("")
            .attr("href", route.path())
            .attr("aria-current", move || {
                (live.route().get() == route).then_some("page")
            })
    };
    tag::div("tabs")
        .child(
            tab(Route::Rooms)
                .child(icon("hash"))
                .child(tag::span("").child(words.title)),
        )
        .child(
            tab(for_you)
                .child(icon("for-you"))
                .child(tag::span("").child(live.list_title(Listing::ForYou)))
                .child(move || to_me(live)),
        )
        .child(
            tag::button("js-only")
                .attr("type", "button")
                .on(ev::click, move |_| {
                    live.dialog().set(Some(Dialog::Switcher));
                })
                .child(icon("search"))
                .child(tag::span("").child(words.search)),
        )
        .child(
            tag::a("")
                .attr("href", PagePath::You.path())
                .child(icon("person"))
                .child(tag::span("").child(words.you)),
        )
        .view()
}
