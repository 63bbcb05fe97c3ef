//! The live regions: new messages are told politely, failures at once.

use leptos::prelude::*;

use crate::live::Live;
use crate::view::{Part, View, tag};

/// The two regions. They are there from the start: a region that appears with its words is not read.
pub(crate) fn live_regions() -> View {
    let voice = Live::here().voice();
    tag::div("regions")
        .child(
            tag::div("sr")
                .attr("id", "announcer")
                .attr("role", "status")
                .attr("aria-live", "polite")
                .child(move || voice.polite.get()),
        )
        .child(
            tag::div("sr")
                .attr("id", "alarm")
                .attr("role", "alert")
                .attr("aria-live", "assertive")
                .child(move || voice.assertive.get()),
        )
        .view()
}
