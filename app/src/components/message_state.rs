//! The time of a message, or its state while it is sent.

use client::SendState;
use leptos::prelude::*;
use protocol::RoomId;

use super::message_shown::Shown;
use crate::{
    live::{Live, row_cells::RowCell},
    ui::icon_small,
};
use view::{Derived, Part, View, derived, dynamic, tag};

/// What stands at the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    At(u64, u64),
    Sending,
    Waiting,
    Late,
    NotSent,
}

fn when_of(row: &Shown) -> When {
    match (&row.message.state, row.message.seq) {
        (SendState::Failed { .. }, _) => When::NotSent,
        (SendState::Waiting { .. }, _) => When::Waiting,
        (SendState::Late, _) => When::Late,
        (SendState::Stored, Some(seq)) => When::At(seq, row.message.at),
        _ => When::Sending,
    }
}

/// The time, which is the message's own address; or its state.
pub(crate) fn when(live: Live, room: RoomId, row: Derived<Option<Shown>>, cell: &RowCell) -> View {
    let words = &live.ui().words.message;
    let when = derived(move || row.with(|row| row.as_ref().map(when_of)));
    let (id, active) = (format!("{}-at", cell.key), cell.active.clone());
    dynamic(move || {
        let (id, active) = (id.clone(), active.clone());
        when.get().map(|when| {
            let (icon, says) = match when {
                When::At(seq, at) => return time(live, room, seq, at, id, active).view(),
                When::Sending => ("clock", words.sending),
                When::Waiting => ("clock", words.waiting),
                When::Late => ("clock", words.late),
                When::NotSent => ("alert", words.not_sent),
            };
            tag::span("")
                .attr("id", id)
                .child(
                    tag::span("state")
                        .child(icon_small(icon))
                        .child(tag::span("").child(says)),
                )
                .view()
        })
    })
}

fn time(
    live: Live,
    room: RoomId,
    seq: u64,
    at: u64,
    id: String,
    active: ArcRwSignal<bool>,
) -> View {
    let words = &live.ui().words.message;
    let clock = live.clock();
    tag::a("")
        .attr("id", id)
        .attr("href", live.link_to(room, seq).path())
        .attr("title", move || clock.get().at(at))
        .attr("aria-label", move || {
            (words.permalink)(&clock.get().time(at))
        })
        .attr("tabindex", move || live.inner_tab(active.get()))
        .child(tag::time("").child(move || clock.get().time(at)))
        .view()
}
