//! The foot of the composer: what there is to say about the text.

use client::Link;
use leptos::{ev, prelude::*};
use protocol::limits::TEXT_CHARS;

use crate::live::{Live, text_length::Length};
use view::{Derived, Part, View, derived, dynamic, tag};

/// That it is too long, is from another visit, calls nobody, or goes out later.
pub(super) fn foot(live: Live, how_long: Derived<Length>) -> View {
    let words = live.ui().words;
    let count = move |n: u64| (words.composer.of)(n, TEXT_CHARS as u64);
    let down = derived(move || live.link().with(|link| link.is_down()));
    let nobody = live.compose().nobody;
    let ended = derived(move || live.link().with(|link| matches!(link.link, Link::Ended(_))));
    dynamic(move || match (how_long.get(), live.compose().from.get()) {
        (Length::Over(over), _) => tag::div("foot bad")
            .child(tag::span("").child((words.message.too_long)(over)))
            .child(tag::span("n").child(count(TEXT_CHARS as u64 + over)))
            .view(),
        (Length::Near(n), _) => tag::div("foot")
            .child(tag::span("n").child(count(n)))
            .view(),
        (Length::Fine, Some(at)) => {
            let when = live.clock().get_untracked().at(at);
            tag::div("foot")
                .child(tag::span("").child((words.composer.draft_from)(&when)))
                .child(
                    tag::button("btn quiet small")
                        .attr("type", "button")
                        .on(ev::click, move |_| live.drafts().discard_draft())
                        .child(words.message.discard),
                )
                .view()
        }
        (Length::Fine, None) if nobody.with(|name| !name.is_empty()) => nobody_called(live).view(),
        (Length::Fine, None) if down.get() => tag::div("foot")
            .child(tag::span("").child(if ended.get() {
                words.composer.kept
            } else {
                words.composer.later
            }))
            .view(),
        _ => ().view(),
    })
}

/// A name after `@` is nobody's; another may be meant.
fn nobody_called(live: Live) -> View {
    let words = &live.ui().words.composer;
    let name = live.compose().nobody.get();
    let says = (words.nobody)(&format!("@{name}"));
    let meant = live.composer().meant(&name).map(|handle| {
        let call = (words.call_instead)(&format!("@{handle}"));
        tag::button("btn quiet small")
            .attr("type", "button")
            .on(ev::click, move |_| {
                live.composer().call_instead(&name, &handle);
            })
            .child(tag::bdi("").child(call))
    });
    tag::div("foot")
        .child(tag::span("").child(says))
        .child(meant)
        .view()
}
