//! Rooms, room, side: three panes, two, or one, by width and route.

use leptos::{ev, prelude::*};

use crate::text::isolated;
use crate::{
    components::dialogs::dialogs,
    components::{
        aside::live_regions, choose::choose, list_pane::list_pane, people_pane::people_pane,
        room_pane::room_pane, rooms_pane::rooms_pane, talk_pane::talk_pane, thread::thread_pane,
        toasts::toasts,
    },
    live::{Live, compose::FIELD, timeline::TIMELINE},
    route::{Listing, Route},
};
use protocol::{ActKind, RoomId};
use view::{Part, View, derived, many, tag, watch};

/// The rooms, the open one, its people.
pub(crate) fn chat_page() -> View {
    let live = Live::here();
    let room = derived(move || live.route().get().room());
    let talk = derived(move || matches!(live.route().get(), Route::Talk(_)));
    let at = move |list| derived(move || live.route().get() == Route::List(list));
    let (for_you, saved) = (at(Listing::ForYou), at(Listing::Saved));
    let pane = move || match live.route().get() {
        Route::Rooms => "rooms",
        Route::Room(..) | Route::List(_) | Route::Talk(_) => "room",
        Route::People(_) | Route::Thread(..) => "side",
    };
    let thread = derived(move || live.route().get().thread());
    let side = move || {
        let aside = matches!(live.route().get(), Route::People(_) | Route::Thread(..));
        room.get().is_some() && (live.side().get() || aside)
    };
    let beside = move || match thread.get() {
        Some(_) => "thread",
        None if side() => "people",
        None => "none",
    };
    watch_tab(live);
    many()
        .child(
            tag::main("app")
                .attr("data-side", beside)
                .attr("data-pane", pane)
                .attr("data-drawer", move || {
                    let aside = matches!(live.route().get(), Route::People(_) | Route::Thread(..));
                    aside.then_some("")
                })
                .attr("data-link", move || {
                    live.link().get().is_down().then_some("down")
                })
                .child(tag::h1("sr").child(move || heading(live)))
                .child(move || room.get().map(|_| skip(live)))
                .child(rooms_pane())
                .child(move || match room.get() {
                    Some(room) => room_pane(room).view(),
                    None if for_you.get() => list_pane(Listing::ForYou),
                    None if saved.get() => list_pane(Listing::Saved),
                    None if talk.get() => talk_pane().view(),
                    None => choose().view(),
                })
                .child(move || {
                    live.drawer().then(|| {
                        tag::div("scrim").on(ev::click, move |_| live.navigation().close_side())
                    })
                })
                .child(move || {
                    let room = room.get().filter(|_| side())?;
                    Some(aside(live, room, thread.get().is_some()))
                }),
        )
        .child(toasts())
        .child(live_regions())
        .child(dialogs())
        .view()
}

/// The way past the rooms.
fn skip(live: Live) -> View {
    let words = &live.ui().words.room;
    let writes = live.rights().acts(ActKind::Send);
    // Where one only reads there is no composer to skip to.
    let to = move || {
        if writes.get() {
            (FIELD, words.skip)
        } else {
            (TIMELINE, words.skip_reading)
        }
    };
    tag::a("btn skip js-only")
        .attr("href", move || format!("#{}", to().0))
        .child(move || to().1)
        .view()
}

/// The title and the icon of the tab.
fn watch_tab(live: Live) {
    watch(move || {
        let title = live.announcements().title();
        live.ui().browser(|browser| browser.title(&title));
    });
    let to_me = derived(move || live.announcements().tells_me());
    watch(move || {
        let icon = if to_me.get() {
            "/favicon-you.svg"
        } else {
            "/favicon.svg"
        };
        live.ui().browser(|browser| browser.icon(icon));
    });
}

/// What stands beside the room, or over it: a thread of it, or its people.
fn aside(live: Live, room: RoomId, thread: bool) -> View {
    let words = live.ui().words;
    let (says, pane) = if thread {
        (words.threads.title, thread_pane(room))
    } else {
        (words.room.people, people_pane(room))
    };
    tag::div("drawer")
        .attr("role", move || live.drawer().then_some("dialog"))
        .attr("aria-modal", move || live.drawer().then_some("true"))
        .attr("aria-label", move || live.drawer().then_some(says))
        .child(pane)
        .view()
}

/// "transmitter, Lantern Street"
fn heading(live: Live) -> String {
    let server = live.ui().server.get_value();
    live.open().with(|open| match open {
        Some(room) => (live.ui().words.room.heading)(&isolated(&room.name), &isolated(&server)),
        None => match live.route().get() {
            Route::List(list) => {
                (live.ui().words.room.heading)(live.list_title(list), &isolated(&server))
            }
            _ => server,
        },
    })
}
