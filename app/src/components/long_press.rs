//! Long press: a finger that rests on a message of a touch screen opens its menu, and on a reaction the list of who reacted.

use client::rows::RowKey;
use leptos::ev::PointerEvent;

use super::message_act::open_message_menu;
use crate::live::Live;

/// The finger went up. Some browsers close what it held open, as if it had been put down beside it: it opens again.
pub(super) fn released(live: Live, key: RowKey) {
    if live.press().end() {
        live.ui().browser(|browser| {
            browser.after(0, Box::new(move || open_message_menu(live, key)));
        });
    }
}

/// Opens the menu of the message that is held.
pub(super) fn hold_menu(live: Live, key: RowKey) {
    // The menu stands beside it, and gives the focus back to it.
    live.ui()
        .browser(|browser| browser.focus(&live.timeline().id(key)));
    live.press().opened();
    open_message_menu(live, key);
}

/// A long press on a touch screen does this.
pub(super) fn long_press(
    live: Live,
    does: impl Fn() + Clone + 'static,
) -> impl FnMut(PointerEvent) + 'static {
    const PRESS_MS: u64 = 500;
    move |event: PointerEvent| {
        if event.pointer_type() != "touch" {
            return;
        }
        let turn = live.press().begin();
        let does = does.clone();
        let held = move || {
            if live.press().is(turn) {
                live.ui().browser(|browser| browser.held());
                does();
            }
        };
        live.ui()
            .browser(|browser| browser.after(PRESS_MS, Box::new(held)));
    }
}
