//! Rooms, room, side: three panes, two, or one, by width and route.

use leptos::{ev, prelude::*};

use crate::text::isolated;
use crate::{
    components::dialogs::dialogs,
    components::{
        aside::live_regions, choose::choose, people_pane::people_pane, room_pane::room_pane,
        rooms_pane::rooms_pane, talk_pane::talk_pane, toasts::toasts,
    },
    live::{Live, compose::FIELD, timeline::TIMELINE},
    route::Route,
};
use view::{Part, View, derived, many, tag, watch};

/// The rooms, the open one, its people.
pub(crate) fn chat_page() -> View {
    let live = Live::here();
    let words = &live.ui().words.room;
    let room = derived(move || live.route().get().room());
    let talk = derived(move || matches!(live.route().get(), Route::Talk(_)));
    let member = live.is_member();
    let pane = move || match live.route().get() {
        Route::Rooms => "rooms",
        Route::Room(..) | Route::Talk(_) => "room",
        Route::People(_) => "side",
    };
    let side = move || {
        room.get().is_some()
            && (live.side().get() || matches!(live.route().get(), Route::People(_)))
    };
    watch(move || {
        let title = live.announcements().title();
        live.ui().browser(|browser| browser.title(&title));
    });
    many()
        .child(
            tag::main("app")
                .attr("data-side", move || if side() { "people" } else { "none" })
                .attr("data-pane", pane)
                .attr("data-drawer", move || {
                    matches!(live.route().get(), Route::People(_)).then_some("")
                })
                .attr("data-link", move || {
                    live.link().get().is_down().then_some("down")
                })
                .child(tag::h1("sr").child(move || heading(live)))
                .child(move || {
                    // Where one only reads there is no composer to skip to.
                    let (to, says) = if member.get() {
                        (FIELD, words.skip)
                    } else {
                        (TIMELINE, words.skip_reading)
                    };
                    room.get().map(|_| {
                        tag::a("btn skip js-only")
                            .attr("href", format!("#{to}"))
                            .child(says)
                    })
                })
                .child(rooms_pane())
                .child(move || match room.get() {
                    Some(room) => room_pane(room).view(),
                    None if talk.get() => talk_pane().view(),
                    None => choose().view(),
                })
                .child(move || {
                    live.drawer().then(|| {
                        tag::div("scrim").on(ev::click, move |_| live.navigation().close_people())
                    })
                })
                .child(move || {
                    side().then(|| room.get()).flatten().map(|room| {
                        tag::div("drawer")
                            .attr("role", move || live.drawer().then_some("dialog"))
                            .attr("aria-modal", move || live.drawer().then_some("true"))
                            .attr("aria-label", move || live.drawer().then_some(words.people))
                            .child(people_pane(room))
                    })
                }),
        )
        .child(toasts())
        .child(live_regions())
        .child(dialogs())
        .view()
}

/// "transmitter, Lantern Street"
fn heading(live: Live) -> String {
    let server = live.ui().server.get_value();
    live.open().with(|open| match open {
        Some(room) => (live.ui().words.room.heading)(&isolated(&room.name), &isolated(&server)),
        None => server,
    })
}
