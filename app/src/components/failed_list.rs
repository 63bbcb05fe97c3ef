//! A list that could not be had, and the button that asks for it again.

use leptos::{ev, prelude::*};

use crate::live::Live;
use view::{Part, View, tag};

/// It `says` so. The element with the id `focus` takes the focus, as the button goes.
pub(super) fn failed_list(
    live: Live,
    says: &'static str,
    focus: &'static str,
    again: Callback<()>,
) -> View {
    let again = move |_| {
        live.ui().browser(|browser| browser.focus(focus));
        again.run(());
    };
    tag::div("pins-failed")
        .attr("role", "alert")
        .child(tag::p("").child(says))
        .child(
            tag::button("btn")
                .attr("type", "button")
                .on(ev::click, again)
                .child(live.ui().words.common.try_again),
        )
        .view()
}
