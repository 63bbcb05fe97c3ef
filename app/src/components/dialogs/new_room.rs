//! A new room.

use leptos::{ev, prelude::*};
use protocol::{
    ErrorCode, RoomKind, limits::TOPIC_CHARS, validate_room_name_shape, validate_topic,
};

use super::{harmless, title};
use crate::{
    components::explain::explain,
    form::Why,
    i18n::Words,
    live::{Live, api::Refusal},
    ui::icon_small,
};
use view::{Part, View, many, tag};

const NAME: &str = "room-name";
const TOPIC: &str = "room-topic";

/// What is wrong with a name or a topic, as a sentence.
fn check(words: &Words, name: &str, topic: &str) -> Option<(&'static str, String)> {
    if let Err(why) = validate_room_name_shape(name) {
        return Some((NAME, explain(words, &Why::from(why))));
    }
    validate_topic(topic)
        .is_err()
        .then(|| (TOPIC, (words.wrong.topic_long)(TOPIC_CHARS as u64)))
}

fn refused(words: &Words, why: &Refusal) -> (&'static str, String) {
    match (why.code, why.field.as_deref()) {
        (ErrorCode::Conflict, _) => (NAME, words.wrong.room_taken.to_owned()),
        (_, Some("topic")) => (TOPIC, (words.wrong.topic_long)(TOPIC_CHARS as u64)),
        (_, Some("name")) => (NAME, words.wrong.name_letters.to_owned()),
        _ => (NAME, words.common.failed.to_owned()),
    }
}

/// Make it: for everybody, or for invited people.
pub(crate) fn new_room() -> View {
    let live = Live::here();
    let words = live.ui().words;
    let dialog = &words.dialog;
    let private = RwSignal::new(false);
    let wrong = RwSignal::new(None::<(&'static str, String)>);
    let refuse = move |turn, (field, text): (&'static str, String)| {
        wrong.set(Some((field, text)));
        live.ui()
            .browser(|browser| browser.focus_since(turn, field));
    };
    let make = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let turn = live.ui().focus_turn();
        let value = |field| {
            live.ui()
                .browser(|browser| browser.value(field))
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let (name, topic) = (value(NAME), value(TOPIC));
        if let Some(why) = check(words, &name, &topic) {
            refuse(turn, why);
            return;
        }
        let kind = if private.get_untracked() {
            RoomKind::Private
        } else {
            RoomKind::Public
        };
        let room = protocol::NewRoom {
            kind,
            name,
            topic: Some(topic).filter(|topic| !topic.is_empty()),
        };
        live.room_actions()
            .make_room(&room, move |why| refuse(turn, refused(words, &why)));
    };
    many()
        .child(title(dialog.new_room.to_owned()))
        .child(
            tag::form("")
                .on(ev::submit, make)
                .child(field(NAME, dialog.room_name, dialog.room_name_hint, wrong))
                .child(field(TOPIC, dialog.topic_optional, "", wrong))
                .child(
                    tag::label("choice")
                        .child(tag::input("check").attr("type", "checkbox").on(
                            ev::change,
                            move |event| {
                                private.set(event_target_checked(&event));
                            },
                        ))
                        .child(tag::span("").child(dialog.only_invited)),
                )
                .child(
                    tag::div("ends")
                        .child(harmless(live, words.common.cancel))
                        .child(
                            tag::button("btn primary")
                                .attr("type", "submit")
                                .child(dialog.make_room),
                        ),
                ),
        )
        .view()
}

fn field(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    wrong: RwSignal<Option<(&'static str, String)>>,
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
                .attr("type", "text")
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
