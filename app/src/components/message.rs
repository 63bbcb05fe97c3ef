//! A message: who in the margin, what in the column, when at the edge.

use leptos::{ev, prelude::*};
use protocol::RoomId;

use super::{
    long_press::{hold_menu, long_press, released},
    message_author::author,
    message_failure::failure,
    message_pinned::pinned,
    message_shown::{Shown, shown},
    message_state::when,
    message_text::message_text,
    quote::quote,
    reactions::reactions,
    thread::thread_line,
    toolbar::toolbar,
};
use crate::{
    live::{Live, row_cells::RowCell},
    text::lang_of,
};
use view::{Part, View, derived, tag};

/// The row.
pub(crate) fn message(live: Live, room: RoomId, cell: &RowCell) -> View {
    let (key, id) = (cell.key, live.timeline().id(cell.key));
    let shown = shown(cell);
    let part = move |of: fn(&Shown) -> bool| {
        derived(move || shown.with(|shown| shown.as_ref().is_some_and(of)))
    };
    let first = part(|shown| shown.first);
    let (to_me, deleted) = (
        part(|shown| shown.message.to_me),
        part(|shown| shown.message.deleted),
    );
    let (pending, failed) = (part(Shown::is_pending), part(Shown::has_failed));
    let stored = part(Shown::is_stored);
    let selected = cell.selected.clone();
    let (tabs, has_tools) = (cell.active.clone(), cell.active.clone());
    let press = long_press(live, move || hold_menu(live, key));
    let lang = move || {
        shown.with(|s| {
            s.as_ref()
                .and_then(|s| s.message.text.as_deref().and_then(lang_of))
        })
    };
    tag::article("msg")
        .class_when("first", first)
        .class_when("to-you", move || to_me.get() && !deleted.get())
        .class_when("pending", pending)
        .class_when("failed", failed)
        .class_when("selected", selected)
        .attr("id", id.clone())
        .attr("tabindex", move || {
            if live.ui().alive.get() && tabs.get() {
                "0"
            } else {
                "-1"
            }
        })
        .attr("aria-labelledby", format!("{id}-by {id}-at"))
        .on(ev::mouseenter, move |_| {
            live.view().hover(key, ":popover-open, .log :focus-visible");
        })
        .on(ev::mousemove, move |_| {
            live.view().hover(key, ":popover-open, .msg :focus-visible");
        })
        .on(ev::focusin, move |_| {
            live.timeline().focused.set_value(Some(key));
            live.timeline().activate(key);
        })
        .on(ev::pointerdown, press)
        .on(ev::pointerup, move |_| released(live, key))
        .on(ev::pointercancel, move |_| released(live, key))
        .child(author(live, shown, first, &cell.active, &id))
        .child(
            tag::div("what")
                .attr("lang", lang)
                .child(quote(live, room, shown, cell.active.clone()))
                .child(message_text(live, room, shown, cell))
                .child(pinned(live, shown))
                .child(reactions(live, room, shown, cell))
                .child(thread_line(live, room, shown, cell.active.clone()))
                .child(failure(live, shown)),
        )
        .child(tag::div("when").child(when(live, room, shown, cell)))
        .child(move || (stored.get() && has_tools.get()).then(|| toolbar(room, key)))
        .view()
}
