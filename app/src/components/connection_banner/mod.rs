//! The connection banner: what happened, what is safe, what to do, in one breath.

mod banner_words;
mod button;

use leptos::prelude::*;

use crate::{live::Live, ui::icon_as};
use banner_words::{BannerText, line, numbers, says};
use button::button;
use view::{Derived, Part, View, derived, dynamic, tag};

/// The banner. Its button keeps the focus when the state changes.
pub(crate) fn connection_banner() -> View {
    let live = Live::here();
    let words = live.ui().words;
    let state = live.link();
    let what = derived(move || says(words, state.get().link));
    let shown = derived(move || what.get().map(|what| what.ended));
    dynamic(move || shown.get().map(|ended| body(live, what, ended)))
}

fn body(live: Live, what: Derived<Option<BannerText>>, ended: bool) -> View {
    let words = live.ui().words;
    let state = live.link();
    let numbers = derived(move || numbers(words, state.get()));
    let timer = move || numbers.with(|numbers| numbers.as_ref().is_some_and(|(_, timer)| *timer));
    let of = move |pick: fn(BannerText) -> &'static str| {
        move || what.get().map(pick).unwrap_or_default()
    };
    tag::div("banner")
        .class_when("ended", ended)
        .attr("role", if ended { "alert" } else { "status" })
        .child(move || {
            what.get()
                .map(|what| icon_as(if what.spins { "i spin" } else { "i" }, what.icon))
        })
        .child(
            tag::p("")
                .child(tag::b("").child(of(|what| what.head)))
                .child(words.common.space)
                .child(
                    tag::span("")
                        .class_when("t", timer)
                        .attr("role", move || timer().then_some("timer"))
                        .attr("aria-live", move || timer().then_some("off"))
                        .child(move || numbers.get().map(|(text, _)| text)),
                )
                .child(words.common.space)
                .child(tag::span("").child(of(|what| what.tail))),
        )
        .child(tag::span("").child(button(live, what)))
        .child(move || {
            line(state.get()).map(|value| {
                tag::el("progress")
                    .attr("max", "100")
                    .attr("value", value.to_string())
                    .attr("aria-hidden", "true")
            })
        })
        .view()
}
