//! A room's name or topic, changed.

use leptos::{ev, prelude::*};
use protocol::{RoomId, RoomPatch, RoomSummary};

use super::{
    harmless,
    new_room::{NAME, TOPIC, check, refused},
    room_field::{WrongField, refuse, room_field, typed},
    title,
};
use crate::live::{Live, rooms::room_label};
use view::{Part, View, many, tag};

/// Which of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RoomText {
    Name,
    Topic,
}

/// Call it something else.
pub(super) fn rename(room: RoomId) -> View {
    change(room, RoomText::Name)
}

/// Change its topic.
pub(super) fn topic(room: RoomId) -> View {
    change(room, RoomText::Topic)
}

fn change(room: RoomId, what: RoomText) -> View {
    let live = Live::here();
    let words = live.ui().words;
    let open = live.open().get_untracked();
    let wrong = RwSignal::new(None::<WrongField>);
    let refuse = move |turn, why| refuse(live, wrong, turn, why);
    let id = what.field();
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let turn = live.ui().focus_turn();
        let typed = typed(live, id);
        let (name, topic) = match what {
            RoomText::Name => (Some(typed), None),
            RoomText::Topic => (None, Some(typed)),
        };
        if let Some(why) = check(words, name.as_deref(), topic.as_deref()) {
            return refuse(turn, why);
        }
        let patch = RoomPatch {
            name,
            topic,
            ..RoomPatch::default()
        };
        let refused = move |why| {
            let (_, text) = refused(words, &why);
            refuse(turn, (id, text));
        };
        live.room_actions().change_room(room, &patch, refused);
    };
    many()
        .child(title(what.title(live, open.as_ref())))
        .child(
            tag::form("")
                .on(ev::submit, save)
                .child(what.input(live, open.as_ref(), wrong))
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

impl RoomText {
    const fn field(self) -> &'static str {
        match self {
            Self::Name => NAME,
            Self::Topic => TOPIC,
        }
    }

    fn title(self, live: Live, open: Option<&RoomSummary>) -> String {
        let words = &live.ui().words.dialog;
        let label = open.map(room_label).unwrap_or_default();
        match self {
            Self::Name => (words.rename_title)(&label),
            Self::Topic => (words.topic_title)(&label),
        }
    }

    fn input(
        self,
        live: Live,
        open: Option<&RoomSummary>,
        wrong: RwSignal<Option<WrongField>>,
    ) -> View {
        let words = live.ui().words;
        let (label, hint, before) = match self {
            Self::Name => (
                words.dialog.room_name,
                words.dialog.room_name_hint,
                open.map(|open| &open.name),
            ),
            Self::Topic => (
                words.room.topic,
                words.dialog.topic_hint,
                open.map(|open| &open.topic),
            ),
        };
        room_field(
            self.field(),
            label,
            hint,
            before.map_or("", String::as_str),
            wrong,
        )
    }
}
