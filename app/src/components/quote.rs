//! The quote above an answer, in one line.

use leptos::{ev, prelude::*};
use protocol::RoomId;

use super::{avatar::avatar, message_shown::Shown};
use crate::{
    live::Live,
    text::{first_words, lang_of},
    ui::bdi,
};
use view::{Derived, Part, View, derived, dynamic, many, tag};

/// The quote: a link that jumps to the message and selects it.
pub(crate) fn quote(
    live: Live,
    room: RoomId,
    row: Derived<Option<Shown>>,
    active: ArcRwSignal<bool>,
) -> View {
    let words = &live.ui().words.message;
    let quote = derived(move || row.with(|row| row.as_ref().and_then(|row| row.quote.clone())));
    dynamic(move || {
        let active = active.clone();
        quote.get().map(|quote| {
            let says = match &quote.message {
                None => tag::span("").child(words.quote_far).view(),
                Some(message) => {
                    let name = live
                        .people()
                        .person(message.by)
                        .with(|person| person.name.clone());
                    let text = message
                        .text
                        .as_deref()
                        .map_or_else(|| words.quote_gone.to_owned(), first_words);
                    many()
                        .child(avatar(message.by, &name, "xs"))
                        .child(tag::b("").child(bdi(&name)))
                        .child(
                            tag::span("")
                                .attr("dir", "auto")
                                .attr("lang", lang_of(&text))
                                .child(text.clone()),
                        )
                        .view()
                }
            };
            let seq = quote.seq;
            tag::a("quote")
                .attr("href", live.link_to(room, seq).path())
                .attr("tabindex", move || live.inner_tab(active.get()))
                .on(ev::click, move |event| {
                    event.prevent_default();
                    event.stop_propagation();
                    live.scroll().jump(room, seq);
                })
                .child(tag::span("sr").child(words.in_reply_to))
                .child(says)
        })
    })
}
