//! Pages that are not there, or cannot be shown now.

use crate::{components::empty::empty, ui::Ui};
use view::{Part, View, tag};

/// Nothing here, or nothing that the viewer may know of.
pub(crate) fn missing() -> View {
    let words = &Ui::here().words.common;
    tag::main("alone")
        .child(empty(
            words.missing_title.to_owned(),
            words.missing,
            1,
            tag::a("btn primary")
                .attr("href", "/")
                .child(words.to_rooms)
                .view(),
        ))
        .view()
}

/// The server could not do what was asked.
pub(crate) fn trouble() -> View {
    let words = &Ui::here().words.common;
    tag::main("alone")
        .child(empty(
            words.trouble_title.to_owned(),
            words.trouble,
            1,
            tag::a("btn primary")
                .attr("href", "")
                .child(words.try_again)
                .view(),
        ))
        .view()
}

/// A form that did not come from this server's own pages, as far as it can tell, and what its operator must set if it did.
pub(crate) fn foreign(from: &str, own: &str) -> View {
    let words = &Ui::here().words.common;
    let from = if from.is_empty() {
        words.foreign_nowhere
    } else {
        from
    };
    tag::main("alone")
        .child(empty(
            words.foreign_title.to_owned(),
            (words.foreign)(from, own),
            1,
            tag::a("btn primary")
                .attr("href", "/")
                .child(words.to_rooms)
                .view(),
        ))
        .view()
}
