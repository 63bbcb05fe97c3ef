//! The list of the switcher: rooms and people, each under its title, or that nothing was found.

use leptos::prelude::*;

use super::{hit::Hit, hit_row::hit_row};
use crate::live::Live;
use view::{Part, View, many, tag};

/// The rows of what was found for what is typed.
pub(super) fn hit_list(live: Live, found: &[Hit], what: &str, chosen: RwSignal<usize>) -> View {
    let words = live.ui().words;
    if found.is_empty() {
        return tag::p("none")
            .child((words.dialog.nothing_found)(what))
            .view();
    }
    let rooms = found
        .iter()
        .filter(|hit| matches!(hit, Hit::Room(_)))
        .count();
    let group = |title: &'static str, from: usize, to: usize| {
        (from < to).then(|| {
            let id = format!("switch-group-{from}");
            let label = id.clone();
            let options: Vec<_> = (from..to)
                .filter_map(|at| {
                    found
                        .get(at)
                        .map(|hit| hit_row(live, hit.clone(), what, at, chosen))
                })
                .collect();
            tag::div("")
                .attr("role", "group")
                .attr("aria-labelledby", label)
                // Not a heading: a list of options owns options and groups alone.
                .child(
                    tag::div("title")
                        .attr("id", id)
                        .attr("role", "presentation")
                        .child(title),
                )
                .child(options)
        })
    };
    many()
        .child(group(words.rooms.title, 0, rooms))
        .child(group(words.room.people, rooms, found.len()))
        .view()
}
