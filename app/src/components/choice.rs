//! A choice of a form: its options, under its label.

use crate::ui::icon;
use view::{Element, Part, View, tag};

/// One of a choice.
pub(crate) fn option(
    value: impl Into<String>,
    says: impl Into<String>,
    selected: bool,
    lang: Option<&'static str>,
) -> View {
    let (value, says) = (value.into(), says.into());
    tag::el("option")
        .attr("value", value)
        .attr("selected", selected)
        .attr("lang", lang)
        .child(says)
        .view()
}

/// A choice under its label. `id` becomes the element's.
pub(crate) fn labelled(id: &'static str, label: &'static str, select: Element) -> View {
    tag::div("field")
        .child(tag::label("").attr("for", id).child(label))
        .child(
            tag::span("pick")
                .child(select.attr("id", id))
                .child(icon("down")),
        )
        .view()
}
