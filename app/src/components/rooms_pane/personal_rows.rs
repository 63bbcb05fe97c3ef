//! The ways to what is for one and to what one saved, at the top of the rooms pane.

use leptos::prelude::*;

use crate::{
    components::room_row::to_me,
    live::Live,
    route::{Listing, Route},
    ui::icon,
};
use view::{Part, View, tag};

/// The rows.
pub(super) fn personal_rows(live: Live) -> View {
    tag::ul("")
        .child(row(live, Listing::ForYou))
        .child(row(live, Listing::Saved))
        .view()
}

fn row(live: Live, list: Listing) -> View {
    let (id, mark) = match list {
        Listing::ForYou => ("row-for-you", "for-you"),
        Listing::Saved => ("row-saved", "save"),
    };
    let counts = list == Listing::ForYou;
    let route = Route::List(list);
    let open = move || live.route().get() == route;
    tag::li("")
        .child(
            tag::a("row")
                .class_when("unread", move || counts && live.to_me() > 0)
                .attr("id", id)
                .attr("tabindex", move || {
                    (live.ui().alive.get() && !open()).then_some("-1")
                })
                .attr("href", route.path())
                .attr("aria-current", move || open().then_some("page"))
                .child(icon(mark))
                .child(tag::span("name").child(live.list_title(list)))
                .child(tag::span("tail").child(move || counts.then(|| to_me(live)))),
        )
        .view()
}
