//! The timeline: a transcript that opens at its newest end and grows upwards without moving what one reads.

use client::{Load, rows::RowKind};
use leptos::{ev, prelude::*};
use protocol::RoomId;

use super::{
    divider::{day, gap, new, note},
    message::message,
    room_start::room_start,
    row_keys::press,
    skeleton::skeleton,
};
use crate::{
    live::{Live, row_cells::RowCell, timeline::TIMELINE},
    text::isolated,
};
use view::{Part, View, derived, each, tag};

/// The messages of a room.
pub(crate) fn timeline(room: RoomId) -> View {
    let live = Live::here();
    let words = &live.ui().words.room;
    let label = move || {
        if live.in_thread() {
            return Some(live.ui().words.threads.title.to_owned());
        }
        live.open().with(|open| {
            open.as_ref()
                .map(|open| (words.messages_in)(&isolated(&open.name)))
        })
    };
    let extent = live.timeline().extent;
    let top = derived(move || {
        extent.with(|extent| {
            (
                extent.loaded,
                extent.empty,
                extent.more,
                extent.load.clone(),
            )
        })
    });
    tag::div("timeline")
        .attr("id", live.own(TIMELINE))
        .attr("role", "log")
        .attr("aria-live", "off")
        .attr("aria-label", label)
        .attr("tabindex", "0")
        .on(ev::scroll, move |_| live.scroll().look_around())
        .on(ev::focusout, move |_| {
            live.timeline().focused.set_value(None);
        })
        .on(ev::keydown, move |event| press(live, room, &event))
        .child(
            tag::div("log")
                .child(move || match top.get() {
                    // What is not there stands below its first message.
                    (true, ..) if live.in_thread() => ().view(),
                    (true, true, false, _) => room_start(live),
                    (true, _, true, Load::Idle) => older(live, room),
                    (true, _, false, _) => ().view(),
                    (.., Load::Failed { .. }) => failed(live, room),
                    (.., Load::Loading | Load::Idle) => skeleton(),
                })
                .child(each(
                    move || live.timeline().rows.get(),
                    |cell| cell.key,
                    move |cell| row(live, room, cell),
                )),
        )
        .view()
}

/// Without scripts older messages are a page of their own.
pub(super) fn older(live: Live, room: RoomId) -> View {
    let oldest = live.timeline().rows.with_untracked(|rows| {
        rows.iter().find_map(|cell| {
            cell.kind.with_untracked(|kind| match kind {
                RowKind::Message { message, .. } if message.seq != live.root() => message.seq,
                _ => None,
            })
        })
    });
    oldest
        .map(|seq| {
            tag::p("no-js reading").child(
                tag::a("link")
                    .attr("href", live.link_to(room, seq).path())
                    .child(live.ui().words.room.older),
            )
        })
        .view()
}

fn row(live: Live, room: RoomId, cell: RowCell) -> View {
    match cell.kind.get_untracked() {
        RowKind::Day(value) => day(live, room, value).view(),
        RowKind::New(_) => new(live, cell).view(),
        RowKind::Note(value) => note(live, value).view(),
        RowKind::Gap(_) => gap(live, room, cell).view(),
        RowKind::Message { .. } => message(live, room, &cell).view(),
    }
}

/// What could not be loaded, and the way to try again.
fn failed(live: Live, room: RoomId) -> View {
    let words = live.ui().words;
    tag::div("divider gap")
        .attr("role", "status")
        .child(
            tag::div("torn")
                .child(tag::span("").child(words.message.gone))
                .child(
                    tag::button("btn small")
                        .attr("type", "button")
                        .on(ev::click, move |_| {
                            live.driver().input(client::Input::Reload(room));
                        })
                        .child(words.common.try_again),
                ),
        )
        .view()
}
