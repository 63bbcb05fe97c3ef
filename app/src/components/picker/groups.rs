//! The groups of the picker: tabs, walked with the arrows.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};

use super::{Picker, grid::GRID};
use crate::{
    live::emoji::{titled, titles},
    ports::SiblingStep,
};
use view::{Part, View, tag};

/// The id of the list of tabs.
const GROUPS: &str = "picker-groups";

/// The tabs. The one that gets the focus is shown.
pub(super) fn groups(picker: Picker) -> View {
    let emoji = picker.live.emoji();
    let tab = |(at, line): (usize, &str)| {
        let (sign, names) = titled(line);
        let chosen = move || emoji.group.get() == at && emoji.typed.with(String::is_empty);
        let show = move || {
            if !chosen() {
                emoji.active.set(0);
                emoji.typed.set(String::new());
                emoji.group.set(at);
            }
        };
        tag::button("emoji")
            .attr("type", "button")
            .attr("role", "tab")
            .attr("aria-controls", picker.live.own(GRID))
            .attr(
                "aria-selected",
                move || if chosen() { "true" } else { "false" },
            )
            .attr(
                "tabindex",
                move || if emoji.group.get() == at { "0" } else { "-1" },
            )
            .attr("aria-label", picker.name(names))
            .attr("title", picker.name(names))
            .on(ev::focus, move |_| untrack(show))
            .on(ev::click, move |_| untrack(show))
            .child(sign.to_owned())
            .view()
    };
    let tabs: Vec<View> = emoji.table.with_untracked(|table| {
        let groups = titles(table, '=').into_iter().enumerate();
        groups.map(tab).collect()
    });
    tag::div("cats")
        .attr("id", picker.live.own(GROUPS))
        .attr("role", "tablist")
        .attr("aria-label", picker.live.ui().words.composer.emoji)
        .on(ev::keydown, move |event| walk(picker, &event))
        .child(tabs)
        .view()
}

fn walk(picker: Picker, event: &KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowRight" => SiblingStep::By(1),
        "ArrowLeft" => SiblingStep::By(-1),
        "Home" => SiblingStep::First,
        "End" => SiblingStep::Last,
        _ => return,
    };
    event.prevent_default();
    picker
        .live
        .ui()
        .browser(|browser| browser.step_focus(picker.live.own(GROUPS), "button", step));
}
