//! What is unread in threads that one follows: beside a room's name, and as an entry of the list.

use leptos::{ev, prelude::*};
use protocol::RoomId;

use crate::{
    i18n::number,
    live::{Dialog, Live},
    ui::{icon, icon_small},
};
use view::{Derived, Part, View, derived, dynamic, many, tag};

/// Unread messages in threads, of one room or of all, and how many of them name one.
fn counted(live: Live, room: Option<RoomId>) -> Derived<(u64, u64)> {
    derived(move || {
        live.threads().with(|threads| {
            let of = threads
                .iter()
                .filter(|(of, ..)| room.is_none_or(|room| *of == room));
            of.fold((0, 0), |sum, (_, unread, named)| {
                (sum.0 + unread, sum.1 + named)
            })
        })
    })
}

/// The number at the row of a room.
pub(crate) fn thread_count(live: Live, room: RoomId) -> View {
    let sums = counted(live, Some(room));
    dynamic(move || {
        let (unread, named) = sums.get();
        (unread > 0).then(|| {
            many()
                .child(icon_small("thread"))
                .child(tail(live, unread, named))
                .view()
        })
    })
}

fn tail(live: Live, unread: u64, named: u64) -> View {
    let says = (live.ui().words.threads.unread)(unread);
    tag::span(if named > 0 { "mine" } else { "count" })
        .child(
            tag::span("")
                .attr("aria-hidden", "true")
                .child(number(unread)),
        )
        .child(tag::span("sr").child(says))
        .view()
}

/// The entry that opens the list of one's threads.
pub(crate) fn threads_entry(live: Live) -> View {
    let sums = counted(live, None);
    let any = derived(move || sums.get().0 > 0);
    tag::button("row threads js-only")
        .class_when("unread", move || any.get())
        .attr("type", "button")
        .attr("aria-haspopup", "dialog")
        .on(ev::click, move |_| live.dialog().set(Some(Dialog::Threads)))
        .child(icon("thread"))
        .child(tag::span("name").child(live.ui().words.threads.all))
        .child(tag::span("tail").child(move || {
            let (unread, named) = sums.get();
            (unread > 0).then(|| tail(live, unread, named))
        }))
        .view()
}
