//! A room's topic.

use leptos::{ev, prelude::*};
use protocol::{RoomId, limits::TOPIC_CHARS, validate_topic};

use super::{harmless, title};
use crate::{
    live::{Live, rooms::room_label},
    ui::icon_small,
};
use view::{Element, Part, View, many, tag};

const INPUT: &str = "topic";

/// Change it.
pub(crate) fn topic(room: RoomId) -> View {
    let live = Live::here();
    let words = live.ui().words;
    let open = live.open().get_untracked();
    let label = open.as_ref().map(room_label).unwrap_or_default();
    let before = open.map(|open| open.topic).unwrap_or_default();
    let wrong = RwSignal::new(None::<String>);
    let refuse = move |turn, text: String| {
        wrong.set(Some(text));
        live.ui()
            .browser(|browser| browser.focus_since(turn, INPUT));
    };
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let turn = live.ui().focus_turn();
        let topic = live
            .ui()
            .browser(|browser| browser.value(INPUT))
            .unwrap_or_default()
            .trim()
            .to_owned();
        if validate_topic(&topic).is_err() {
            refuse(turn, (words.wrong.topic_long)(TOPIC_CHARS as u64));
            return;
        }
        live.room_actions().set_topic(room, topic, move |_| {
            refuse(turn, words.common.failed.to_owned());
        });
    };
    many()
        .child(title((words.dialog.topic_title)(&label)))
        .child(
            tag::form("")
                .on(ev::submit, save)
                .child(field(live, before, wrong))
                .child(
                    tag::div("ends")
                        .child(harmless(live, words.common.cancel))
                        .child(
                            tag::button("btn primary")
                                .attr("type", "submit")
                                .child(words.dialog.save),
                        ),
                ),
        )
        .view()
}

fn field(live: Live, before: String, wrong: RwSignal<Option<String>>) -> Element {
    let words = live.ui().words;
    tag::div("field")
        .child(tag::label("").attr("for", INPUT).child(words.room.topic))
        .child(
            tag::input("input")
                .attr("id", INPUT)
                .attr("type", "text")
                .attr("value", before)
                .attr("autocomplete", "off")
                .attr("dir", "auto")
                .attr("aria-describedby", "topic-h")
                .attr("aria-invalid", move || {
                    wrong.with(Option::is_some).then_some("true")
                }),
        )
        .child(
            tag::p("")
                .attr("class", move || {
                    if wrong.with(Option::is_some) {
                        "err"
                    } else {
                        "hint"
                    }
                })
                .attr("id", "topic-h")
                .child(move || wrong.with(Option::is_some).then(|| icon_small("alert")))
                .child(tag::span("").child(move || {
                    wrong
                        .get()
                        .unwrap_or_else(|| words.dialog.topic_hint.to_owned())
                })),
        )
}
