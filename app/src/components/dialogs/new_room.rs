//! A new room.

use leptos::{ev, prelude::*};
use protocol::{
    ErrorCode, RoomKind, limits::TOPIC_CHARS, validate_room_name_shape, validate_topic,
};

use super::{
    harmless,
    room_field::{WrongField, refuse, room_field, typed},
    title,
};
use crate::{
    components::name_error::name_error,
    i18n::Words,
    live::{Live, api::ApiRefusal},
};
use view::{Part, View, many, tag};

pub(super) const NAME: &str = "room-name";
pub(super) const TOPIC: &str = "room-topic";

/// What is wrong with a name or a topic that is to be set, as a sentence.
pub(super) fn check(words: &Words, name: Option<&str>, topic: Option<&str>) -> Option<WrongField> {
    if let Some(Err(why)) = name.map(validate_room_name_shape) {
        return Some((NAME, name_error(words, why)));
    }
    let long = topic.is_some_and(|topic| validate_topic(topic).is_err());
    long.then(|| (TOPIC, (words.wrong.topic_long)(TOPIC_CHARS as u64)))
}

/// What to say where the server does not take it.
pub(super) fn refused(words: &Words, why: &ApiRefusal) -> WrongField {
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
    let wrong = RwSignal::new(None::<WrongField>);
    let refuse = move |turn, why| refuse(live, wrong, turn, why);
    let make = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let turn = live.ui().focus_turn();
        let (name, topic) = (typed(live, NAME), typed(live, TOPIC));
        if let Some(why) = check(words, Some(&name), Some(&topic)) {
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
                .child(room_field(
                    NAME,
                    dialog.room_name,
                    dialog.room_name_hint,
                    "",
                    wrong,
                ))
                .child(room_field(TOPIC, dialog.topic_optional, "", "", wrong))
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
