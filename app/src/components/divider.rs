//! What stands between messages: days, the "New" line, notes, gaps. Labels stand in the margin, where names stand.

use client::{
    Load, Note, NoteKind,
    rows::{Day, RowKind},
};
use leptos::prelude::*;
use protocol::RoomId;

use crate::{
    live::{Live, timeline::RowCell},
    ui::{icon, icon_as, with_names},
};

/// A day's line.
pub(crate) fn day(live: Live, day: Day) -> AnyView {
    view! {
        <div class="divider">
            <h3 class="label">{move || live.clock().get().day(day)}</h3>
            <span class="rule"></span>
        </div>
    }
    .into_any()
}

/// The "New" line, with how many there are.
pub(crate) fn new(live: Live, cell: RowCell) -> AnyView {
    let words = &live.ui().words.message;
    let count = Memo::new(move |_| {
        cell.kind.with(|kind| {
            if let RowKind::New(count) = kind {
                *count
            } else {
                0
            }
        })
    });
    view! {
        <div class="divider new" role="separator" aria-label=move || (words.new_label)(count.get())>
            <span class="label">{words.new}</span>
            <span class="rule short"></span>
            <span class="tail">{move || (words.new_tail)(count.get())}</span>
        </div>
    }
    .into_any()
}

/// Who came, went, or changed the topic.
pub(crate) fn note(live: Live, note: Note) -> AnyView {
    let words = &live.ui().words.message;
    let sentence = move || {
        live.people().version.track();
        let by = live.people().name(note.by);
        match &note.kind {
            NoteKind::Topic { text } if text.is_empty() => {
                with_names(&(words.topic_cleared)(&by), &[&by])
            }
            NoteKind::Topic { text } => with_names(&(words.topic_set)(&by, text), &[&by, text]),
            NoteKind::Join { user } | NoteKind::Leave { user } => {
                let joined = matches!(note.kind, NoteKind::Join { .. });
                let name = live.people().name(*user);
                match (joined, *user == note.by) {
                    (true, true) => with_names(&(words.joined)(&name), &[&name]),
                    (true, false) => with_names(&(words.added)(&by, &name), &[&by, &name]),
                    (false, true) => with_names(&(words.left)(&name), &[&name]),
                    (false, false) => with_names(&(words.removed)(&by, &name), &[&by, &name]),
                }
            }
        }
    };
    let at = note.at;
    view! {
        <div class="note">
            <p dir="auto">{sentence}</p>
            <time>{move || live.clock().get().time(at)}</time>
        </div>
    }
    .into_any()
}

/// A hole in the log is torn paper, always.
pub(crate) fn gap(live: Live, room: RoomId, cell: RowCell) -> AnyView {
    let words = live.ui().words;
    let id = cell.key.to_string();
    let gap = Memo::new(move |_| {
        cell.kind.with(|kind| {
            if let RowKind::Gap(gap) = kind {
                Some(gap.clone())
            } else {
                None
            }
        })
    });
    let body = move || {
        let gap = gap.get()?;
        Some(if matches!(gap.load, Load::Failed { .. }) {
            view! {
                {icon("alert")}
                <span>{(words.message.gap_failed)(gap.count)}</span>
                <button
                    class="btn small"
                    type="button"
                    on:click=move |_| {
                        live.input(client::Input::Reload(room));
                    }
                >
                    {words.common.try_again}
                </button>
            }
            .into_any()
        } else {
            view! {
                {icon_as("i spin", "again")}
                <span>{(words.message.gap_loading)(gap.count)}</span>
            }
            .into_any()
        })
    };
    view! {
        <div class="divider gap" id=id role="status">
            <span class="label"></span>
            <div class="torn">{body}</div>
        </div>
    }
    .into_any()
}
