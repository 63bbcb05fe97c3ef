//! A long press: a finger that stays down opens a menu.

use leptos::prelude::*;

/// The press that may be under way. Each has a turn, so that a timer knows whether it is still the same.
#[derive(Clone, Copy)]
pub(crate) struct LongPress {
    turn: StoredValue<u32>,
    /// Whether it opened a menu.
    opened: StoredValue<bool>,
}

impl LongPress {
    pub(super) fn new() -> Self {
        Self {
            turn: StoredValue::new(0),
            opened: StoredValue::new(false),
        }
    }

    /// A finger went down, or the page moves under it; the turn of the press that begins.
    pub(crate) fn begin(self) -> u32 {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        turn
    }

    /// Whether the finger of this turn is still down.
    pub(crate) fn is(self, turn: u32) -> bool {
        self.turn.get_value() == turn
    }

    /// A menu was opened: it stays when the finger goes up.
    pub(crate) fn opened(self) {
        self.opened.set_value(true);
    }

    /// The finger went up, or moved. Whether it held a menu open.
    pub(crate) fn end(self) -> bool {
        self.begin();
        let opened = self.opened.get_value();
        self.opened.set_value(false);
        opened
    }
}
