//! The head of a room: its name, its topic, its people, its menu.

use leptos::{ev, prelude::*};
use protocol::{
    RoomId, RoomKind, RoomSummary,
    rights::{Right, ServerRight},
};

use super::menu::{MenuItem, pop_menu};
use crate::{
    i18n::number,
    live::{Dialog, Live, members::WAY},
    ports::Layout,
    route::Route,
    text::lang_of,
    ui::{bdi, icon},
};
use view::{Part, View, derived, many, tag};

/// The head.
pub(crate) fn room_head(room: RoomId) -> View {
    let live = Live::here();
    let words = &live.ui().words.room;
    let kind = derived(move || live.open().with(|open| open.as_ref().map(|open| open.kind)));
    let name = derived(move || {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| open.name.clone())
                .unwrap_or_default()
        })
    });
    let topic = derived(move || {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| open.topic.clone())
                .unwrap_or_default()
        })
    });
    tag::header("room-head")
        .child(
            tag::a("icon-btn phone-only")
                .attr("href", "/")
                .attr("aria-label", words.back)
                .child(icon("left")),
        )
        .child(
            tag::h2("at")
                // Of a page that was emptied, as its sign-in ended, nothing is said.
                .attr("hidden", move || {
                    name.with(|name| name.is_empty().then_some(""))
                })
                .child(move || match kind.get() {
                    Some(RoomKind::Public) => Some(icon("hash")),
                    Some(RoomKind::Private) => Some(icon("lock")),
                    _ => None,
                })
                .child(tag::span("").child(move || name.with(|name| bdi(name)))),
        )
        .child(
            tag::p("topic wide-only")
                .attr("title", words.topic)
                .attr("dir", "auto")
                .attr("lang", move || topic.with(|topic| lang_of(topic)))
                .child(move || topic.get()),
        )
        .child(
            tag::div("acts")
                .child(people_link(live, room))
                .child(menu(live)),
        )
        .view()
}

/// How many people there are. On a wide window it shows and hides them, else it leads to them.
fn people_link(live: Live, room: RoomId) -> View {
    let words = &live.ui().words.room;
    // Until they are known there is no number.
    let count = move || {
        live.members().with(|members| {
            let known = members.room == Some(room);
            known.then_some(members.total)
        })
    };
    let shown = move || live.member_list().people_shown();
    let act = move |event: ev::MouseEvent| {
        if live.layout().get_untracked() == Layout::Three {
            event.prevent_default();
            event.stop_propagation();
            // The address of the people shows them whatever was wanted before.
            let shown = matches!(live.route().get_untracked(), Route::People(_));
            live.side().update(|side| *side = !(shown || *side));
            live.navigation().close_people();
        }
    };
    tag::a("icon-btn with-n")
        .attr("id", WAY)
        .attr("href", move || match live.route().get() {
            Route::People(_) => Route::Room(room, None).path(),
            _ => Route::People(room).path(),
        })
        .attr("aria-label", move || {
            count().map_or_else(|| words.people.to_owned(), words.people_n)
        })
        .attr(
            "aria-expanded",
            move || if shown() { "true" } else { "false" },
        )
        .on(ev::click, act)
        .child(icon("people"))
        .child(
            tag::span("")
                .attr("aria-hidden", "true")
                .child(move || count().map(number)),
        )
        .view()
}

fn menu(live: Live) -> View {
    let words = live.ui().words;
    let items = Signal::derive(move || {
        live.open()
            .get()
            .map(|open| items(live, &open))
            .unwrap_or_default()
    });
    let any = move || items.with(|items: &Vec<MenuItem>| !items.is_empty());
    many()
        .child(move || {
            any().then(|| {
                tag::button("icon-btn js-only")
                    .attr("type", "button")
                    .attr("aria-label", words.room.menu)
                    .attr("title", words.room.menu)
                    .attr("aria-haspopup", "menu")
                    .on(ev::click, move |_| live.open_menu("room-menu"))
                    .child(icon("more"))
            })
        })
        .child(pop_menu("room-menu", words.room.menu, items))
        .view()
}

/// What one may do with a room.
fn items(live: Live, room: &RoomSummary) -> Vec<MenuItem> {
    let words = &live.ui().words.room;
    let open = |dialog| Callback::new(move |()| live.dialog().set(Some(dialog)));
    let mut items = Vec::new();
    if room.kind == RoomKind::Private && room.member {
        items.push(MenuItem::new(
            "people",
            words.add_people,
            open(Dialog::AddPeople(room.id)),
        ));
    }
    if room.kind != RoomKind::Direct && live.may_on_server(ServerRight::Invite) {
        items.push(MenuItem::new("link", words.invite, open(Dialog::Invite)));
    }
    if room.member && live.may(Right::Govern) {
        items.push(MenuItem::new(
            "edit",
            words.set_topic,
            open(Dialog::Topic(room.id)),
        ));
    }
    if room.member && room.kind != RoomKind::Direct {
        items.push(MenuItem::new("leave", words.leave, open(Dialog::Leave(room.id))).danger());
    }
    items
}
