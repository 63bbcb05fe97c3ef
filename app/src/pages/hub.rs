//! Rooms, room, side: three panes, two, or one, by width and route.

use leptos::prelude::*;

use crate::{
    components::dialogs::Dialogs,
    components::{
        aside::LiveRegions, choose::Choose, people_pane::PeoplePane, room_pane::RoomPane,
        rooms_pane::RoomsPane, toasts::Toasts,
    },
    live::{Live, compose::FIELD},
    route::Route,
};

/// The rooms, the open one, its people.
#[component]
pub(crate) fn HubPage() -> AnyView {
    let live = Live::here();
    let words = &live.ui().words.room;
    let room = Memo::new(move |_| live.route().get().room());
    let pane = move || match live.route().get() {
        Route::Rooms => "rooms",
        Route::Room(..) => "room",
        Route::People(_) => "side",
    };
    let side = move || {
        room.get().is_some()
            && (live.side().get() || matches!(live.route().get(), Route::People(_)))
    };
    Effect::new(move || {
        let title = live.title();
        live.ui().browser(|browser| browser.title(&title));
    });
    view! {
        <main
            class="app"
            data-side=move || if side() { "people" } else { "none" }
            data-pane=pane
            data-drawer=move || matches!(live.route().get(), Route::People(_)).then_some("")
            data-link=move || live.link().get().is_down().then_some("down")
        >
            <h1 class="sr">{move || heading(live)}</h1>
            {move || {
                room.get()
                    .map(|_| {
                        view! {
                            <a class="btn skip js-only" href=format!("#{FIELD}")>
                                {words.skip}
                            </a>
                        }
                    })
            }}
            <RoomsPane />
            {move || match room.get() {
                Some(room) => view! { <RoomPane room=room /> }.into_any(),
                None => view! { <Choose /> }.into_any(),
            }}
            {move || side().then(|| room.get()).flatten().map(|room| view! { <PeoplePane room=room /> })}
        </main>
        <Toasts />
        <LiveRegions />
        <Dialogs />
    }
    .into_any()
}

/// "transmitter, Lantern Street"
fn heading(live: Live) -> String {
    let server = live.ui().server.get_value();
    live.open().with(|open| match open {
        Some(room) => (live.ui().words.room.heading)(&room.name, &server),
        None => server,
    })
}
