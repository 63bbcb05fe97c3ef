//! Toasts: at the upper end corner, at most three, never over the dock.

use leptos::{ev, prelude::*};
use protocol::RoomId;

use crate::{
    live::{
        Live,
        announcements::{Toast, Tone},
    },
    ui::{bdi, icon, icon_as},
};
use view::{Part, View, each, many, tag};

/// The id of the element that they stand in.
pub(crate) const TOASTS: &str = "toasts";

/// The toasts.
pub(crate) fn toasts() -> View {
    let live = Live::here();
    tag::div("toasts")
        .attr("id", TOASTS)
        .child(each(
            move || live.announced().toasts.get(),
            |toast| toast.id,
            move |toast| one(live, toast),
        ))
        .view()
}

fn one(live: Live, toast: Toast) -> View {
    let words = live.ui().words;
    let id = toast.id;
    let (class, mark, role) = match toast.tone {
        Tone::Done | Tone::Unsaved(_) => ("toast", "check", "status"),
        Tone::Bad => ("toast bad", "alert", "alert"),
        Tone::You(_) => ("toast you", "for-you", "status"),
        Tone::Undo(_) => ("toast", "trash", "status"),
    };
    let about = format!("toast-{id}");
    let act = match toast.tone {
        Tone::You(_) => Some((words.dialog.open, None)),
        Tone::Undo(room) => Some((words.dialog.undo, Some(undo_id(room)))),
        Tone::Unsaved(_) => Some((words.common.undo, None)),
        Tone::Done | Tone::Bad => None,
    };
    let tone = toast.tone;
    let act = act.map(|(says, own_id)| {
        tag::button("btn quiet small")
            .attr("id", own_id)
            .attr("type", "button")
            .attr("aria-describedby", about.clone())
            .on(ev::click, move |_| {
                live.announcements().close_toast(id);
                match tone {
                    Tone::You(route) => live.navigation().go(route),
                    Tone::Unsaved(place) => live.saved_actions().set(place, true),
                    Tone::Undo(room) => live.room_actions().undelete(room),
                    Tone::Done | Tone::Bad => {}
                }
            })
            .child(says)
    });
    let says = match toast.more {
        Some(more) => many()
            .child(tag::b("").child(bdi(&toast.text)))
            .child(tag::small("").attr("dir", "auto").child(more))
            .view(),
        None => bdi(&toast.text),
    };
    let hold = move |hold: bool| live.announced().held.set(hold.then_some(id));
    tag::div("")
        .class(class)
        .attr("role", role)
        .on(ev::mouseenter, move |_| hold(true))
        .on(ev::mouseleave, move |_| hold(false))
        .on(ev::focusin, move |_| hold(true))
        .on(ev::focusout, move |_| hold(false))
        .child(icon_as("i", mark))
        .child(tag::span("").attr("id", about).child(says))
        .child(tag::span("").child(act))
        .child(
            tag::button("icon-btn s")
                .attr("type", "button")
                .attr("aria-label", words.common.close)
                .attr("title", words.common.close)
                .on(ev::click, move |_| live.announcements().close_toast(id))
                .child(icon("x")),
        )
        .view()
}

/// The id of the button that brings a room back.
pub(crate) fn undo_id(room: RoomId) -> String {
    format!("undo-{room}")
}
