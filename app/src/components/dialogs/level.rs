//! Of which messages of a room one wants to hear.

use leptos::{ev, prelude::*};
use protocol::{NotifyLevel, PreferencesPatch, RoomId, RoomSummary};

use super::{harmless, title};
use crate::live::{Live, rooms::room_label};
use view::{Part, View, many, tag};

/// The levels, in the order of their words.
const LEVELS: [NotifyLevel; 3] = [
    NotifyLevel::All,
    NotifyLevel::Mentions,
    NotifyLevel::Nothing,
];

/// A choice of the three, which is stored as it is made.
pub(super) fn level(room: RoomId) -> View {
    let live = Live::here();
    let words = &live.ui().words;
    let label = live.open().get_untracked().as_ref().map(room_label);
    let is = move |level| {
        let has = |one: &RoomSummary| one.id == room && one.notify == level;
        live.rooms().with(|rooms| rooms.iter().any(has))
    };
    let choices = LEVELS.into_iter().zip(words.room.levels);
    let choices = choices.map(|(level, (says, more))| {
        let choose = move |_| {
            let patch = PreferencesPatch {
                notify: Some(level),
                ..PreferencesPatch::default()
            };
            live.room_actions().prefer(room, &patch);
        };
        tag::label("choice level")
            .child(
                tag::input("check")
                    .attr("type", "radio")
                    .attr("name", "level")
                    .checked(move || is(level))
                    .on(ev::change, choose),
            )
            .child(
                tag::span("")
                    .child(tag::b("").child(says))
                    .child(tag::small("").child(more)),
            )
            .view()
    });
    many()
        .child(title((words.room.level_of)(&label.unwrap_or_default())))
        .child(
            tag::div("levels")
                .attr("role", "radiogroup")
                .attr("aria-labelledby", "dialog-title")
                .child(choices.collect::<Vec<_>>()),
        )
        .child(tag::div("ends").child(harmless(live, words.common.close)))
        .view()
}
