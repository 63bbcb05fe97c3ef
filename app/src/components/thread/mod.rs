//! A thread beside its room: the message that is answered, the replies, and where one writes.

mod count;
mod line;

use leptos::{ev, prelude::*};
use protocol::{RoomId, RoomSummary};

use super::{
    message_menu::message_menu,
    picker::picker,
    room_pane::{to_end, writing},
    timeline::timeline,
    typing::typing,
};
use crate::{
    live::{Live, rooms::room_label, thread::BACK},
    route::Route,
    ui::{bdi, icon, icon_small},
};
use view::{Part, View, derived, dynamic, tag};

pub(super) use count::{thread_count, threads_entry};
pub(super) use line::{root_of, thread_line};

/// The pane. On a phone it is a page of its own.
pub(crate) fn thread_pane(room: RoomId) -> View {
    let page = Live::here();
    let live = page.beside();
    // What is inside works on the thread, as in the room on the room.
    provide_context(live);
    let words = &live.ui().words.threads;
    let close = move |event: ev::KeyboardEvent| {
        let open = live.ui().browser(|browser| browser.finds(":popover-open"));
        if event.key() == "Escape" && !event.default_prevented() && open != Some(true) {
            event.stop_propagation();
            page.navigation().close_thread();
        }
    };
    tag::section("side thread")
        .attr("id", "side")
        .attr("aria-label", words.title)
        .on(ev::keydown, close)
        .child(head(page, room))
        // The names above messages are a level below.
        .child(tag::h3("sr").child(move || {
            let name = |open: &Option<RoomSummary>| open.as_ref().map(room_label);
            live.open().with(name)
        }))
        .child(timeline(room))
        .child(
            tag::div("dock")
                .child(to_end(live))
                .child(typing())
                .child(writing(live))
                .child(also(live)),
        )
        .child(message_menu(room))
        .child(picker())
        .view()
}

/// `page` is the room's: what closes the thread leads back to it.
fn head(page: Live, room: RoomId) -> View {
    let live = page.beside();
    let words = live.ui().words;
    let name = move || {
        live.open()
            .with(|open| open.as_ref().map(|open| bdi(&room_label(open))))
    };
    let follows = move || live.following().get() == Some(true);
    let member = derived(move || {
        let member = live
            .open()
            .with(|open| open.as_ref().is_some_and(|open| open.member));
        member && live.following().with(Option::is_some)
    });
    tag::div("side-head")
        .child(
            tag::a("icon-btn drawer-only")
                .attr("id", BACK)
                .attr("href", Route::Room(room, None).path())
                .attr("aria-label", words.room.back_to_room)
                .child(icon("left")),
        )
        .child(tag::h2("").child(words.threads.title))
        .child(tag::span("grow").child(name))
        .child(move || {
            member.get().then(|| {
                tag::button("btn small js-only")
                    .attr("type", "button")
                    .attr(
                        "aria-pressed",
                        move || if follows() { "true" } else { "false" },
                    )
                    .on(ev::click, move |_| live.thread().follow(!untrack(follows)))
                    .child(move || follows().then(|| icon_small("check")))
                    .child(move || {
                        if follows() {
                            words.threads.following
                        } else {
                            words.threads.follow
                        }
                    })
            })
        })
        .child(
            tag::a("icon-btn close")
                .attr("href", Route::Room(room, None).path())
                .attr("aria-label", words.threads.close)
                .attr("title", words.threads.close)
                .on(ev::click, move |event| {
                    event.prevent_default();
                    event.stop_propagation();
                    page.navigation().close_thread();
                })
                .child(icon("x")),
        )
        .view()
}

/// Whether what is written goes to the room too.
fn also(live: Live) -> View {
    let also = live.compose().also;
    let writes = live.rights().acts(protocol::ActKind::Send);
    let says = move || {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| (live.ui().words.threads.also)(&room_label(open)))
        })
    };
    dynamic(move || {
        (writes.get() && !live.thread().is_root_gone()).then(|| {
            tag::label("also js-only")
                .child(
                    tag::el("input")
                        .class("check")
                        .attr("type", "checkbox")
                        .attr("checked", also.get_untracked().then_some(""))
                        .on(ev::change, move |event| {
                            also.set(event_target_checked(&event));
                        }),
                )
                .child(tag::span("").child(says))
        })
    })
}
