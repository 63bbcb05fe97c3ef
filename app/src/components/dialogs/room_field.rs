//! A field of a dialog about a room, with its hint, or what is wrong with what was typed.

use leptos::prelude::*;

use crate::{live::Live, ui::icon_small};
use view::{Part, View, tag};

/// The field that is wrong, by its id, and what to say about it.
pub(super) type WrongField = (&'static str, String);

/// What was typed into a field, without spaces around it.
pub(super) fn typed(live: Live, field: &str) -> String {
    let typed = live.ui().browser(|browser| browser.value(field));
    typed.unwrap_or_default().trim().to_owned()
}

/// Says what is wrong, and gives the field the focus unless a person has moved it since `turn`.
pub(super) fn refuse(live: Live, wrong: RwSignal<Option<WrongField>>, turn: u32, why: WrongField) {
    let field = why.0;
    wrong.set(Some(why));
    live.ui()
        .browser(|browser| browser.focus_since(turn, field));
}

/// A field for a text; `value` stands in it first.
pub(super) fn room_field(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: &str,
    wrong: RwSignal<Option<WrongField>>,
) -> View {
    field("text", id, label, hint, value, wrong)
}

/// A field of a type of the browser's.
pub(super) fn field(
    kind: &'static str,
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: &str,
    wrong: RwSignal<Option<WrongField>>,
) -> View {
    let mine = move || {
        wrong
            .get()
            .filter(|(field, _)| *field == id)
            .map(|(_, text)| text)
    };
    let about = format!("{id}-h");
    tag::div("field")
        .child(tag::label("").attr("for", id).child(label))
        .child(
            tag::input("input")
                .attr("id", id)
                .attr("type", kind)
                .attr("value", value.to_owned())
                .attr("autocomplete", "off")
                .attr("dir", "auto")
                .attr("aria-describedby", about.clone())
                .attr("aria-invalid", move || mine().map(|_| "true")),
        )
        .child(
            tag::p("")
                .attr(
                    "class",
                    move || if mine().is_some() { "err" } else { "hint" },
                )
                .attr("id", about)
                .child(move || mine().map(|_| icon_small("alert")))
                .child(tag::span("").child(move || mine().unwrap_or_else(|| hint.to_owned()))),
        )
        .view()
}
