//! Pinned: the quiet line under a message that is pinned in its room.

use leptos::prelude::*;

use super::message_shown::Shown;
use crate::{live::Live, ui::icon_small};
use view::{Derived, View, derived, dynamic, tag};

/// The line, while the message is pinned.
pub(super) fn pinned(live: Live, row: Derived<Option<Shown>>) -> View {
    let on = derived(move || row.with(|row| row.as_ref().is_some_and(|row| row.message.pinned)));
    dynamic(move || {
        on.get().then(|| {
            tag::div("pinned")
                .child(icon_small("pin"))
                .child(tag::span("").child(live.ui().words.pins.pinned))
        })
    })
}
