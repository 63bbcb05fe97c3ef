//! An open room: head, timeline, dock.

use leptos::prelude::*;
use protocol::RoomId;

use super::{
    composer::Composer, message_menu::MessageMenu, picker::Picker, room_head::RoomHead,
    strip::Strip, timeline::Timeline, typing::Typing,
};
use crate::{live::Live, ui::icon_small};

/// The room.
#[component]
pub(crate) fn RoomPane(room: RoomId) -> AnyView {
    let live = Live::here();
    let name = move || {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| open.name.clone())
                .unwrap_or_default()
        })
    };
    view! {
        <section class="room" aria-label=name>
            <RoomHead room=room />
            <Timeline room=room />
            <div class="dock">
                {to_end(live)}
                <Strip />
                <Typing />
                {writing(live)}
            </div>
            <MessageMenu room=room />
            <Picker />
        </section>
    }
    .into_any()
}

/// The composer; for whoever only reads the room, the way in; without scripts, a word about it.
fn writing(live: Live) -> AnyView {
    let words = live.ui().words;
    let member = Memo::new(move |_| {
        live.open()
            .with(|open| open.as_ref().map(|open| open.member))
    });
    view! {
        {move || match member.get() {
            Some(true) => {
                view! {
                    <p class="no-js reading">{words.common.needs_scripts}</p>
                    <Composer />
                }
                    .into_any()
            }
            Some(false) => join(live).into_any(),
            None => view! { <p class="reading">{words.message.not_found}</p> }.into_any(),
        }}
    }
    .into_any()
}

fn join(live: Live) -> AnyView {
    let words = &live.ui().words.room;
    let act = move |_| {
        if let Some(room) = live.open().get_untracked() {
            live.join(room);
        }
    };
    view! {
        <div class="reading">
            <span>{words.read_only}</span>
            <button class="btn primary js-only" type="button" on:click=act>
                {words.join}
            </button>
        </div>
    }
    .into_any()
}

/// The way to the newest message, when it is out of view.
fn to_end(live: Live) -> impl IntoView {
    let words = &live.ui().words.room;
    move || {
        (!live.timeline().at_end.get()).then(|| {
            let below = live.timeline().below.get();
            let says = if below > 0 { (words.jump)(below) } else { String::new() };
            let label = if below > 0 { None } else { Some(words.to_end) };
            view! {
                <div class="to-end">
                    <button class="btn small" type="button" aria-label=label title=label on:click=move |_| live.to_end()>
                        {icon_small("down")}
                        {says}
                    </button>
                </div>
            }
        })
    }
}
