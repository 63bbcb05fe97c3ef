//! A list of messages of all rooms, in the place of a room; a page of its own on a phone.

mod head;
mod item;

use leptos::{ev, prelude::*};

use super::{
    connection_banner::connection_banner, empty::empty, failed_list::failed_list, tabs::tabs,
};
use crate::{
    live::{
        Live,
        lists::{MessageList, PANE, TITLE},
    },
    route::Listing,
};
use head::head;
use item::{LIST, item};
use view::{Part, View, derived, each, many, tag};

/// The list, or that there is nothing in it.
pub(crate) fn list_pane(list: Listing) -> View {
    let live = Live::here();
    let list = MessageList::new(live, list);
    let here = derived(move || list.is_told());
    let none = derived(move || list.items().is_empty() && !list.has_more());
    tag::section("room list-pane")
        .attr("id", PANE)
        .attr("aria-labelledby", TITLE)
        .child(head(live, list.list))
        .child(
            tag::div("list-scroll").child(move || match (here.get(), none.get()) {
                (true, true) => nothing(live, list.list),
                (true, false) => items(list),
                (false, _) if list.failed.get() => not_had(list),
                (false, _) => skeleton(live),
            }),
        )
        .child(tag::div("dock").child(connection_banner()))
        .child(tabs(live))
        .view()
}

fn items(list: MessageList) -> View {
    let live = list.live;
    let words = live.ui().words;
    let tab = list.tab_stop();
    let more = derived(move || list.has_more());
    many()
        .child(
            tag::ul("items")
                .attr("id", LIST)
                .attr("aria-labelledby", TITLE)
                .child(each(
                    move || list.items(),
                    |item| {
                        let message = &item.message;
                        (item.room, message.seq, message.edited_at, message.deleted)
                    },
                    move |one| item(list, tab, &one),
                )),
        )
        .child(move || {
            // What failed while there is a list leaves it as it was.
            list.failed.get().then(|| not_had(list))
        })
        .child(move || {
            (more.get() && !list.failed.get()).then(|| {
                tag::div("pins-more js-only").child(
                    tag::button("btn small")
                        .attr("type", "button")
                        .on(ev::click, move |_| list.more())
                        .child(words.personal.more),
                )
            })
        })
        .view()
}

fn nothing(live: Live, list: Listing) -> View {
    let words = &live.ui().words.personal;
    let (title, text) = match list {
        Listing::ForYou => (words.none_for_you, words.none_for_you_more),
        Listing::Saved => (words.none_saved, words.none_saved_more),
    };
    empty(title.to_owned(), text, 2, ())
}

fn skeleton(live: Live) -> View {
    let row = |width: &'static str| {
        tag::div("pin")
            .attr("aria-hidden", "true")
            .child(tag::span("avatar bone"))
            .child(
                tag::div("says stack")
                    .child(tag::div("bone w30"))
                    .child(tag::div(width)),
            )
    };
    tag::div("skeleton")
        .attr("role", "status")
        .child(tag::span("sr").child(live.ui().words.dialog.loading))
        .child(
            ["bone w90", "bone w60", "bone w75"]
                .into_iter()
                .map(|width| row(width).view())
                .collect::<Vec<_>>(),
        )
        .view()
}

/// The title takes the focus, as the button that asks again goes.
fn not_had(list: MessageList) -> View {
    let says = list.live.ui().words.personal.not_loaded;
    let again = Callback::new(move |()| list.load());
    failed_list(list.live, says, TITLE, again)
}
