//! Failure of a message: why it did not go out or why it waits, and what its author can do with it.

use client::SendState;
use leptos::{ev, prelude::*};
use protocol::ErrorCode;

use super::message_shown::Shown;
use crate::live::{Live, failure_words::why_not};
use view::{Derived, Part, View, derived, dynamic, tag};

/// Why a message did not go out, and what to do; or why it waits.
pub(crate) fn failure(live: Live, row: Derived<Option<Shown>>) -> View {
    let state = derived(move || row.with(|row| row.as_ref().map(|row| row.message.state.clone())));
    dynamic(move || match state.get() {
        Some(SendState::Failed { code, retry, .. }) => failed(live, row, code, retry).view(),
        Some(SendState::Late) => late(live, row).view(),
        Some(SendState::Waiting {
            why: Some(code),
            until_ms,
        }) => waits(live, code, until_ms).view(),
        _ => ().view(),
    })
}

fn waits(live: Live, code: ErrorCode, until_ms: Option<u64>) -> View {
    let now_ms = live
        .ui()
        .browser(|browser| browser.now().mono_ms)
        .unwrap_or_default();
    let seconds = until_ms.map(|until| until.saturating_sub(now_ms).div_ceil(1_000).max(1));
    tag::p("waits")
        .child(why_not(live.ui().words, code, seconds))
        .view()
}

fn late(live: Live, row: Derived<Option<Shown>>) -> View {
    tag::div("fail still")
        .attr("lang", live.ui().lang.tag())
        .attr("role", "status")
        .child(tag::span("").child(live.ui().words.message.late_more))
        .child(act(live, row, StateAct::Again))
        .child(act(live, row, StateAct::Edit))
        .child(act(live, row, StateAct::Discard))
        .view()
}

fn failed(live: Live, row: Derived<Option<Shown>>, code: ErrorCode, retry: bool) -> View {
    let words = live.ui().words;
    let gone = matches!(code, ErrorCode::Forbidden | ErrorCode::NotFound);
    tag::div("fail")
        .attr("lang", live.ui().lang.tag())
        .child(
            tag::span("")
                .child(tag::span("lead").child(words.message.not_sent_lead))
                .child(tag::span("").child(why_not(words, code, None))),
        )
        .child(retry.then(|| act(live, row, StateAct::Again)))
        .child(act(
            live,
            row,
            if gone { StateAct::Copy } else { StateAct::Edit },
        ))
        .child(act(live, row, StateAct::Discard))
        .view()
}

/// What its author can do with a message that is not stored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StateAct {
    Again,
    Edit,
    Copy,
    Discard,
}

fn act(live: Live, row: Derived<Option<Shown>>, act: StateAct) -> View {
    let words = live.ui().words;
    let says = match act {
        StateAct::Again => words.common.try_again,
        StateAct::Edit => words.message.edit,
        StateAct::Copy => words.message.copy,
        StateAct::Discard => words.message.discard,
    };
    let does = move |_| {
        let Some(Shown { message, .. }) = row.get_untracked() else {
            return;
        };
        let text = message.text.as_deref().unwrap_or_default();
        match act {
            StateAct::Again => drop(live.driver().input(client::Input::Retry(message.id))),
            StateAct::Edit => live.composer().take_back(message.id, text),
            StateAct::Copy => live.clipboard().copy(text),
            StateAct::Discard => {
                live.driver().input(client::Input::Discard(message.id));
                live.focus_field();
            }
        }
    };
    tag::button("btn quiet small")
        .class_when("alarm", act == StateAct::Discard)
        .attr("type", "button")
        .on(ev::click, does)
        .child(says)
        .view()
}
