//! Unread rooms beyond the edges of the list.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use protocol::RoomId;

use crate::{keys::list_step, live::Live, ui::icon_small};
use view::{View, dynamic, tag};

/// The id of the element that scrolls.
pub(crate) const LIST: &str = "rooms-list";

/// How many rooms with something unread are above and below what is seen of the list.
#[derive(Clone, Copy)]
pub(crate) struct Beyond {
    above: RwSignal<u64>,
    below: RwSignal<u64>,
}

impl Beyond {
    pub(crate) fn new() -> Self {
        Self {
            above: RwSignal::new(0),
            below: RwSignal::new(0),
        }
    }
}

/// The unread rooms above the view, or below it, in the order of the list of rooms.
fn beyond(live: Live, above: bool) -> Vec<RoomId> {
    let is_beyond = |room: &RoomId| {
        let place = live
            .ui()
            .browser(|browser| browser.place(&row_id(*room), LIST))
            .flatten();
        place.is_some_and(|place| {
            if above {
                place.bottom < 8.0
            } else {
                place.top > place.view - 8.0
            }
        })
    };
    live.rooms().with_untracked(|rooms| {
        let unread = rooms.iter().filter(|room| room.unread > 0);
        unread.map(|room| room.id).filter(is_beyond).collect()
    })
}

/// The id of a room's row.
pub(crate) fn row_id(room: RoomId) -> String {
    format!("row-{room}")
}

/// Looks what is beyond; again when the list is scrolled, or changes.
pub(crate) fn look(live: Live, counts: Beyond) {
    for (signal, above) in [(counts.above, true), (counts.below, false)] {
        let count = beyond(live, above).len() as u64;
        if signal.get_untracked() != count {
            signal.set(count);
        }
    }
}

/// The line at one edge: how many rooms, and the way to the next of them.
pub(crate) fn edge(live: Live, counts: Beyond, above: bool) -> View {
    let words = &live.ui().words.rooms;
    let count = if above { counts.above } else { counts.below };
    dynamic(move || {
        let count = count.get();
        (count > 0).then(|| {
            let go = move |_| {
                let rooms = beyond(live, above);
                let next = if above { rooms.last() } else { rooms.first() };
                if let Some(&room) = next {
                    live.ui().browser(|browser| browser.reveal(&row_id(room)));
                }
            };
            tag::button("btn small fold")
                .class_when("above", above)
                .attr("type", "button")
                .on(ev::click, go)
                .child(icon_small(if above { "up" } else { "down" }))
                .child((words.unread_beyond)(count))
        })
    })
}

/// The arrows walk the rows.
pub(crate) fn walk(live: Live, event: &KeyboardEvent) {
    if event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
        return;
    }
    let Some(step) = list_step(&event.key()) else {
        return;
    };
    event.prevent_default();
    live.ui()
        .browser(|browser| browser.step_focus(LIST, "a.row", step));
}
