//! When a message was said, or where it is on its way.

use client::SendState;
use leptos::prelude::*;
use protocol::{ErrorCode, RoomId};

use super::message::Shown;
use crate::{
    live::{Live, timeline::RowCell, voice},
    route::Route,
    ui::icon_small,
};

/// What stands at the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    At(u64, u64),
    Sending,
    Waiting,
    NotSent,
}

fn when_of(row: &Shown) -> When {
    match (&row.message.state, row.message.seq) {
        (SendState::Failed { .. }, _) => When::NotSent,
        (SendState::Waiting { .. }, _) => When::Waiting,
        (SendState::Stored, Some(seq)) => When::At(seq, row.message.at),
        _ => When::Sending,
    }
}

/// The time, which is the message's own address; or its state.
pub(crate) fn when(
    live: Live,
    room: RoomId,
    row: Memo<Option<Shown>>,
    cell: &RowCell,
) -> impl IntoView + use<> {
    let words = &live.ui().words.message;
    let when = Memo::new(move |_| row.with(|row| row.as_ref().map(when_of)));
    let (id, active) = (format!("{}-at", cell.key), cell.active.clone());
    move || {
        let (id, active) = (id.clone(), active.clone());
        when.get().map(|when| {
            let (icon, says) = match when {
                When::At(seq, at) => return time(live, room, seq, at, id, active).into_any(),
                When::Sending => ("clock", words.sending),
                When::Waiting => ("clock", words.waiting),
                When::NotSent => ("alert", words.not_sent),
            };
            view! {
                <span id=id>
                    <span class="state">{icon_small(icon)} <span>{says}</span></span>
                </span>
            }
            .into_any()
        })
    }
}

fn time(
    live: Live,
    room: RoomId,
    seq: u64,
    at: u64,
    id: String,
    active: ArcRwSignal<bool>,
) -> AnyView {
    let words = &live.ui().words.message;
    let clock = live.clock();
    view! {
        <a
            id=id
            href=Route::Room(room, Some(seq)).path()
            title=move || clock.get().at(at)
            aria-label=move || (words.permalink)(&clock.get().time(at))
            tabindex=move || live.inner_tab(active.get())
        >
            <time>{move || clock.get().time(at)}</time>
        </a>
    }
    .into_any()
}

/// Why a message did not go out, and what to do; or why it waits.
pub(crate) fn failure(live: Live, row: Memo<Option<Shown>>) -> impl IntoView {
    let state =
        Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.message.state.clone())));
    move || match state.get() {
        Some(SendState::Failed { code, retry, .. }) => failed(live, row, code, retry).into_any(),
        Some(SendState::Waiting {
            why: Some(code),
            until_ms,
        }) => waits(live, code, until_ms).into_any(),
        _ => ().into_any(),
    }
}

fn waits(live: Live, code: ErrorCode, until_ms: Option<u64>) -> AnyView {
    let now_ms = live
        .ui()
        .browser(|browser| browser.now().mono_ms)
        .unwrap_or_default();
    let seconds = until_ms.map(|until| until.saturating_sub(now_ms).div_ceil(1_000).max(1));
    view! { <p class="waits">{voice::failure(live.ui().words, code, seconds)}</p> }.into_any()
}

fn failed(live: Live, row: Memo<Option<Shown>>, code: ErrorCode, retry: bool) -> AnyView {
    let words = live.ui().words;
    let message = &words.message;
    let of = move || row.get_untracked().map(|row| row.message);
    let again = move |_| {
        if let Some(message) = of() {
            live.input(client::Input::Retry(message.id));
        }
    };
    let edit = move |_| {
        if let Some(message) = of() {
            live.take_back(message.id, message.text.as_deref().unwrap_or_default());
        }
    };
    let copy = move |_| {
        if let Some(message) = of() {
            live.copy(message.text.as_deref().unwrap_or_default());
        }
    };
    let discard = move |_| {
        if let Some(message) = of() {
            live.input(client::Input::Discard(message.id));
        }
    };
    let gone = matches!(code, ErrorCode::Forbidden | ErrorCode::NotFound);
    view! {
        <div class="fail" lang=live.ui().lang.tag()>
            <span>
                <span class="lead">{message.not_sent_lead}</span>
                <span>{voice::failure(words, code, None)}</span>
            </span>
            {retry
                .then(|| {
                    view! {
                        <button class="btn quiet small" type="button" on:click=again>
                            {words.common.try_again}
                        </button>
                    }
                })}
            {if gone {
                view! {
                    <button class="btn quiet small" type="button" on:click=copy>
                        {message.copy}
                    </button>
                }
                    .into_any()
            } else {
                view! {
                    <button class="btn quiet small" type="button" on:click=edit>
                        {message.edit}
                    </button>
                }
                    .into_any()
            }}
            <button class="btn quiet alarm small" type="button" on:click=discard>
                {message.discard}
            </button>
        </div>
    }
    .into_any()
}
