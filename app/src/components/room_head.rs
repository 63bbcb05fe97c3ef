//! The head of a room: its name, its topic, its people, its menu.

use leptos::prelude::*;
use protocol::{Role, RoomId, RoomKind, RoomSummary, UserSummary};

use super::menu::{MenuItem, PopMenu};
use crate::{
    i18n::number,
    live::{Dialog, Live},
    route::Route,
    text::lang_of,
    ui::{bdi, icon},
};

/// The head.
#[component]
pub(crate) fn RoomHead(room: RoomId) -> AnyView {
    let live = Live::here();
    let words = &live.ui().words.room;
    let kind = Memo::new(move |_| live.open().with(|open| open.as_ref().map(|open| open.kind)));
    let name = Memo::new(move |_| {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| open.name.clone())
                .unwrap_or_default()
        })
    });
    let topic = Memo::new(move |_| {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| open.topic.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <header class="room-head">
            <a class="icon-btn phone-only" href="/" aria-label=words.back>
                {icon("left")}
            </a>
            <h2 class="at">
                {move || match kind.get() {
                    Some(RoomKind::Public) => Some(icon("hash")),
                    Some(RoomKind::Private) => Some(icon("lock")),
                    _ => None,
                }} <span>{move || name.with(|name| bdi(name))}</span>
            </h2>
            <p class="topic wide-only" title=words.topic dir="auto" lang=move || topic.with(|topic| lang_of(topic))>
                {move || topic.get()}
            </p>
            <div class="acts">{people_link(live, room)} {menu(live)}</div>
        </header>
    }
    .into_any()
}

/// How many people there are. On a wide window it shows and hides them, else it leads to them.
fn people_link(live: Live, room: RoomId) -> AnyView {
    let words = &live.ui().words.room;
    let count = move || live.members().with(|members| members.ids.len() as u64);
    let shown = move || live.side().get() || matches!(live.route().get(), Route::People(_));
    let act = move |event: leptos::ev::MouseEvent| {
        let wide = live
            .ui()
            .browser(|browser| browser.is_wide())
            .unwrap_or_default();
        if wide && matches!(live.route().get_untracked(), Route::Room(..)) {
            event.prevent_default();
            event.stop_propagation();
            live.side().update(|side| *side = !*side);
        }
    };
    view! {
        <a
            class="icon-btn with-n"
            href=move || match live.route().get() {
                Route::People(_) => Route::Room(room, None).path(),
                _ => Route::People(room).path(),
            }
            aria-label=move || (words.people_n)(count())
            aria-expanded=move || if shown() { "true" } else { "false" }
            on:click=act
        >
            {icon("people")}
            <span aria-hidden="true">{move || number(count())}</span>
        </a>
    }
    .into_any()
}

/// Whether somebody may change a room.
fn may_change(me: &UserSummary, room: &RoomSummary) -> bool {
    room.kind != RoomKind::Direct && (me.role >= Role::Admin || room.created_by == Some(me.id))
}

fn menu(live: Live) -> AnyView {
    let words = live.ui().words;
    let items = Signal::derive(move || {
        live.open()
            .get()
            .map(|open| items(live, &open))
            .unwrap_or_default()
    });
    let any = move || items.with(|items: &Vec<MenuItem>| !items.is_empty());
    view! {
        {move || {
            any()
                .then(|| {
                    view! {
                        <button
                            class="icon-btn js-only"
                            type="button"
                            aria-label=words.room.menu
                            title=words.room.menu
                            aria-haspopup="menu"
                            on:click=move |_| live.open_menu("room-menu")
                        >
                            {icon("more")}
                        </button>
                    }
                })
        }}
        <PopMenu id="room-menu" label=words.room.menu items=items />
    }
    .into_any()
}

/// What one may do with a room.
fn items(live: Live, room: &RoomSummary) -> Vec<MenuItem> {
    let words = &live.ui().words.room;
    let open = |dialog| Callback::new(move |()| live.dialog().set(Some(dialog)));
    let me = live.me().get();
    let mut items = Vec::new();
    if room.kind == RoomKind::Private && room.member {
        items.push(MenuItem::new(
            "people",
            words.add_people,
            open(Dialog::AddPeople(room.id)),
        ));
    }
    if room.kind != RoomKind::Direct && me.role >= Role::Admin {
        items.push(MenuItem::new("link", words.invite, open(Dialog::Invite)));
    }
    if room.member && may_change(&me, room) {
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
