//! The list of rooms and people, with what is new in each.

use leptos::prelude::*;
use protocol::{PresenceState, RoomId, RoomKind, RoomSummary};

use super::{
    menu::{MenuItem, PopMenu},
    room_row::RoomRow,
    seal::{presence, seal_with},
};
use crate::{
    live::{Dialog, Live},
    ui::{icon, icon_as},
};

/// The pane. On a phone it is a page of its own, with the tabs at its foot.
#[component]
pub(crate) fn RoomsPane() -> AnyView {
    let live = Live::here();
    let words = &live.ui().words.rooms;
    let direct = |room: &RoomSummary| room.kind == RoomKind::Direct;
    view! {
        <nav class="rooms" id="rooms" aria-label=words.title>
            {head(live)}
            <div class="rooms-scroll">
                <button
                    class="jump js-only"
                    type="button"
                    aria-keyshortcuts="Control+K Meta+K"
                    on:click=move |_| live.dialog().set(Some(Dialog::Switcher))
                >
                    {icon("search")}
                    <span>{words.go_to}</span>
                    <kbd aria-hidden="true">"Ctrl K"</kbd>
                </button>
                {list_head(live, words.title, words.browse, Dialog::Browse)}
                {list(live, move |room| !direct(room))}
                {list_head(live, words.people, words.write_to, Dialog::NewDirect)}
                {list(live, direct)}
            </div>
            {me(live)}
            {tabs(live)}
        </nav>
    }
    .into_any()
}

fn head(live: Live) -> AnyView {
    let words = &live.ui().words.rooms;
    let may_invite = live
        .me()
        .with_untracked(|me| me.role >= protocol::Role::Admin);
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
    view! {
        <div class="hub">
            {icon_as("i logo", "logo")} <span class="hub-name">{live.ui().server.get_value()}</span>
            <button
                class="icon-btn js-only"
                type="button"
                aria-label=words.make
                title=words.make
                aria-haspopup="menu"
                on:click=move |_| live.open_menu("make-menu")
            >
                {icon("plus")}
            </button>
            <PopMenu id="make-menu" label=words.make items=items />
        </div>
    }
    .into_any()
}

fn list_head(live: Live, title: &'static str, act: &'static str, dialog: Dialog) -> AnyView {
    view! {
        <div class="rooms-head">
            <h2>{title}</h2>
            <button
                class="icon-btn js-only"
                type="button"
                aria-label=act
                title=act
                on:click=move |_| live.dialog().set(Some(dialog))
            >
                {icon("plus")}
            </button>
        </div>
    }
    .into_any()
}

fn list(
    live: Live,
    wanted: impl Fn(&RoomSummary) -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    let ids = Memo::new(move |_| {
        live.rooms().with(|rooms| {
            rooms
                .iter()
                .filter(|room| wanted(room))
                .map(|room| room.id)
                .collect::<Vec<RoomId>>()
        })
    });
    view! {
        <ul>
            <For each=move || ids.get() key=|id| *id children=move |id| view! { <RoomRow room=id /> } />
        </ul>
    }
    .into_any()
}

/// Who one is, and the way to the settings.
fn me(live: Live) -> AnyView {
    let common = &live.ui().words.common;
    let settings = live.ui().words.rooms.settings;
    let me = live.me();
    view! {
        <div class="me">
            {move || {
                let me = me.get();
                seal_with(me.id, &me.display_name, "lg", presence(PresenceState::Online))
            }} <span class="words">
                <b>
                    <bdi>{move || me.get().display_name}</bdi>
                </b>
                <small>
                    <span class="up">{common.online}</span>
                    <span class="down">{common.not_connected}</span>
                </small>
            </span>
            <a class="icon-btn" href="/you" aria-label=settings title=settings>
                {icon("sliders")}
            </a>
        </div>
    }
    .into_any()
}

/// The tabs of a phone.
fn tabs(live: Live) -> AnyView {
    let words = &live.ui().words.rooms;
    view! {
        <div class="tabs">
            <a href="/" aria-current="page">
                {icon("hash")}
                <span>{words.title}</span>
            </a>
            <button class="js-only" type="button" on:click=move |_| live.dialog().set(Some(Dialog::Switcher))>
                {icon("search")}
                <span>{words.search}</span>
            </button>
            <a href="/you">{icon("person")} <span>{words.you}</span></a>
        </div>
    }
    .into_any()
}
