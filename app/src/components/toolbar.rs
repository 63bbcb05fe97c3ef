//! The toolbar of the timeline: one, on the row in use.

use client::rows::RowKey;
use leptos::{ev::KeyboardEvent, prelude::*};
use protocol::RoomId;

use super::timeline::{on_message, open_message_menu};
use crate::{keys::RowAct, live::Live, ports::Step, ui::icon};

const THUMBS_UP: &str = "👍";

/// The toolbar of a row. Within it the arrows move, as everywhere in lists.
#[component]
pub(crate) fn Toolbar(room: RoomId, row: RowKey) -> AnyView {
    let live = Live::here();
    let words = &live.ui().words.message;
    let member = live.is_member();
    let id = format!("{row}-tools");
    let list = id.clone();
    let walk = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => Step::By(1),
            "ArrowLeft" => Step::By(-1),
            _ => return,
        };
        event.prevent_default();
        live.ui()
            .browser(|browser| browser.step_focus(&list, "button", step));
    };
    view! {
        <div
            class="tools"
            id=id
            role="toolbar"
            aria-label=words.actions
            on:keydown=walk
        >
            {move || member.get().then(|| answers(live, room, row))}
            <button
                class="icon-btn"
                type="button"
                aria-label=words.more
                title=words.more
                aria-haspopup="menu"
                tabindex=move || member.get().then_some("-1")
                on:click=move |_| open_message_menu(live, row)
            >
                {icon("more")}
            </button>
        </div>
    }
    .into_any()
}

/// What only members may do: a thumb, a reaction, a reply.
fn answers(live: Live, room: RoomId, row: RowKey) -> AnyView {
    let words = &live.ui().words.message;
    let button = move |name: &'static str, says: &'static str, does: RowAct| {
        let act = move |_| {
            on_message(live, room, row, does);
        };
        view! {
            <button class="icon-btn" type="button" aria-label=says title=says tabindex="-1" on:click=act>
                {icon(name)}
            </button>
        }
    };
    view! {
        <button
            class="icon-btn"
            type="button"
            aria-label=words.thumbs_up
            title=words.thumbs_up
            on:click=move |_| thumb(live, room, row)
        >
            <span class="emoji">{THUMBS_UP}</span>
        </button>
        {button("smile", words.react, RowAct::React)}
        {button("reply", words.reply, RowAct::Reply)}
    }
    .into_any()
}

/// Gives a thumb, or takes it back.
fn thumb(live: Live, room: RoomId, row: RowKey) {
    let Some(message) = live.message(row) else {
        return;
    };
    let mine = message
        .reactions
        .iter()
        .any(|one| one.emoji == THUMBS_UP && one.mine);
    if let Some(seq) = message.seq {
        live.react(room, seq, THUMBS_UP, !mine);
    }
}
