//! The head of a list of messages: its title, the way back, and the button that reads all.

use leptos::{ev, prelude::*};

use crate::{
    live::{Live, lists::TITLE},
    route::{Listing, Route},
    ui::icon,
};
use view::{Part, View, derived, tag};

/// The head.
pub(super) fn head(live: Live, list: Listing) -> View {
    let words = live.ui().words;
    let back = tag::a("icon-btn phone-only")
        .attr("href", Route::Rooms.path())
        .attr("aria-label", words.room.back)
        .child(icon("left"));
    let unread = derived(move || {
        live.rooms()
            .with(|rooms| rooms.iter().any(|room| room.unread > 0))
    });
    let read = move |_| {
        live.ui().browser(|browser| browser.focus(TITLE));
        live.room_actions().read_all();
    };
    let all_read = move || {
        (list == Listing::ForYou && unread.get()).then(|| {
            tag::button("btn quiet js-only")
                .attr("type", "button")
                .on(ev::click, read)
                .child(words.personal.all_read)
        })
    };
    tag::header("room-head")
        // What is a tab of a phone has the way back at its foot.
        .child((list == Listing::Saved).then_some(back))
        .child(
            tag::h2("at")
                .attr("id", TITLE)
                .attr("tabindex", "-1")
                .child(tag::span("").child(live.list_title(list))),
        )
        .child(all_read)
        .view()
}
