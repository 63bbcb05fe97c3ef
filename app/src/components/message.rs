//! A message: who in the margin, what in the column, when at the edge.

use std::sync::Arc;

use client::{
    MessageView, SendState,
    rows::{Quote, RowKey, RowKind},
};
use leptos::{
    ev::{self, PointerEvent},
    prelude::*,
};
use protocol::{RoomId, UserId};

use super::{
    avatar::avatar,
    message_state::{failure, when},
    message_text::message_text,
    quote::quote,
    reactions::reactions,
    timeline::open_message_menu,
    toolbar::toolbar,
};
use crate::{
    live::{Live, timeline::RowCell},
    text::lang_of,
    ui::bdi,
};
use view::{Derived, Part, View, derived, dynamic, many, tag};

/// What a row of a message shows, as its parts need it.
#[derive(Clone)]
pub(crate) struct Shown {
    /// The message.
    pub(crate) message: Arc<MessageView>,
    /// Whether it names its author and time.
    pub(crate) first: bool,
    /// What it answers.
    pub(crate) quote: Option<Quote>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        (self.first, &self.quote, &self.message) == (other.first, &other.quote, &other.message)
    }
}

/// The row's message now. A row keeps its kind as long as it keeps its key.
fn shown(cell: &RowCell) -> Derived<Option<Shown>> {
    let kind = cell.kind.clone();
    derived(move || {
        kind.with(|kind| match kind {
            RowKind::Message {
                message,
                first,
                quote,
            } => Some(Shown {
                message: Arc::clone(message),
                first: *first,
                quote: quote.clone(),
            }),
            _ => None,
        })
    })
}

/// The row.
pub(crate) fn message(live: Live, room: RoomId, cell: &RowCell) -> View {
    let (key, id) = (cell.key, cell.key.to_string());
    let shown = shown(cell);
    let part = move |of: fn(&Shown) -> bool| {
        derived(move || shown.with(|shown| shown.as_ref().is_some_and(of)))
    };
    let first = part(|shown| shown.first);
    let (to_me, deleted) = (
        part(|shown| shown.message.to_me),
        part(|shown| shown.message.deleted),
    );
    let pending = part(|s| {
        matches!(
            s.message.state,
            SendState::Pending | SendState::Late | SendState::Waiting { .. }
        ) || s.message.changing
    });
    let failed = part(|s| matches!(s.message.state, SendState::Failed { .. }));
    let stored = part(|s| s.message.seq.is_some() && !s.message.deleted);
    let selected = cell.selected.clone();
    let (tabs, has_tools) = (cell.active.clone(), cell.active.clone());
    let press = long_press(live, key);
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
        .child(author(live, shown, first, &id))
        .child(
            tag::div("what")
                .attr("lang", lang)
                .child(quote(live, room, shown, cell.active.clone()))
                .child(message_text(live, shown, cell))
                .child(reactions(live, room, shown, cell))
                .child(failure(live, shown)),
        )
        .child(tag::div("when").child(when(live, room, shown, cell)))
        .child(move || (stored.get() && has_tools.get()).then(|| toolbar(room, key)))
        .view()
}

/// The author: named and sealed in the first of a group, hidden in the following, so that each can be read alone.
fn author(live: Live, shown: Derived<Option<Shown>>, first: Derived<bool>, id: &str) -> View {
    let by = derived(move || shown.with(|shown| shown.as_ref().map(|shown| shown.message.by)));
    let label = format!("{id}-by");
    dynamic(move || {
        by.get().map(|by| {
            if first.get() {
                named(live, by, &label).view()
            } else {
                hidden(live, by, &label).view()
            }
        })
    })
}

fn named(live: Live, by: UserId, label: &str) -> View {
    let person = live.people().person(by);
    let label = label.to_owned();
    let name = derived(move || person.with(|person| person.name.clone()));
    many()
        .child(
            tag::h4("who").child(
                tag::span("name")
                    .attr("id", label)
                    .attr("title", move || name.get())
                    .child(move || name.with(|name| bdi(name))),
            ),
        )
        .child(move || name.with(|name| avatar(by, name, "")))
        .view()
}

fn hidden(live: Live, by: UserId, label: &str) -> View {
    let person = live.people().person(by);
    let label = label.to_owned();
    tag::span("who sr")
        .attr("id", label)
        .child(move || person.with(|person| bdi(&person.name)))
        .view()
}

/// The finger went up. Some browsers close what it held open, as if it had been put down beside it: it opens again.
fn released(live: Live, key: RowKey) {
    if live.press().end() {
        live.ui().browser(|browser| {
            browser.after(0, Box::new(move || open_message_menu(live, key)));
        });
    }
}

/// A long press on a touch screen opens the message's menu.
fn long_press(live: Live, key: RowKey) -> impl FnMut(PointerEvent) + 'static {
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
                    browser.focus(&key.to_string());
                });
                live.press().opened();
                open_message_menu(live, key);
            }
        };
        live.ui()
            .browser(|browser| browser.after(PRESS_MS, Box::new(held)));
    }
}
