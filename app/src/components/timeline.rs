//! The timeline: a transcript that opens at its newest end and grows upwards without moving what one reads.

use client::{
    Load,
    rows::{RowKey, RowKind},
};
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use protocol::{
    ActKind, RoomId, RoomKind, Seq,
    rights::{Right, ServerRight},
};

use super::{
    divider::{day, gap, new, note},
    empty::empty,
    message::message,
    skeleton::skeleton,
};
use crate::text::isolated;
use crate::{
    keys::{RowAct, row_act},
    live::{
        Dialog, Live, Picking,
        rooms::room_label,
        timeline::{RowCell, TIMELINE},
    },
    ports::Step,
    route::Route,
};
use view::{Part, View, derived, each, many, tag};

/// The messages of a room.
pub(crate) fn timeline(room: RoomId) -> View {
    let live = Live::here();
    let words = &live.ui().words.room;
    let label = move || {
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
        .attr("id", TIMELINE)
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
                    (true, true, false, _) => start(live),
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
fn older(live: Live, room: RoomId) -> View {
    let oldest = live.timeline().rows.with_untracked(|rows| {
        rows.iter().find_map(|cell| {
            cell.kind.with_untracked(|kind| match kind {
                RowKind::Message { message, .. } => message.seq,
                _ => None,
            })
        })
    });
    oldest
        .map(|seq| {
            tag::p("no-js reading").child(
                tag::a("link")
                    .attr("href", Route::Room(room, Some(seq)).path())
                    .child(live.ui().words.room.older),
            )
        })
        .view()
}

fn row(live: Live, room: RoomId, cell: RowCell) -> View {
    match cell.kind.get_untracked() {
        RowKind::Day(value) => day(live, value).view(),
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

/// The start of a room that nobody has said anything in.
fn start(live: Live) -> View {
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
    let may = open.is_some_and(|open| open.member) && live.may(Right::Govern);
    let room = live.route().get_untracked().room();
    empty(
        title,
        text,
        2,
        many()
            .child(
                (!direct && live.may_on_server(ServerRight::Invite))
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

/// The keys of a row: the one that has the focus. While the list itself has it, the one in use.
fn press(live: Live, room: RoomId, event: &KeyboardEvent) {
    let chord = event.ctrl_key() || event.meta_key() || event.alt_key();
    let Some(act) = row_act(&event.key(), chord) else {
        return;
    };
    if let RowAct::Go(step) = act {
        event.prevent_default();
        // What is drawn may end before the newest.
        if step == Step::Last && live.timeline().extent.with_untracked(|extent| extent.below) {
            live.scroll().to_end();
            return;
        }
        live.ui()
            .browser(|browser| browser.step_focus(TIMELINE, "article", step));
        return;
    }
    let timeline = live.timeline();
    let focused = timeline.focused.get_value();
    let Some(key) = focused.or_else(|| timeline.active.get_untracked()) else {
        return;
    };
    if on_message(live, room, key, act) {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Does something with a message. False when there is nothing to do with it.
pub(crate) fn on_message(live: Live, room: RoomId, key: RowKey, act: RowAct) -> bool {
    let Some(message) = live.view().message(key) else {
        return false;
    };
    let Some(seq) = message.seq.filter(|_| !message.deleted) else {
        return false;
    };
    let may = |right| untrack(|| live.may(right));
    match act {
        RowAct::Link => copy_link(live, room, seq),
        RowAct::Menu => open_message_menu(live, key),
        _ if !may(Right::Write) => return false,
        RowAct::React => live.pick(Picking::Reaction(key)),
        RowAct::Reply => live.composer().reply(seq),
        RowAct::Edit if may(Right::Change(ActKind::Edit, message.by)) => {
            live.composer()
                .edit(seq, message.text.as_deref().unwrap_or_default());
        }
        RowAct::Delete if may(Right::Change(ActKind::Delete, message.by)) => {
            live.dialog().set(Some(Dialog::Delete(room, seq)));
        }
        RowAct::Edit | RowAct::Delete | RowAct::Go(_) => return false,
    }
    true
}

/// Opens the menu of a row's message.
pub(crate) fn open_message_menu(live: Live, key: RowKey) {
    live.timeline().activate(key);
    live.open_menu(super::message_menu::MENU);
}

fn copy_link(live: Live, room: RoomId, seq: Seq) {
    let path = Route::Room(room, Some(seq)).path();
    live.ui().browser(|browser| {
        let link = browser.origin() + &path;
        live.copy(&link);
    });
}
