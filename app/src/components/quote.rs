//! What a message answers, in one line.

use leptos::prelude::*;
use protocol::RoomId;

use super::{message::Shown, seal::seal};
use crate::{
    live::{Live, voice::first_words},
    route::Route,
    text::lang_of,
    ui::bdi,
};

/// The quote: a link that jumps to the message and selects it.
pub(crate) fn quote(
    live: Live,
    room: RoomId,
    row: Memo<Option<Shown>>,
    active: ArcRwSignal<bool>,
) -> impl IntoView {
    let words = &live.ui().words.message;
    let quote = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.quote.clone())));
    move || {
        let active = active.clone();
        quote.get().map(|quote| {
            let says = match &quote.message {
                None => view! { <span>{words.quote_far}</span> }.into_any(),
                Some(message) => {
                    let name = live
                        .people()
                        .person(message.by)
                        .with(|person| person.name.clone());
                    let text = message
                        .text
                        .as_deref()
                        .map_or_else(|| words.quote_gone.to_owned(), first_words);
                    view! {
                        {seal(message.by, &name, "xs")}
                        <b>{bdi(&name)}</b>
                        <span dir="auto" lang=lang_of(&text)>
                            {text.clone()}
                        </span>
                    }
                    .into_any()
                }
            };
            let seq = quote.seq;
            view! {
                <a
                    class="quote"
                    href=Route::Room(room, Some(seq)).path()
                    tabindex=move || live.inner_tab(active.get())
                    on:click=move |event| {
                        event.prevent_default();
                        event.stop_propagation();
                        live.jump(room, seq);
                    }
                >
                    <span class="sr">{words.in_reply_to}</span>
                    {says}
                </a>
            }
        })
    }
}
