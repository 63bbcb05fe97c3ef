//! The menu of a message: one for the timeline, about the row in use.

use client::MessageView;
use leptos::prelude::*;
use protocol::{ActKind, RoomId, SavedPlace, features, rights::Right};

use super::{
    menu::{MenuItem, pop_menu},
    message_act::{may_be_unread, may_open_thread, on_message},
};
use crate::{
    keys::RowAct,
    live::{Dialog, Live},
};
use view::{Part, View, derived};

/// The menu's element.
pub(crate) const MENU: &str = "message-menu";

/// What one may do with the message of the row in use.
pub(crate) fn message_menu(room: RoomId) -> View {
    let live = Live::here();
    let label = live.ui().words.message.actions;
    // What is learnt of others that are saved does not draw an open menu anew.
    let saved = derived(move || {
        let message = live
            .timeline()
            .active
            .get()
            .and_then(|key| live.view().message(key));
        let seq = message.and_then(|message| message.seq);
        seq.is_some_and(|seq| live.saved_actions().is_saved(SavedPlace { room, seq }))
    });
    let items = Signal::derive(move || items(live, room, saved.get()));
    pop_menu(live.own(MENU), label, items).view()
}

fn items(live: Live, room: RoomId, saved: bool) -> Vec<MenuItem> {
    let words = &live.ui().words.message;
    live.timeline().rows.track();
    let Some(key) = live.timeline().active.get() else {
        return Vec::new();
    };
    let Some(message) = live.view().message(key) else {
        return Vec::new();
    };
    let act = |act| {
        Callback::new(move |()| {
            on_message(live, room, key, act);
        })
    };
    let copy = Callback::new(move |()| {
        if let Some(text) = live
            .view()
            .message(key)
            .and_then(|message| message.text.clone())
        {
            live.clipboard().copy(&text);
        }
    });
    let mut items = Vec::new();
    if live.rights().may(Right::Do(ActKind::React)) {
        items.push(MenuItem::new("smile", words.react, act(RowAct::React)).key("+"));
    }
    if live.rights().may(Right::Do(ActKind::Send)) {
        items.push(MenuItem::new("reply", words.reply, act(RowAct::Reply)).key("R"));
    }
    if may_open_thread(live, &message) {
        let says = live.ui().words.threads.reply;
        items.push(MenuItem::new("thread", says, act(RowAct::Thread)).key("T"));
    }
    items.push(MenuItem::new("link", words.copy_link, act(RowAct::Link)).key("L"));
    items.push(MenuItem::new("copy", words.copy_text, copy));
    if message.seq.is_some_and(|seq| may_be_unread(live, seq)) {
        items.push(MenuItem::new("bubble", words.mark_unread, act(RowAct::Unread)).key("U"));
    }
    if message.seq.is_some() && live.rights().understands(features::SAVED) {
        let personal = &live.ui().words.personal;
        let says = if saved {
            personal.unsave
        } else {
            personal.save
        };
        items.push(MenuItem::new("save", says, act(RowAct::Save)).key("S"));
    }
    items.extend(behind(live, room, &message));
    items.extend(changing(live, &message, act));
    items
}

/// What changes the message, as far as one may.
fn changing(
    live: Live,
    message: &MessageView,
    act: impl Fn(RowAct) -> Callback<()>,
) -> Vec<MenuItem> {
    let words = &live.ui().words.message;
    let may = |kind| live.rights().may(Right::Change(kind, message.by));
    let mut items = Vec::new();
    if may(ActKind::Pin) {
        let pins = &live.ui().words.pins;
        let (icon, says) = if message.pinned {
            ("unpin", pins.unpin)
        } else {
            ("pin", pins.pin)
        };
        items.push(MenuItem::new(icon, says, act(RowAct::Pin)).key("P"));
    }
    if may(ActKind::Edit) {
        items.push(MenuItem::new("edit", words.edit, act(RowAct::Edit)).key("E"));
    }
    if may(ActKind::Delete) {
        items.push(
            MenuItem::new("trash", words.delete, act(RowAct::Delete))
                .key("Del")
                .danger(),
        );
    }
    items
}

/// The ways to who reacted, and to what it said before.
fn behind(live: Live, room: RoomId, message: &MessageView) -> impl Iterator<Item = MenuItem> {
    let words = &live.ui().words.message;
    let open = |dialog| Callback::new(move |()| live.dialog().set(Some(dialog)));
    let reacted = (!message.reactions.is_empty())
        .then_some(message.seq)
        .flatten();
    let edited = message.edited_at.and(message.seq);
    let reacted = reacted.map(|seq| {
        MenuItem::new(
            "people",
            words.who_reacted,
            open(Dialog::Reacted(room, seq)),
        )
    });
    let earlier =
        edited.map(|seq| MenuItem::new("clock", words.earlier, open(Dialog::Earlier(room, seq))));
    reacted.into_iter().chain(earlier)
}
