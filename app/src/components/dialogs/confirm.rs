//! Questions before something that changes what others see.

use leptos::prelude::*;
use protocol::{RoomId, RoomKind};

use super::{harmless, title};
use crate::live::{Live, voice::room_label};

/// Delete this message?
#[component]
pub(crate) fn Delete(room: RoomId, seq: u64) -> AnyView {
    let live = Live::here();
    let words = &live.ui().words.dialog;
    let act = move |_| {
        live.close_dialog();
        live.input(client::Input::Delete { room, of: seq });
    };
    view! {
        {title(words.delete_title.to_owned())}
        <p>{words.delete_text}</p>
        <div class="ends">
            {harmless(live, words.keep)} <button class="btn danger" type="button" on:click=act>
                {words.delete}
            </button>
        </div>
    }
    .into_any()
}

/// Leave this room?
#[component]
pub(crate) fn Leave(room: RoomId) -> AnyView {
    let live = Live::here();
    let words = &live.ui().words.dialog;
    let open = live.open().get_untracked();
    let public = open
        .as_ref()
        .is_some_and(|open| open.kind == RoomKind::Public);
    let label = open.as_ref().map(room_label).unwrap_or_default();
    view! {
        {title((words.leave_title)(&label))}
        <p>{if public { words.leave_public } else { words.leave_private }}</p>
        <div class="ends">
            {harmless(live, words.stay)}
            <button class="btn danger" type="button" on:click=move |_| live.leave(room)>
                {words.leave}
            </button>
        </div>
    }
    .into_any()
}
