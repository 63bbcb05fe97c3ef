//! Reactions under a message.

use leptos::{ev, prelude::*};
use protocol::{ActKind, RoomId};

use super::{
    message_shown::Shown,
    reaction::{ReactedMessage, reaction},
};
use crate::{
    live::{Live, Picking, row_cells::RowCell},
    ui::icon_small,
};
use view::{Derived, View, derived, dynamic, each, tag};

/// The reactions, and the button for another one.
pub(crate) fn reactions(
    live: Live,
    room: RoomId,
    row: Derived<Option<Shown>>,
    cell: &RowCell,
) -> View {
    let words = &live.ui().words.message;
    let given = derived(move || {
        row.with(|row| {
            row.as_ref()
                .map(|row| row.message.reactions.clone())
                .unwrap_or_default()
        })
    });
    let reacts = live.rights().acts(ActKind::React);
    let any = derived(move || !given.with(Vec::is_empty));
    let seq = derived(move || row.with(|row| row.as_ref().and_then(|row| row.message.seq)));
    let key = cell.key;
    let of = ReactedMessage {
        live,
        room,
        row: live.timeline().id(key),
        seq,
        given,
        active: cell.active.clone(),
    };
    dynamic(move || {
        let of = of.clone();
        any.get().then(move || {
            let for_add = of.active.clone();
            tag::div("reacts")
                .child(each(
                    move || given.get(),
                    |one| one.emoji.clone(),
                    move |one| reaction(&of, one.emoji),
                ))
                .child(move || {
                    let active = for_add.clone();
                    reacts.get().then(|| {
                        tag::button("react add js-only")
                            .attr("type", "button")
                            .attr("aria-label", words.add_reaction)
                            .attr("tabindex", move || live.inner_tab(active.get()))
                            .on(ev::click, move |_| {
                                live.emoji_choice().open(Picking::Reaction(key));
                            })
                            .child(icon_small("smile"))
                    })
                })
        })
    })
}
