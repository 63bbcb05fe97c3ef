//! Questions before something that changes what others see.

use leptos::{ev, prelude::*};
use protocol::{Act, RoomId, RoomKind};

use super::{harmless, title};
use crate::live::{Live, rooms::room_label};
use view::{Part, View, many, tag};

/// Delete this message?
pub(crate) fn delete(room: RoomId, seq: u64) -> View {
    let live = Live::here();
    let words = &live.ui().words.dialog;
    let act = move |_| {
        live.close_dialog();
        live.driver().input(client::Input::Act {
            room,
            act: Act::Delete { of: seq },
        });
    };
    many()
        .child(title(words.delete_title.to_owned()))
        .child(tag::p("").child(words.delete_text))
        .child(
            tag::div("ends").child(harmless(live, words.keep)).child(
                tag::button("btn danger")
                    .attr("type", "button")
                    .on(ev::click, act)
                    .child(words.delete),
            ),
        )
        .view()
}

/// Delete this room?
pub(crate) fn delete_room(room: RoomId) -> View {
    let live = Live::here();
    let words = &live.ui().words.dialog;
    let open = live.open().get_untracked();
    let label = open.as_ref().map(room_label).unwrap_or_default();
    let says = (words.room_deleted)(&label);
    many()
        .child(title((words.delete_room_title)(&label)))
        .child(tag::p("").child(words.delete_room_text))
        .child(
            tag::div("ends").child(harmless(live, words.keep)).child(
                tag::button("btn danger")
                    .attr("type", "button")
                    .on(ev::click, move |_| {
                        live.room_actions().delete(room, says.clone());
                    })
                    .child(words.delete),
            ),
        )
        .view()
}

/// Leave this room?
pub(crate) fn leave(room: RoomId) -> View {
    let live = Live::here();
    let words = &live.ui().words.dialog;
    let open = live.open().get_untracked();
    let public = open
        .as_ref()
        .is_some_and(|open| open.kind == RoomKind::Public);
    let label = open.as_ref().map(room_label).unwrap_or_default();
    many()
        .child(title((words.leave_title)(&label)))
        .child(tag::p("").child(if public {
            words.leave_public
        } else {
            words.leave_private
        }))
        .child(
            tag::div("ends").child(harmless(live, words.stay)).child(
                tag::button("btn danger")
                    .attr("type", "button")
                    .on(ev::click, move |_| live.room_actions().leave(room))
                    .child(words.leave),
            ),
        )
        .view()
}
