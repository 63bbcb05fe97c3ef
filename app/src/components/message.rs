//! A message: who in the margin, what in the column, when at the edge.

use std::sync::Arc;

use client::{
    MessageView, SendState,
    rows::{Quote, RowKey, RowKind},
};
use leptos::{ev::PointerEvent, prelude::*};
use protocol::{RoomId, UserId};

use super::{
    message_state::{failure, when},
    message_text::message_text,
    quote::quote,
    reactions::reactions,
    seal::seal,
    timeline::open_message_menu,
    toolbar::Toolbar,
};
use crate::{
    live::{Live, timeline::RowCell},
    text::lang_of,
    ui::bdi,
};

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
fn shown(cell: &RowCell) -> Memo<Option<Shown>> {
    let kind = cell.kind.clone();
    Memo::new(move |_| {
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
pub(crate) fn message(live: Live, room: RoomId, cell: &RowCell) -> AnyView {
    let (key, id) = (cell.key, cell.key.to_string());
    let shown = shown(cell);
    let part = move |of: fn(&Shown) -> bool| {
        Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(of)))
    };
    let first = part(|shown| shown.first);
    let (to_me, deleted) = (
        part(|shown| shown.message.to_me),
        part(|shown| shown.message.deleted),
    );
    let pending = part(|s| {
        matches!(
            s.message.state,
            SendState::Pending | SendState::Waiting { .. }
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
    view! {
        <article
            class="msg"
            class:first=first
            class:to-you=move || to_me.get() && !deleted.get()
            class:pending=pending
            class:failed=failed
            class:selected=selected
            id=id.clone()
            tabindex=move || if live.ui().alive.get() && tabs.get() { "0" } else { "-1" }
            aria-labelledby=format!("{id}-by {id}-at")
            on:mouseenter=move |_| live.timeline().activate(key)
            on:focusin=move |_| live.timeline().activate(key)
            on:pointerdown=press
            on:pointerup=move |_| live.release()
            on:pointercancel=move |_| live.release()
        >
            {author(live, shown, first, &id)}
            <div class="what" lang=lang>
                {quote(live, room, shown, cell.active.clone())}
                {message_text(live, shown)}
                {reactions(live, room, shown, cell)}
                {failure(live, shown)}
            </div>
            <div class="when">{when(live, room, shown, cell)}</div>
            {move || (stored.get() && has_tools.get()).then(|| view! { <Toolbar room=room row=key /> })}
        </article>
    }
    .into_any()
}

/// The author: named and sealed in the first of a group, hidden in the following, so that each can be read alone.
fn author(
    live: Live,
    shown: Memo<Option<Shown>>,
    first: Memo<bool>,
    id: &str,
) -> impl IntoView + use<> {
    let by = Memo::new(move |_| shown.with(|shown| shown.as_ref().map(|shown| shown.message.by)));
    let label = format!("{id}-by");
    move || {
        by.get().map(|by| {
            if first.get() {
                named(live, by, &label).into_any()
            } else {
                hidden(live, by, &label).into_any()
            }
        })
    }
}

fn named(live: Live, by: UserId, label: &str) -> AnyView {
    let person = live.people().person(by);
    let label = label.to_owned();
    let name = Memo::new(move |_| person.with(|person| person.name.clone()));
    view! {
        <h4 class="who">
            <span class="name" id=label title=move || name.get()>
                {move || name.with(|name| bdi(name))}
            </span>
        </h4>
        {move || name.with(|name| seal(by, name, ""))}
    }
    .into_any()
}

fn hidden(live: Live, by: UserId, label: &str) -> AnyView {
    let person = live.people().person(by);
    let label = label.to_owned();
    view! {
        <span class="who sr" id=label>
            {move || person.with(|person| bdi(&person.name))}
        </span>
    }
    .into_any()
}

/// A long press on a touch screen opens the message's menu.
fn long_press(live: Live, key: RowKey) -> impl FnMut(PointerEvent) + 'static {
    const PRESS_MS: u64 = 500;
    move |event: PointerEvent| {
        if event.pointer_type() != "touch" {
            return;
        }
        let turn = live.hold();
        let held = move || {
            if live.holds(turn) {
                open_message_menu(live, key);
            }
        };
        live.ui()
            .browser(|browser| browser.after(PRESS_MS, Box::new(held)));
    }
}
