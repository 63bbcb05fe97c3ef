//! The list of rooms and people, with what is new in each.

use leptos::{ev, prelude::*};
use protocol::{PresenceState, RoomId, RoomKind, RoomSummary, rights::ServerRight};

use super::{
    avatar::{avatar_with, presence},
    connection_banner::connection_banner,
    fold::{Beyond, LIST, edge, look, walk},
    menu::{MenuItem, pop_menu},
    room_row::room_row,
    unsent::unsent_rows,
};
use crate::{
    live::{Dialog, Live},
    route::{PagePath, Route},
    ui::{icon, icon_as},
};
use view::{Derived, Part, View, derived, each, tag, watch};

/// The pane. On a phone it is a page of its own, with the tabs at its foot.
pub(crate) fn rooms_pane() -> View {
    let live = Live::here();
    let words = &live.ui().words.rooms;
    let direct = |room: &RoomSummary| room.kind == RoomKind::Direct;
    let beyond = Beyond::new();
    let stop = live.tab_row();
    watch(move || {
        live.rooms().track();
        live.layout().track();
        live.route().track();
        // Once it is drawn.
        live.ui()
            .browser(|browser| browser.after(0, Box::new(move || look(live, beyond))));
    });
    tag::nav("rooms")
        .attr("id", "rooms")
        .attr("inert", move || live.drawer())
        .attr("aria-label", words.title)
        .child(head(live))
        .child(
            tag::div("rooms-scroll")
                .attr("id", LIST)
                .on(ev::scroll, move |_| look(live, beyond))
                .on(ev::keydown, move |event| walk(live, &event))
                .child(edge(live, beyond, true))
                .child(
                    tag::button("jump js-only")
                        .attr("type", "button")
                        .attr("aria-keyshortcuts", "Control+K Meta+K")
                        .on(ev::click, move |_| {
                            live.dialog().set(Some(Dialog::Switcher));
                        })
                        .child(icon("search"))
                        .child(tag::span("").child(words.go_to))
                        .child(tag::kbd("").attr("aria-hidden", "true").child("Ctrl K")),
                )
                .child(unsent_rows(live))
                .child(list_head(live, words.title, words.browse, Dialog::Browse))
                .child(list(live, stop, move |room| !direct(room)))
                .child(list_head(
                    live,
                    words.people,
                    words.write_to,
                    Dialog::NewDirect,
                ))
                .child(list(live, stop, direct))
                .child(edge(live, beyond, false)),
        )
        .child(link(live))
        .child(me(live))
        .child(tabs(live))
        .view()
}

fn head(live: Live) -> View {
    let words = &live.ui().words.rooms;
    let may_invite = untrack(|| live.may_on_server(ServerRight::Invite));
    let open = move |dialog| Callback::new(move |()| live.dialog().set(Some(dialog)));
    let mut items = vec![
        MenuItem::new("hash", words.browse, open(Dialog::Browse)),
        MenuItem::new(
            "plus",
            live.ui().words.dialog.new_room,
            open(Dialog::NewRoom),
        ),
        MenuItem::new("bubble", words.write_to, open(Dialog::NewDirect)),
    ];
    if may_invite {
        items.push(MenuItem::new(
            "link",
            live.ui().words.room.invite,
            open(Dialog::Invite),
        ));
    }
    tag::div("server")
        .child(icon_as("i logo", "logo"))
        .child(tag::span("server-name").child(live.ui().server.get_value()))
        .child(
            tag::button("icon-btn js-only")
                .attr("type", "button")
                .attr("aria-label", words.make)
                .attr("title", words.make)
                .attr("aria-haspopup", "menu")
                .on(ev::click, move |_| live.open_menu("make-menu"))
                .child(icon("plus")),
        )
        .child(pop_menu("make-menu", words.make, items))
        .view()
}

fn list_head(live: Live, title: &'static str, act: &'static str, dialog: Dialog) -> View {
    tag::div("rooms-head")
        .child(tag::h2("").child(title))
        .child(
            tag::button("icon-btn js-only")
                .attr("type", "button")
                .attr("aria-label", act)
                .attr("title", act)
                .on(ev::click, move |_| live.dialog().set(Some(dialog)))
                .child(icon("plus")),
        )
        .view()
}

fn list(
    live: Live,
    stop: Derived<Option<RoomId>>,
    wanted: impl Fn(&RoomSummary) -> bool + Copy + Send + Sync + 'static,
) -> View {
    let ids = derived(move || {
        live.rooms().with(|rooms| {
            rooms
                .iter()
                .filter(|room| wanted(room))
                .map(|room| room.id)
                .collect::<Vec<RoomId>>()
        })
    });
    tag::ul("")
        .child(each(
            move || ids.get(),
            |id| *id,
            move |room| room_row(room, stop),
        ))
        .view()
}

/// How the connection is, for a phone that shows the list alone; beside a room, its own banner says so.
fn link(live: Live) -> View {
    let alone = derived(move || live.route().get() == Route::Rooms);
    tag::div("rooms-link")
        .child(move || alone.get().then(connection_banner))
        .view()
}

/// Who one is, and the way to the settings.
fn me(live: Live) -> View {
    let common = &live.ui().words.common;
    let settings = live.ui().words.rooms.settings;
    let me = live.me();
    tag::div("me")
        .child(move || {
            let me = me.get();
            avatar_with(
                me.id,
                &me.display_name,
                "lg",
                presence(PresenceState::Online),
            )
        })
        .child(
            tag::span("words")
                .child(tag::b("").child(tag::bdi("").child(move || me.get().display_name)))
                .child(
                    tag::small("")
                        .child(tag::span("up").child(common.online))
                        .child(tag::span("down").child(common.not_connected)),
                ),
        )
        .child(
            tag::a("icon-btn")
                .attr("href", PagePath::You.path())
                .attr("aria-label", settings)
                .attr("title", settings)
                .child(icon("sliders")),
        )
        .view()
}

/// The tabs of a phone.
fn tabs(live: Live) -> View {
    let words = &live.ui().words.rooms;
    tag::div("tabs")
        .child(
            tag::a("")
                .attr("href", "/")
                .attr("aria-current", "page")
                .child(icon("hash"))
                .child(tag::span("").child(words.title)),
        )
        .child(
            tag::button("js-only")
                .attr("type", "button")
                .on(ev::click, move |_| {
                    live.dialog().set(Some(Dialog::Switcher));
                })
                .child(icon("search"))
                .child(tag::span("").child(words.search)),
        )
        .child(
            tag::a("")
                .attr("href", PagePath::You.path())
                .child(icon("person"))
                .child(tag::span("").child(words.you)),
        )
        .view()
}
