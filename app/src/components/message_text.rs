//! The text of a message, as text nodes; never HTML.

use leptos::{ev, prelude::*};
use protocol::{RoomId, Seq};

use super::{
    folded::{folded, is_long, toggle},
    message_shown::Shown,
    message_words::RowText,
};
use crate::{
    live::{Dialog, Live, row_cells::RowCell},
    text::{parse, row_pieces},
    ui::icon_small,
};
use view::{Derived, Part, View, derived, dynamic, many, tag};

/// The text, or that it was deleted. Of a long one the beginning, with a button for the rest.
pub(crate) fn message_text(
    live: Live,
    room: RoomId,
    row: Derived<Option<Shown>>,
    cell: &RowCell,
) -> View {
    let words = &live.ui().words.message;
    let text = derived(move || {
        row.with(|row| {
            row.as_ref()
                .map(|row| {
                    let message = &row.message;
                    let edited = message.seq.zip(message.edited_at);
                    (message.text.clone(), edited)
                })
                .unwrap_or_default()
        })
    });
    let long = derived(move || text.with(|(text, _)| text.as_deref().is_some_and(is_long)));
    let (key, active, in_use) = (cell.key, cell.active.clone(), cell.active.clone());
    let says = dynamic(move || match text.get() {
        (None, _) => tag::p("tomb")
            .child(icon_small("trash"))
            .child(tag::span("").child(words.deleted))
            .view(),
        (Some(text), edited) => {
            live.people().version.track();
            live.room_names().track();
            let mark = edited.map(|edited| edited_mark(live, room, edited, in_use.clone()));
            let me = live.me().with_untracked(|me| text::handle_key(&me.name));
            let mut drawn = RowText {
                live,
                active: in_use.clone(),
                pieces: row_pieces(live, me),
            };
            let says = drawn.blocks_and(&parse(&text), mark.view());
            if long.get() {
                folded(live, key, says)
            } else {
                says
            }
        }
    });
    many()
        .child(says)
        .child(move || long.get().then(|| toggle(live, key, active.clone())))
        .view()
}

/// That it was edited, and the way to what it said before.
fn edited_mark(live: Live, room: RoomId, (seq, at): (Seq, u64), active: ArcRwSignal<bool>) -> View {
    let words = &live.ui().words.message;
    let when = live.clock().get_untracked().at(at);
    tag::button("edited")
        .attr("type", "button")
        .attr("title", (words.edited_at)(&when))
        .attr("aria-label", (words.edited_more)(&when))
        .attr("aria-haspopup", "dialog")
        .attr("tabindex", move || live.inner_tab(active.get()))
        .on(ev::click, move |_| {
            live.dialog().set(Some(Dialog::Earlier(room, seq)));
        })
        .child(words.edited)
        .view()
}
