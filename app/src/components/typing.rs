//! The typing line. It keeps its height, so that nothing moves.

use leptos::prelude::*;

use crate::{live::Live, ui::with_names};
use view::{Part, View, derived, dynamic, tag};

/// Who is writing. The connection banner takes its place.
pub(crate) fn typing() -> View {
    let live = Live::here();
    let banner = derived(move || live.link().with(|link| link.link.is_shown()));
    dynamic(move || {
        (!banner.get()).then(|| {
            tag::div("typing")
                .child(move || {
                    let anybody = !live.typing().with(Vec::is_empty);
                    anybody.then(|| {
                        tag::span("voices")
                            .attr("aria-hidden", "true")
                            .child(tag::el("i"))
                            .child(tag::el("i"))
                            .child(tag::el("i"))
                    })
                })
                .child(tag::p("").child(move || sentence(live)))
        })
    })
}

fn sentence(live: Live) -> View {
    let words = &live.ui().words.room;
    let names: Vec<String> = live.typing().with(|typing| {
        typing
            .iter()
            .map(|user| live.people().name(*user))
            .collect()
    });
    match names.as_slice() {
        [] => ().view(),
        [one] => with_names(&(words.typing_one)(one), &[one]),
        [one, other] => with_names(&(words.typing_two)(one, other), &[one, other]),
        _ => words.typing_many.view(),
    }
}
