//! The bar of missed messages, over the first lines of the timeline: it lies on them, and moves none.

use leptos::{ev, prelude::*};

use crate::live::Live;
use view::{Part, View, derived, dynamic, tag};

/// The bar.
pub(crate) fn missed(live: Live) -> View {
    let words = &live.ui().words.missed;
    let shown = derived(move || live.missed().with(Option::is_some));
    let counts = derived(move || {
        live.open().with(|open| {
            open.as_ref()
                .map_or((0, 0), |open| (open.unread, open.mentions))
        })
    });
    let new = move || {
        let since = live.missed().get().and_then(|missed| missed.since_ms);
        let clock = live.clock().get();
        (words.new)(counts.get().0, since.map(|at| clock.since(at)).as_deref())
    };
    let mentions = move || {
        let (_, mentions) = counts.get();
        (mentions > 0).then(|| {
            tag::span("yours")
                .child(live.ui().words.common.dot)
                .child((live.ui().words.rooms.mentions)(mentions))
        })
    };
    dynamic(move || {
        shown.get().then(|| {
            tag::div("missed")
                .attr("role", "region")
                .attr("aria-label", words.title)
                .child(
                    tag::div("")
                        .child(tag::p("").child(tag::b("").child(new)).child(mentions))
                        .child(button("btn quiet small", words.first, move || {
                            live.scroll().to_missed();
                        }))
                        .child(move || {
                            let (_, mentions) = counts.get();
                            (mentions > 0).then(|| {
                                button("btn quiet small", words.mention, move || {
                                    live.scroll().next_mention();
                                })
                            })
                        })
                        .child(button("btn small", words.mark_read, move || {
                            live.scroll().mark_read();
                        })),
                )
        })
    })
}

fn button(class: &'static str, says: &'static str, mut act: impl FnMut() + Send + 'static) -> View {
    tag::button("")
        .class(class)
        .attr("type", "button")
        .on(ev::click, move |_| act())
        .child(says)
        .view()
}
