//! Pinned messages of a room: the list, each a way to its message.

mod pin_item;

use leptos::prelude::*;
use protocol::{RoomId, RoomKind, limits::PINS};

use super::{loading, not_loaded, side_head};
use crate::{
    components::empty::empty,
    live::{
        Live,
        pins::{CLOSE, PinnedList},
        rooms::room_label,
    },
    ui::bdi,
};
use pin_item::pin_item;
use view::{Part, View, derived, each, many, tag};

/// The id of the list.
const LIST: &str = "pins-list";

/// The list, or that there is nothing in it.
pub(crate) fn pins(room: RoomId) -> View {
    let live = Live::here();
    let list = PinnedList::new(live, room);
    let here = derived(move || list.told.with(Option::is_some));
    let none = derived(move || list.pins().is_empty());
    many()
        .child(head(live))
        .child(
            tag::div("pins-scroll").child(move || match (here.get(), none.get()) {
                (true, true) => nothing(live),
                (true, false) => items(list),
                (false, _) if list.failed.get() => {
                    not_loaded(live, CLOSE, Callback::new(move |()| list.load()))
                }
                (false, _) => loading(live),
            }),
        )
        .view()
}

fn head(live: Live) -> View {
    let open = live.open().get_untracked();
    let room = open.as_ref().map(room_label).unwrap_or_default();
    let title = many()
        .child(live.ui().words.pins.pinned)
        .child(" ")
        .child(tag::span("grow").child(bdi(&room)));
    side_head(live, CLOSE, title.view())
}

fn items(list: PinnedList) -> View {
    let words = &list.live.ui().words.pins;
    let more = derived(move || {
        list.told
            .with(|told| told.as_ref().is_some_and(|told| told.more))
    });
    let tab = list.tab_stop();
    many()
        .child(tag::ul("items").attr("id", LIST).child(each(
            move || list.pins(),
            |pin| (pin.message.seq, pin.message.edited_at, pin.at),
            move |pin| pin_item(list, tab, &pin),
        )))
        .child(move || {
            more.get()
                .then(|| tag::p("pins-more").child((words.newest)(u64::from(PINS))))
        })
        .view()
}

fn nothing(live: Live) -> View {
    let words = &live.ui().words.pins;
    let open = live.open().get_untracked();
    let room = open.as_ref().map(room_label).unwrap_or_default();
    if open.is_some_and(|open| open.kind == RoomKind::Direct) {
        empty((words.none_with)(&room), words.none_with_more, 2, ())
    } else {
        empty((words.none)(&room), words.none_more, 2, ())
    }
}
