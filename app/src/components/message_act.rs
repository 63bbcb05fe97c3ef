//! Acts on a message of the timeline: what is done with it by key, menu or toolbar, and whether one may.

use client::{Input, MessageView, rows::RowKey};
use leptos::prelude::*;
use protocol::{ActKind, RoomId, SavedPlace, Seq, features, limits::UNREAD_BACK, rights::Right};

use super::thread::root_of;
use crate::{
    keys::RowAct,
    live::{Dialog, Live, Picking},
};

/// Does something with a message. False when there is nothing to do with it.
pub(crate) fn on_message(live: Live, room: RoomId, key: RowKey, act: RowAct) -> bool {
    let Some(message) = live.view().message(key) else {
        return false;
    };
    let Some(seq) = message.seq.filter(|_| !message.deleted) else {
        return false;
    };
    let may = |right| untrack(|| live.rights().may(right));
    match act {
        RowAct::Link => copy_link(live, room, seq),
        RowAct::Menu => open_message_menu(live, key),
        RowAct::React if may(Right::Do(ActKind::React)) => {
            live.emoji_choice().open(Picking::Reaction(key));
        }
        RowAct::Reply if may(Right::Do(ActKind::Send)) => live.composer().reply(seq),
        RowAct::Edit if may(Right::Change(ActKind::Edit, message.by)) => {
            live.composer()
                .edit(seq, message.text.as_deref().unwrap_or_default());
        }
        RowAct::Delete if may(Right::Change(ActKind::Delete, message.by)) => {
            live.dialog().set(Some(Dialog::Delete(room, seq)));
        }
        RowAct::Pin if may(Right::Change(ActKind::Pin, message.by)) => {
            live.pin_actions().pin(room, seq, !message.pinned);
        }
        RowAct::Save if live.rights().understands(features::SAVED) => {
            live.saved_actions().toggle(SavedPlace { room, seq });
        }
        RowAct::Unread if may_be_unread(live, seq) => {
            live.driver().input(Input::Unread { room, seq });
        }
        RowAct::Thread if may_open_thread(live, &message) => {
            live.navigation()
                .to_thread(room, root_of(&message).unwrap_or(seq));
        }
        RowAct::React
        | RowAct::Reply
        | RowAct::Thread
        | RowAct::Edit
        | RowAct::Delete
        | RowAct::Pin
        | RowAct::Save
        | RowAct::Unread
        | RowAct::Go(_) => return false,
    }
    true
}

/// Whether the server takes "unread from here" of a message of the open room: it must be in it, and not too far back.
pub(crate) fn may_be_unread(live: Live, seq: Seq) -> bool {
    let may = untrack(|| live.rights().may(Right::Read));
    let open = live.open();
    let last = open.with_untracked(|open| open.as_ref().map(|open| open.last_seq));
    let knows = live.rights().understands(features::UNREAD);
    may && knows && last.is_some_and(|last| last.saturating_sub(seq) <= UNREAD_BACK)
}

/// Opens the menu of a row's message.
pub(crate) fn open_message_menu(live: Live, key: RowKey) {
    live.timeline().activate(key);
    live.saved_actions().need();
    live.open_menu(live.own(super::message_menu::MENU));
}

/// Whether a message of the room has a thread, or may have one.
pub(crate) fn may_open_thread(live: Live, message: &MessageView) -> bool {
    let has = message.replies.is_some() || message.thread.is_some();
    let begins = live.rights().understands(features::THREADS)
        && untrack(|| live.rights().may(Right::Do(ActKind::Send)));
    !live.in_thread() && message.seq.is_some() && (has || begins)
}

fn copy_link(live: Live, room: RoomId, seq: Seq) {
    let path = live.link_to(room, seq).path();
    live.ui().browser(|browser| {
        let link = browser.origin() + &path;
        live.clipboard().copy(&link);
    });
}
