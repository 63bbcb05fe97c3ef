//! A list of messages of all rooms, in the place of a room; a page of its own on a phone.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use protocol::ForYouMessage;

use super::{
    connection_banner::connection_banner,
    empty::empty,
    listed::{listed_button, listed_link},
    tabs::tabs,
};
use crate::{
    live::{
        Live,
        lists::{MessageList, PANE, TITLE, link_id, place_of},
    },
    route::{Listing, Route},
    ui::icon,
};
use view::{Derived, Part, View, derived, each, many, tag};

/// The id of the list.
const LIST: &str = "message-list";

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
                (false, _) if list.failed.get() => not_loaded(list),
                (false, _) => skeleton(live),
            }),
        )
        .child(tag::div("dock").child(connection_banner()))
        .child(tabs(live))
        .view()
}

fn head(live: Live, list: Listing) -> View {
    let words = live.ui().words;
    let back = tag::a("icon-btn phone-only")
        .attr("href", Route::Rooms.path())
        .attr("aria-label", words.room.back)
        .child(icon("left"));
    let unread = derived(move || {
        live.rooms()
            .with(|rooms| rooms.iter().any(|room| room.unread > 0))
    });
    let read = move |_| {
        live.ui().browser(|browser| browser.focus(TITLE));
        live.room_actions().read_all();
    };
    let all_read = move || {
        (list == Listing::ForYou && unread.get()).then(|| {
            tag::button("btn quiet js-only")
                .attr("type", "button")
                .on(ev::click, read)
                .child(words.personal.all_read)
        })
    };
    tag::header("room-head")
        // What is a tab of a phone has the way back at its foot.
        .child((list == Listing::Saved).then_some(back))
        .child(
            tag::h2("at")
                .attr("id", TITLE)
                .attr("tabindex", "-1")
                .child(tag::span("").child(live.list_title(list))),
        )
        .child(all_read)
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
                    move |item| one(list, tab, &item),
                )),
        )
        .child(move || {
            // What failed while there is a list leaves it as it was.
            list.failed.get().then(|| not_loaded(list))
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

fn one(list: MessageList, tab: Derived<String>, item: &ForYouMessage) -> View {
    let (live, room, message) = (list.live, item.room, &item.message);
    let words = &live.ui().words.personal;
    let place = place_of(item);
    let id = link_id(place);
    let own = StoredValue::new(id.clone());
    let is_stop = move || own.with_value(|own| tab.with(|tab| tab == own));
    let stop = move || (live.ui().alive.get() && !is_stop()).then_some("-1");
    let unsave = (list.list == Listing::Saved).then(|| {
        listed_button(live, LIST, message, ("x", words.unsave, words.unsave_of))
            .attr("tabindex", stop)
            .on(ev::click, move |_| list.unsave(place))
    });
    let key = move |event: KeyboardEvent| {
        let chord = event.ctrl_key() || event.meta_key() || event.alt_key();
        if list.list == Listing::Saved && !chord && matches!(&*event.key(), "s" | "S") {
            event.prevent_default();
            list.unsave(place);
        }
    };
    tag::li("")
        .class_when("yours", move || list.is_unread(place))
        .class_when("gone", message.deleted)
        .on(ev::focusin, move |_| list.active.set(own.get_value()))
        .on(ev::keydown, key)
        .child(
            listed_link(live, LIST, (room, message), move || {
                list.place_in_words(room)
            })
            .attr("id", id)
            .attr("tabindex", stop),
        )
        .child(unsave)
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

/// It could not be had; the title takes the focus, as the button that asks again goes.
fn not_loaded(list: MessageList) -> View {
    let live = list.live;
    let words = live.ui().words;
    let again = move |_| {
        live.ui().browser(|browser| browser.focus(TITLE));
        list.load();
    };
    tag::div("pins-failed")
        .attr("role", "alert")
        .child(tag::p("").child(words.personal.not_loaded))
        .child(
            tag::button("btn")
                .attr("type", "button")
                .on(ev::click, again)
                .child(words.common.try_again),
        )
        .view()
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
