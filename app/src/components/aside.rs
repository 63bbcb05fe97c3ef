//! The live regions: new messages are told politely, failures at once.

use leptos::prelude::*;

use crate::live::Live;
use crate::live::announcements::SpokenText;
use view::{Part, View, each, tag};

/// The two regions. They are there from the start: a region that appears with its words is not read.
pub(crate) fn live_regions() -> View {
    let announcements = Live::here().announced();
    tag::div("regions")
        .child(
            tag::div("sr")
                .attr("id", "announcer")
                .attr("role", "status")
                .attr("aria-live", "polite")
                .child(said(announcements.polite)),
        )
        .child(
            tag::div("sr")
                .attr("id", "alarm")
                .attr("role", "alert")
                .attr("aria-live", "assertive")
                .child(said(announcements.assertive)),
        )
        .view()
}

/// What is said, in an element of its own each time: a region whose words are the same as before has not changed, and is not read
/// again.
fn said(what: RwSignal<Option<SpokenText>>) -> View {
    each(
        move || what.get().into_iter().collect(),
        |said| said.turn,
        |said| tag::p("").child(said.text),
    )
}
