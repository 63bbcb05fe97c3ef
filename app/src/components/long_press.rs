//! Long press: a finger that rests on a message of a touch screen opens its menu.

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

/// A long press on a touch screen opens the message's menu.
pub(super) fn long_press(live: Live, key: RowKey) -> impl FnMut(PointerEvent) + 'static {
    const PRESS_MS: u64 = 500;
    move |event: PointerEvent| {
        if event.pointer_type() != "touch" {
            return;
        }
        let turn = live.press().begin();
        let held = move || {
            if live.press().is(turn) {
                live.ui().browser(|browser| {
                    browser.held();
                    // The menu stands beside it, and gives the focus back to it.
                    browser.focus(&live.timeline().id(key));
                });
                live.press().opened();
                open_message_menu(live, key);
            }
        };
        live.ui()
            .browser(|browser| browser.after(PRESS_MS, Box::new(held)));
    }
}
