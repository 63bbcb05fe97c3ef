//! The field of the switcher, and the keys that walk the list from it.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};

use super::{
    FOUND,
    hit::Hit,
    hit_row::{open, option_id},
};
use crate::{live::Live, ui::icon};
use view::{Derived, Part, View, tag};

const INPUT: &str = "switcher-input";

/// Where one types.
pub(super) fn field(
    live: Live,
    found: Derived<Vec<Hit>>,
    typed: RwSignal<String>,
    chosen: RwSignal<usize>,
) -> View {
    let words = live.ui().words;
    let typing = move |event| {
        typed.set(event_target_value(&event));
        chosen.set(0);
        let what = typed.get_untracked();
        if !what.trim().is_empty() {
            live.room_actions().find_people(what.trim(), |_| ());
        }
    };
    tag::div("field-row")
        .child(icon("search"))
        .child(
            tag::input("")
                .attr("id", INPUT)
                .attr("type", "text")
                .attr("role", "combobox")
                .attr("autocomplete", "off")
                .attr("spellcheck", "false")
                .attr("autofocus", true)
                .attr("placeholder", words.rooms.go_to)
                .attr("aria-label", words.rooms.go_to)
                .attr("aria-expanded", move || {
                    if found.with(Vec::is_empty) {
                        "false"
                    } else {
                        "true"
                    }
                })
                .attr("aria-controls", FOUND)
                .attr("aria-activedescendant", move || {
                    (!found.with(Vec::is_empty)).then(|| option_id(chosen.get()))
                })
                .on(ev::input, typing)
                .on(ev::keydown, move |event| press(live, found, chosen, &event)),
        )
        .child(
            tag::button("icon-btn phone-only")
                .attr("type", "button")
                .attr("aria-label", words.common.close)
                .on(ev::click, move |_| live.close_dialog())
                .child(icon("x")),
        )
        .view()
}

fn press(live: Live, found: Derived<Vec<Hit>>, chosen: RwSignal<usize>, event: &KeyboardEvent) {
    if event.is_composing() || event.key_code() == 229 {
        return;
    }
    let count = found.with_untracked(Vec::len);
    let at = chosen.get_untracked();
    match event.key().as_str() {
        "ArrowDown" if count > 0 => chosen.set((at + 1) % count),
        "ArrowUp" if count > 0 => chosen.set((at + count - 1) % count),
        "Enter" => {
            if let Some(hit) = found.with_untracked(|found| found.get(at).cloned()) {
                open(live, hit);
            }
        }
        _ => return,
    }
    event.prevent_default();
    live.ui()
        .browser(|browser| browser.reveal(&option_id(chosen.get_untracked())));
}
