//! The grid of the picker, in rows. What is out of view is not drawn: the style sheet says so.

use leptos::{ev, prelude::*};

use super::{PICKER, Picker};
use crate::live::{
    Live,
    emoji::{Emoji, titled, titles},
};
use view::{Part, View, dynamic, tag};

/// The id of the grid.
pub(super) const GRID: &str = "picker-grid";

/// The id of the cell at a place of the grid.
pub(super) fn cell_id(live: Live, at: usize) -> String {
    format!("{}-{at}", live.own(PICKER))
}

/// What there is to choose from; or that nothing was found.
pub(super) fn grid(picker: Picker) -> View {
    let emoji = picker.live.emoji();
    let words = &picker.live.ui().words.dialog;
    dynamic(move || {
        let (shown, columns) = (picker.shown.get(), picker.columns());
        if shown.is_empty() {
            let says = emoji.typed.with(|what| (words.nothing_found)(what));
            return tag::p("none").attr("role", "status").child(says).view();
        }
        let title = emoji.table.with_untracked(|table| {
            let groups = titles(table, '=');
            let group = groups.get(emoji.group.get_untracked())?;
            Some(picker.name(titled(group).1))
        });
        let tone = emoji.tone();
        let mut rows = Vec::new();
        let mut row = Vec::new();
        for (at, line) in shown.lines().enumerate() {
            row.push(cell(picker, line, at, tone));
            if row.len() == columns {
                rows.push(full(std::mem::take(&mut row)));
            }
        }
        if !row.is_empty() {
            rows.push(full(row));
        }
        tag::div("cells")
            .attr("id", picker.live.own(GRID))
            .attr("role", "grid")
            .attr("aria-label", title)
            .child(rows)
            .view()
    })
}

fn full(row: Vec<View>) -> View {
    tag::div("em").attr("role", "row").child(row).view()
}

fn cell(picker: Picker, line: &str, at: usize, tone: u8) -> View {
    let one = Emoji(line);
    let line = line.to_owned();
    let active = picker.live.emoji().active;
    tag::button("emoji")
        .attr("id", cell_id(picker.live, at))
        .attr("type", "button")
        .attr("role", "gridcell")
        .attr("tabindex", "-1")
        .attr("aria-label", picker.name(one.names()))
        .attr("aria-selected", move || {
            if active.get() == at { "true" } else { "false" }
        })
        .on(ev::mouseenter, move |_| active.set(at))
        .on(ev::click, move |_| picker.live.emoji_choice().chosen(&line))
        .child(one.toned(tone))
        .view()
}
