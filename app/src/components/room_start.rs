//! The start of a room that nobody has said anything in.

use leptos::{ev, prelude::*};
use protocol::{
    RoomKind,
    rights::{Right, ServerRight},
};

use super::empty::empty;
use crate::live::{Dialog, Live, rooms::room_label};
use view::{Part, View, many, tag};

/// Its name, and what one may do with it.
pub(super) fn room_start(live: Live) -> View {
    let words = &live.ui().words.room;
    let open = live.open().get_untracked();
    let direct = open
        .as_ref()
        .is_some_and(|open| open.kind == RoomKind::Direct);
    let label = open.as_ref().map(room_label).unwrap_or_default();
    let (title, text) = if direct {
        ((words.start_direct)(&label), words.direct_more.to_owned())
    } else {
        (
            (words.start)(&label),
            format!(
                "{}{}{}",
                words.nobody_yet,
                live.ui().words.common.space,
                words.nobody_more
            ),
        )
    };
    let may = open.is_some_and(|open| open.member) && live.rights().may(Right::Govern);
    let room = live.route().get_untracked().room();
    empty(
        title,
        text,
        2,
        many()
            .child(
                (!direct && live.rights().may_on_server(ServerRight::Invite))
                    .then(|| button(live, "btn primary js-only", words.invite, Dialog::Invite)),
            )
            .child(
                room.filter(|_| may && !direct)
                    .map(|room| button(live, "btn js-only", words.set_topic, Dialog::Topic(room))),
            ),
    )
}

fn button(live: Live, class: &'static str, says: &'static str, dialog: Dialog) -> View {
    tag::button("")
        .class(class)
        .attr("type", "button")
        .on(ev::click, move |_| live.dialog().set(Some(dialog)))
        .child(says)
        .view()
}
