//! Keys of the timeline's rows: to walk them, and to act on the message of one.

use leptos::{ev::KeyboardEvent, prelude::*};
use protocol::RoomId;

use super::message_act::on_message;
use crate::{
    keys::{RowAct, row_act},
    live::{Live, timeline::TIMELINE},
    ports::SiblingStep,
};

/// The keys of a row: the one that has the focus. While the list itself has it, the one in use.
pub(super) fn press(live: Live, room: RoomId, event: &KeyboardEvent) {
    let chord = event.ctrl_key() || event.meta_key() || event.alt_key();
    let Some(act) = row_act(&event.key(), chord) else {
        return;
    };
    if let RowAct::Go(step) = act {
        event.prevent_default();
        // What is drawn may end before the newest.
        if step == SiblingStep::Last && live.timeline().extent.with_untracked(|extent| extent.below)
        {
            live.scroll().to_end();
            return;
        }
        live.ui()
            .browser(|browser| browser.step_focus(live.own(TIMELINE), "article", step));
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
