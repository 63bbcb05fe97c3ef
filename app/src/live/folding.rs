//! Which long messages are drawn whole.

use client::rows::RowKey;
use leptos::prelude::*;

use super::timeline::{TIMELINE, TimelineView};

/// Most messages that are drawn whole at a time; the one that was opened first is folded then.
const MAX_WHOLE: usize = 200;

impl TimelineView {
    /// Whether all of a long message is shown.
    pub(crate) fn is_whole(self, key: RowKey) -> bool {
        self.0.timeline().whole.with(|whole| whole.contains(&key))
    }

    /// The browser scrolled in `cut`, the part of a message that is seen: all of it is shown, and what it scrolled to stays where it is.
    pub(crate) fn unfold(self, key: RowKey, cut: &str) {
        let scroll = self.0.ui().browser(|browser| browser.scroll(cut)).flatten();
        // In this one older is above: how far it is scrolled is what is "below", from its other end.
        let down = scroll.map_or(0.0, |scroll| scroll.below);
        if down != 0.0 {
            self.show_whole(key, true, down);
        }
    }

    /// Shows all of a long message, or its beginning again. Its upper edge stays in view.
    pub(crate) fn fold_or_unfold(self, key: RowKey) {
        let whole = self
            .0
            .timeline()
            .whole
            .with_untracked(|whole| whole.contains(&key));
        let place = self
            .0
            .ui()
            .browser(|browser| browser.place(&self.0.timeline().id(key), self.0.own(TIMELINE)))
            .flatten();
        let above = place.map_or(0.0, |place| -place.top.min(0.0));
        self.show_whole(key, !whole, if whole { above } else { 0.0 });
    }

    fn show_whole(self, key: RowKey, on: bool, down: f64) {
        self.0.ui().browser(|browser| {
            browser.hold_row(self.0.own(TIMELINE), &self.0.timeline().id(key), down);
        });
        self.0.timeline().whole.update(|whole| {
            whole.retain(|one| *one != key);
            if on {
                if whole.len() >= MAX_WHOLE {
                    whole.remove(0);
                }
                whole.push(key);
            }
        });
        self.0.scroll().look_soon();
    }
}
