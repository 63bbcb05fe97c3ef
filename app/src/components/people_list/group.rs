//! A group of the people list: those who are online, away or offline.

use leptos::prelude::*;
use protocol::PresenceState;

use super::{
    PeopleList,
    drawn::{PersonRow, rows, unpacked},
};
use crate::{components::avatar::state_name, i18n::number};
use view::{Part, View, each, tag};

/// The height of a row, in quarters of a rem as the style sheet has it, so that heights are told without fractions.
const ROW_QUARTERS: usize = 11;

impl PeopleList {
    /// The heading of a group with its number of people, and the rows.
    pub(super) fn group(self, state: PresenceState) -> View {
        let drawn = move || {
            let window = if self.live.ui().alive.get() {
                unpacked(self.windows[state as usize].get())
            } else {
                (0, usize::MAX)
            };
            let (stop, alive) = (self.stop.get(), self.live.ui().alive.get());
            self.of(state, |ids, count| {
                // Without scripts nobody comes in place of those who are not drawn.
                let count = if alive { count } else { ids.len() };
                rows(ids, count, window, stop)
            })
        };
        tag::section("people-group")
            .child(
                tag::h3("")
                    .child(tag::span("").child(state_name(self.live.ui().words, state)))
                    .child(self.live.ui().words.common.dot)
                    .child(move || number(self.of(state, |_, count| count) as u64)),
            )
            .child(tag::ul("").attr("id", group_id(state)).child(each(
                drawn,
                // Who is drawn keeps their element, and so the focus, wherever in the list they are by now.
                |row| match *row {
                    PersonRow::One(id, _) => (id.get(), 0),
                    PersonRow::Gap(at, rows) => (at as u64, rows),
                },
                move |row| match row {
                    PersonRow::One(id, _) => self.person(id, state),
                    PersonRow::Gap(_, rows) => gap(rows),
                },
            )))
            .view()
    }
}

/// The id of the list of a group.
pub(super) fn group_id(state: PresenceState) -> &'static str {
    match state {
        PresenceState::Online => "people-here",
        PresenceState::Away => "people-away",
        PresenceState::Offline => "people-gone",
    }
}

/// What is as high as so many rows. An attribute of a drawing may be a length where the page's policy forbids a style.
fn gap(rows: usize) -> View {
    let quarters = rows * ROW_QUARTERS;
    tag::li("people-gap")
        .attr("aria-hidden", "true")
        .child(tag::svg("svg").attr("width", "100%").attr(
            "height",
            format!("{}.{:02}rem", quarters / 4, quarters % 4 * 25),
        ))
        .view()
}
