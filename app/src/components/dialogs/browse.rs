//! The open rooms: join one, open one, or make one.

use leptos::prelude::*;
use protocol::{RoomKind, RoomSummary};

use super::{harmless, title};
use crate::{
    live::{Dialog, Live},
    route::Route,
    ui::{bdi, icon},
};

/// The list.
#[component]
pub(crate) fn Browse() -> AnyView {
    let live = Live::here();
    let words = live.ui().words;
    let rooms = RwSignal::new(None::<Vec<RoomSummary>>);
    let failed = RwSignal::new(false);
    live.all_rooms(move |all| match all {
        Some(all) => {
            let mut open: Vec<_> = all
                .into_iter()
                .filter(|room| room.kind == RoomKind::Public)
                .collect();
            open.sort_by_cached_key(|room| (room.member, room.name.to_lowercase()));
            rooms.set(Some(open));
        }
        None => failed.set(true),
    });
    let list = move || match rooms.get() {
        None if failed.get() => view! { <p>{words.common.failed}</p> }.into_any(),
        None => view! { <p>{words.dialog.loading}</p> }.into_any(),
        Some(rooms) => {
            let all_joined = rooms.iter().all(|room| room.member);
            view! {
                {all_joined.then(|| view! { <p>{words.dialog.browse_none}</p> })}
                <ul class="lines">{rooms.into_iter().map(|room| one(live, room)).collect_view()}</ul>
            }
            .into_any()
        }
    };
    view! {
        {title(words.dialog.browse.to_owned())}
        <div class="dialog-scroll">{list}</div>
        <div class="ends">
            {harmless(live, words.common.close)}
            <button class="btn primary" type="button" on:click=move |_| live.dialog().set(Some(Dialog::NewRoom))>
                {words.dialog.new_room}
            </button>
        </div>
    }
    .into_any()
}

fn one(live: Live, room: RoomSummary) -> AnyView {
    let words = &live.ui().words.dialog;
    let (name, topic, member, id) = (room.name.clone(), room.topic.clone(), room.member, room.id);
    let act = move |_| {
        if member {
            live.close_dialog();
            live.go(Route::Room(id, None));
        } else {
            live.join(room.clone());
        }
    };
    let label = if member {
        format!("{} {name}", words.open)
    } else {
        (words.join_named)(&name)
    };
    view! {
        <li>
            <span class="mark">{icon("hash")}</span>
            <span>
                <b>{bdi(&name)} {member.then(|| view! { <span class="tag this">{words.joined}</span> })}</b>
                <small dir="auto">{topic}</small>
            </span>
            <button class="btn small" type="button" aria-label=label on:click=act>
                {if member { words.open } else { live.ui().words.door.join }}
            </button>
        </li>
    }
    .into_any()
}
