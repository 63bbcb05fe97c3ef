//! The field of the picker, and the keys that walk its grid from it.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};

use super::{
    Picker,
    grid::{GRID, cell_id},
};
use crate::ui::icon;
use view::{Part, View, tag};

/// The id of the field.
pub(crate) const FIND: &str = "picker-find";

/// Where one types what to look for.
pub(super) fn find(picker: Picker) -> View {
    let emoji = picker.live.emoji();
    let says = picker.live.ui().words.composer.find_emoji;
    let some = move || !picker.shown.with(String::is_empty);
    tag::div("field-row")
        .child(icon("search"))
        .child(
            tag::input("")
                .attr("id", picker.live.own(FIND))
                .attr("type", "text")
                .attr("role", "combobox")
                .attr("autocomplete", "off")
                .attr("spellcheck", "false")
                .attr("placeholder", says)
                .attr("aria-label", says)
                .attr("aria-haspopup", "grid")
                .attr(
                    "aria-expanded",
                    move || if some() { "true" } else { "false" },
                )
                .attr("aria-controls", move || {
                    some().then(|| picker.live.own(GRID))
                })
                .attr("aria-activedescendant", move || {
                    some().then(|| cell_id(picker.live, emoji.active.get()))
                })
                .on(ev::input, move |event| {
                    emoji.active.set(0);
                    emoji.typed.set(event_target_value(&event));
                })
                .on(ev::keydown, move |event| press(picker, &event)),
        )
        .view()
}

fn press(picker: Picker, event: &KeyboardEvent) {
    if event.is_composing() || event.key_code() == 229 {
        return;
    }
    let emoji = picker.live.emoji();
    let at = emoji.active.get_untracked();
    let row = untrack(|| picker.columns());
    let to = match event.key().as_str() {
        "ArrowRight" => at + 1,
        "ArrowLeft" => at.wrapping_sub(1),
        "ArrowDown" => at + row,
        "ArrowUp" => at.wrapping_sub(row),
        "Enter" => {
            if let Some(line) = untrack(|| picker.at(at)) {
                picker.live.emoji_choice().chosen(&line);
            }
            at
        }
        _ => return,
    };
    event.prevent_default();
    // At an edge it stays where it is.
    if to != at && untrack(|| picker.at(to)).is_some() {
        emoji.active.set(to);
        picker
            .live
            .ui()
            .browser(|browser| browser.reveal(&cell_id(picker.live, to)));
    }
}
