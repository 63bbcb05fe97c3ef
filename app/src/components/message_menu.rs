//! The menu of a message: one for the timeline, about the row in use.

use leptos::prelude::*;
use protocol::{ActKind, RoomId, rights::Right};

use super::{
    menu::{MenuItem, pop_menu},
    timeline::on_message,
};
use crate::{keys::RowAct, live::Live};
use view::{Part, View};

/// The menu's element.
pub(crate) const MENU: &str = "message-menu";

/// What one may do with the message of the row in use.
pub(crate) fn message_menu(room: RoomId) -> View {
    let live = Live::here();
    let label = live.ui().words.message.actions;
    let items = Signal::derive(move || items(live, room));
    pop_menu(MENU, label, items).view()
}

fn items(live: Live, room: RoomId) -> Vec<MenuItem> {
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
            live.copy(&text);
        }
    });
    let mut items = Vec::new();
    if live.may(Right::Write) {
        items.push(MenuItem::new("smile", words.react, act(RowAct::React)).key("+"));
        items.push(MenuItem::new("reply", words.reply, act(RowAct::Reply)).key("R"));
    }
    items.push(MenuItem::new("link", words.copy_link, act(RowAct::Link)).key("L"));
    items.push(MenuItem::new("copy", words.copy_text, copy));
    if live.may(Right::Change(ActKind::Edit, message.by)) {
        items.push(MenuItem::new("edit", words.edit, act(RowAct::Edit)).key("E"));
    }
    if live.may(Right::Change(ActKind::Delete, message.by)) {
        items.push(
            MenuItem::new("trash", words.delete, act(RowAct::Delete))
                .key("Del")
                .danger(),
        );
    }
    items
}
