//! An empty place: a drawing, one sentence that names it, one that says what to do, and the buttons to do it.

use view::{Part, View, tag};

/// `level` is the heading's: 1 where nothing else is on the page.
pub(crate) fn empty(title: String, text: impl Into<String>, level: u8, ends: impl Part) -> View {
    let title = if level == 1 {
        tag::h1("").child(title).view()
    } else {
        tag::h2("").child(title).view()
    };
    tag::div("empty")
        .child(
            tag::svg("svg")
                .class("art")
                .attr("viewBox", "0 0 140 96")
                .attr("aria-hidden", "true")
                .child(tag::svg("path").class("art-gone").attr(
                    "d",
                    "M12 84V40a18 18 0 0 1 18-18h20a18 18 0 0 1 18 18v10a18 18 0 0 1-18 18H20Z",
                ))
                .child(tag::svg("path").class("art-here").attr(
                    "d",
                    "M72 90V44a18 18 0 0 1 18-18h20a18 18 0 0 1 18 18v12a18 18 0 0 1-18 18H80Z",
                ))
                .child(
                    tag::svg("path")
                        .class("art-voice")
                        .attr("d", "M91 46v10M100 40v22M109 44v12"),
                ),
        )
        .child(title)
        .child(tag::p("").child(text.into()))
        .child(tag::div("ends").child(ends))
        .view()
}
