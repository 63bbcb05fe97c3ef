//! The words that a room did not take, since one is no longer in it.

use leptos::{ev, prelude::*};
use protocol::{RoomId, RoomKind};

use crate::{
    live::{Dialog, Live, rooms::room_label, unsent::Unsent},
    ui::icon_small,
};
use view::{Part, View, dynamic, tag};

/// A card with what was written for a room, and what can be done with it. Nothing where there is none.
pub(crate) fn unsent_card(live: Live, room: RoomId) -> View {
    dynamic(move || {
        live.drafts()
            .unsent_to(room)
            .map(|unsent| card(live, unsent))
    })
}

fn card(live: Live, unsent: Unsent) -> View {
    let words = live.ui().words;
    let room = unsent.room;
    let count = unsent.messages.len() as u64;
    let name = live.drafts().room_name(room);
    let texts = unsent
        .messages
        .iter()
        .map(|(_, _, text)| text.as_str())
        .collect::<Vec<_>>()
        .join("\n\n");
    let lines: Vec<View> = unsent
        .messages
        .iter()
        .map(|(_, at, text)| {
            let when = live.clock().get_untracked().at(*at);
            tag::li("")
                .child(tag::p("").attr("dir", "auto").child(text.clone()))
                .child(tag::time("").child(when))
                .view()
        })
        .collect();
    tag::div("card unsent")
        .attr("role", "group")
        .attr("aria-labelledby", "unsent-title")
        .child(
            tag::p("lead")
                .attr("id", "unsent-title")
                .child((words.unsent.title)(name.as_deref(), count)),
        )
        .child(tag::ul("").child(lines))
        .child(ends(live, unsent, texts))
        .view()
}

fn ends(live: Live, unsent: Unsent, texts: String) -> View {
    let words = live.ui().words;
    let room = unsent.room;
    let public = live.open().with(|open| {
        open.clone()
            .filter(|open| open.id == room && open.kind == RoomKind::Public && !open.member)
    });
    let button = |mark: &'static str, says: &'static str| {
        tag::button("btn small")
            .attr("type", "button")
            .child(icon_small(mark))
            .child(says)
    };
    tag::div("acts")
        .child(
            button("copy", words.message.copy)
                .on(ev::click, move |_| live.clipboard().copy(&texts)),
        )
        .child(
            button("right", words.unsent.elsewhere).on(ev::click, move |_| {
                live.dialog().set(Some(Dialog::Elsewhere(room)));
            }),
        )
        .child(public.map(|public| {
            button("enter", words.unsent.join_again).on(ev::click, move |_| {
                live.room_actions().join_again(public.clone());
            })
        }))
        .child(
            tag::button("btn quiet alarm small")
                .attr("type", "button")
                .on(ev::click, move |_| live.drafts().discard_unsent(&unsent))
                .child(words.message.discard),
        )
        .view()
}

/// In the list of rooms: what waits for a decision, one line a room.
pub(crate) fn unsent_rows(live: Live) -> View {
    let words = &live.ui().words.unsent;
    dynamic(move || {
        let all = live.drafts().unsent();
        (!all.is_empty()).then(|| {
            let rows: Vec<View> = all
                .into_iter()
                .map(|unsent| {
                    let room = unsent.room;
                    let name = live.drafts().room_name(room);
                    let says = (words.row)(name.as_deref(), unsent.messages.len() as u64);
                    tag::li("")
                        .child(
                            tag::button("row js-only")
                                .attr("type", "button")
                                .on(ev::click, move |_| {
                                    live.dialog().set(Some(Dialog::Unsent(room)));
                                })
                                .child(icon_small("alert"))
                                .child(tag::span("name").child(says)),
                        )
                        .view()
                })
                .collect();
            tag::ul("unsent-rows").child(rows)
        })
    })
}

/// The rooms that it can be sent to instead.
pub(crate) fn elsewhere(live: Live, room: RoomId) -> View {
    let unsent = untrack(|| live.drafts().unsent_to(room));
    let rows: Vec<View> = live.rooms().with_untracked(|rooms| {
        rooms
            .iter()
            .filter(|other| other.id != room)
            .map(|other| {
                let (id, unsent) = (other.id, unsent.clone());
                tag::li("")
                    .child(
                        tag::button("btn quiet wide")
                            .attr("type", "button")
                            .on(ev::click, move |_| {
                                if let Some(unsent) = &unsent {
                                    live.drafts().send_elsewhere(unsent, id);
                                }
                            })
                            .child(tag::bdi("").child(room_label(other))),
                    )
                    .view()
            })
            .collect()
    });
    tag::div("dialog-scroll")
        .child(tag::ul("lines").child(rows))
        .view()
}
