//! The composer: the transcript's next line.

mod buttons;
mod completion;
mod field;
mod foot;
mod mode_line;

use leptos::{ev, prelude::*};
use protocol::RoomKind;

use super::avatar::avatar;
use crate::{
    live::{
        Live,
        compose::{ComposeMode, FIELD},
        rooms::room_label,
        text_length::{Length, length},
    },
    text::isolated,
};
use buttons::buttons;
use completion::completion;
use field::field;
use foot::foot;
use mode_line::mode_line;
use view::{Part, View, derived, tag};

/// The composer of the open room.
pub(crate) fn composer() -> View {
    let live = Live::here();
    let compose = live.compose();
    let how_long = derived(move || compose.text.with(|text| length(text)));
    let over = move || matches!(how_long.get(), Length::Over(_));
    let label = derived(move || label(live));
    let offers = derived(move || live.completion().offers());
    tag::form("write js-only")
        .on(ev::submit, move |event| {
            event.prevent_default();
            live.composer().send();
        })
        .child(
            tag::span("who")
                .attr("aria-hidden", "true")
                .child(move || live.me().get().display_name),
        )
        .child(
            tag::div("composer")
                .class_when("too-long", over)
                .child(completion(live, offers))
                .child(mode_line(live))
                .child(
                    tag::div("line")
                        .child(move || live.me().with(|me| avatar(me.id, &me.display_name, "")))
                        .child(
                            tag::div("")
                                .child(
                                    tag::label("sr")
                                        .attr("for", live.own(FIELD))
                                        .child(move || label.get()),
                                )
                                .child(field(live, label, how_long, offers)),
                        )
                        .child(buttons(live, how_long)),
                )
                .child(
                    tag::div("")
                        .attr("id", live.own("composer-foot"))
                        .child(foot(live, how_long)),
                ),
        )
        .view()
}

/// What the field is for: "Write to #general", "Edit your message".
fn label(live: Live) -> String {
    let words = &live.ui().words.composer;
    if matches!(live.compose().mode.get(), ComposeMode::Edit(_)) {
        return words.edit_yours.to_owned();
    }
    if live.in_thread() {
        return live.ui().words.threads.field.to_owned();
    }
    live.open().with(|open| match open {
        Some(room) if room.kind == RoomKind::Direct => {
            (words.write_to_person)(&isolated(&room.name))
        }
        Some(room) => (words.write_to)(&room_label(room)),
        None => String::new(),
    })
}
