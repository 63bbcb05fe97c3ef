//! Under a message of the room: how many replies its thread has, or which thread it stands in too.

use leptos::prelude::*;
use protocol::{Replies, RoomId, Seq};

use super::super::{avatar::avatar, message_shown::Shown};
use crate::{live::Live, route::Route, ui::icon_small};
use view::{Derived, Part, View, derived, dynamic, tag};

/// The line. In the thread itself there is none.
pub(crate) fn thread_line(
    live: Live,
    room: RoomId,
    row: Derived<Option<Shown>>,
    active: ArcRwSignal<bool>,
) -> View {
    let told = derived(move || {
        row.with(|row| {
            let message = &row.as_ref()?.message;
            let place = message.thread.map(|place| place.root);
            Some((
                place.or(message.seq)?,
                place.is_some(),
                message.replies.clone(),
            ))
        })
    });
    dynamic(move || {
        let (root, inside, replies) = told.get().filter(|_| !live.in_thread())?;
        let link = tag::a("replies")
            .attr("href", Route::Thread(room, root, None).path())
            .attr("tabindex", {
                let active = active.clone();
                move || live.inner_tab(active.get())
            });
        let says = live.ui().words.threads.in_thread;
        match replies {
            Some(replies) => Some(link.child(summary(live, &replies)).view()),
            None if inside => Some(link.child(icon_small("thread")).child(says).view()),
            None => None,
        }
    })
}

fn summary(live: Live, replies: &Replies) -> View {
    let words = &live.ui().words.threads;
    let at = replies.last_at;
    let marks: Vec<View> = replies
        .by
        .iter()
        .map(|&by| {
            let person = live.people().person(by);
            tag::span("")
                .child(move || person.with(|person| avatar(by, &person.name, "sm")))
                .view()
        })
        .collect();
    view::many()
        .child(tag::span("seals").attr("aria-hidden", "true").child(marks))
        .child(tag::b("").child((words.replies)(replies.n)))
        .child(" ")
        .child(tag::span("").child(move || {
            let clock = live.clock().get();
            (words.last)(&clock.brief(at))
        }))
        .view()
}

/// The thread that a message stands in, or begins.
pub(crate) fn root_of(message: &client::MessageView) -> Option<Seq> {
    message.thread.map(|place| place.root).or(message.seq)
}
