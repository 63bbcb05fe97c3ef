//! Rows between messages: days, the "New" line, notes, gaps. Labels stand in the margin, where names stand.

use client::{
    Load, NoteKind, TimelineNote,
    rows::{Day, RowKind},
};
use leptos::{ev, prelude::*};
use protocol::{RoomId, RoomKind, RoomSetting};

use super::timeline::older;
use crate::{
    i18n::Words,
    live::{Dialog, Live, row_cells::RowCell},
    ui::{icon, icon_as, with_names},
};
use view::{Part, View, derived, many, tag};

/// A day's line. In a room its label opens the choice of another day; a thread is short.
pub(crate) fn day(live: Live, room: RoomId, day: Day) -> View {
    let says = move || live.clock().get().day(day);
    let label = if live.in_thread() {
        says.view()
    } else {
        // From the keyboard G D does it: Tab does not stop at each day.
        tag::button("")
            .attr("type", "button")
            .attr("title", live.ui().words.dialog.day_title)
            .attr("aria-haspopup", "dialog")
            .attr("tabindex", move || live.inner_tab(false))
            .on(ev::click, move |_| {
                live.dialog().set(Some(Dialog::Day(room, day)));
            })
            .child(says)
            .view()
    };
    tag::div("divider")
        .child(tag::h3("label").child(label))
        .child(tag::span("rule"))
        .view()
}

/// The "New" line, with how many there are.
pub(crate) fn new(live: Live, cell: RowCell) -> View {
    let words = &live.ui().words.message;
    let count = derived(move || {
        cell.kind.with(|kind| {
            if let RowKind::New(count) = kind {
                *count
            } else {
                0
            }
        })
    });
    tag::div("divider new")
        .attr("id", live.timeline().id(cell.key))
        .attr("role", "separator")
        .attr("aria-label", move || (words.new_label)(count.get()))
        .child(tag::span("label").child(words.new))
        .child(tag::span("rule short"))
        .child(tag::span("tail").child(move || (words.new_tail)(count.get())))
        .view()
}

/// Who came, went, or changed the room. Who is in a direct room is fixed: nobody came into it.
pub(crate) fn note(live: Live, note: TimelineNote) -> View {
    let direct = live.open().with_untracked(|open| {
        open.as_ref()
            .is_some_and(|open| open.kind == RoomKind::Direct)
    });
    if direct {
        return ().view();
    }
    let words = &live.ui().words.message;
    let sentence = move || {
        live.people().version.track();
        let by = live.people().name(note.by);
        match &note.kind {
            NoteKind::Topic { text } if text.is_empty() => {
                with_names(&(words.topic_cleared)(&by), &[&by])
            }
            NoteKind::Topic { text } => with_names(&(words.topic_set)(&by, text), &[&by, text]),
            NoteKind::Set(setting) => set(live.ui().words, &by, setting),
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
    tag::div("note")
        .child(tag::p("").attr("dir", "auto").child(sentence))
        .child(tag::time("").child(move || live.clock().get().time(at)))
        .view()
}

/// Who called the room otherwise, or made it read only or archived.
fn set(words: &Words, by: &str, setting: &RoomSetting) -> View {
    let words = &words.message;
    let says = match setting {
        RoomSetting::Name(name) => return with_names(&(words.renamed)(by, name), &[by, name]),
        RoomSetting::ReadOnly(true) => words.made_read_only,
        RoomSetting::ReadOnly(false) => words.made_open,
        RoomSetting::Archived(true) => words.archived,
        RoomSetting::Archived(false) => words.unarchived,
    };
    with_names(&says(by), &[by])
}

/// A hole in the log is torn paper, always.
pub(crate) fn gap(live: Live, room: RoomId, cell: RowCell) -> View {
    let words = live.ui().words;
    let id = live.timeline().id(cell.key);
    let gap = derived(move || {
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
            many()
                .child(icon("alert"))
                .child(tag::span("").child((words.message.gap_failed)(gap.count)))
                .child(
                    tag::button("btn small")
                        .attr("type", "button")
                        .on(ev::click, move |_| {
                            live.driver().input(client::Input::Reload(room));
                        })
                        .child(words.common.try_again),
                )
                .view()
        } else {
            many()
                .child(icon_as("i spin", "again"))
                .child(tag::span("").child((words.message.gap_loading)(gap.count)))
                .view()
        })
    };
    // The server draws none but the one below a thread's first message.
    tag::div("divider gap")
        .attr("id", id)
        .attr("role", "status")
        .child(tag::span("label"))
        .child(tag::div("torn js-only").child(body))
        .child(live.in_thread().then(|| older(live, room)))
        .view()
}
