//! Toasts: at the upper end corner, at most three, never over the dock.

use leptos::{ev, prelude::*};

use crate::{
    live::{
        Live,
        announcements::{Toast, Tone},
    },
    ui::{bdi, icon, icon_as},
};
use view::{Part, View, each, many, tag};

/// The toasts.
pub(crate) fn toasts() -> View {
    let live = Live::here();
    tag::div("toasts")
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
        Tone::Done => ("toast", "check", "status"),
        Tone::Bad => ("toast bad", "alert", "alert"),
        Tone::You(_) => ("toast you", "for-you", "status"),
    };
    let act = match toast.tone {
        Tone::You(route) => Some(
            tag::button("btn quiet small")
                .attr("type", "button")
                .on(ev::click, move |_| {
                    live.announcements().close_toast(id);
                    live.navigation().go(route);
                })
                .child(words.dialog.open),
        ),
        _ => None,
    };
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
        .child(tag::span("").child(says))
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
