//! A text that the browser lets nobody copy but the person.

use leptos::prelude::*;

use super::{harmless, title};
use crate::live::Live;
use view::{Part, View, many, tag, watch};

const TEXT: &str = "by-hand";

/// The text, selected, and which keys copy it.
pub(crate) fn by_hand() -> View {
    let live = Live::here();
    let words = live.ui().words;
    watch(move || {
        live.ui().browser(|browser| {
            browser.set_value(TEXT, &live.uncopied().get());
            browser.select(TEXT);
        });
    });
    many()
        .child(title(words.dialog.by_hand_title.to_owned()))
        .child(
            tag::div("field")
                .child(tag::label("").attr("for", TEXT).child(words.dialog.by_hand))
                .child(
                    tag::textarea("input")
                        .attr("id", TEXT)
                        .attr("rows", "4")
                        .attr("readonly", true)
                        .attr("dir", "auto"),
                ),
        )
        .child(tag::div("ends").child(harmless(live, words.common.close)))
        .view()
}
