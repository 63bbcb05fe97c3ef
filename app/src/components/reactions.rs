//! Reactions under a message.

use leptos::{ev, prelude::*};
use protocol::{ActKind, Reaction, RoomId};

use super::message_shown::Shown;
use crate::{
    i18n::number,
    live::{Live, Picking, row_cells::RowCell},
    ui::icon_small,
};
use view::{Derived, Part, View, derived, dynamic, each, tag};

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
    let reacts = live.acts(ActKind::React);
    let any = derived(move || !given.with(Vec::is_empty));
    let seq = derived(move || row.with(|row| row.as_ref().and_then(|row| row.message.seq)));
    let (key, active) = (cell.key, cell.active.clone());
    dynamic(move || {
        let active = active.clone();
        any.get().then(move || {
            let for_add = active.clone();
            tag::div("reacts")
                .child(each(
                    move || given.get(),
                    |reaction| reaction.emoji.clone(),
                    move |reaction| one(live, room, seq, given, &reaction, active.clone()),
                ))
                .child(move || {
                    let active = for_add.clone();
                    reacts.get().then(|| {
                        tag::button("react add js-only")
                            .attr("type", "button")
                            .attr("aria-label", words.add_reaction)
                            .attr("tabindex", move || live.inner_tab(active.get()))
                            .on(ev::click, move |_| live.pick(Picking::Reaction(key)))
                            .child(icon_small("smile"))
                    })
                })
        })
    })
}

fn one(
    live: Live,
    room: RoomId,
    seq: Derived<Option<u64>>,
    given: Derived<Vec<Reaction>>,
    reaction: &Reaction,
    active: ArcRwSignal<bool>,
) -> View {
    let words = &live.ui().words.message;
    let emoji = reaction.emoji.clone();
    let wanted = emoji.clone();
    let now = derived(move || {
        let found = |given: &Vec<Reaction>| {
            given
                .iter()
                .find(|one| one.emoji == wanted)
                .map(|one| (one.count, one.mine))
        };
        given.with(found).unwrap_or_default()
    });
    let (name, drawn, act) = (emoji.clone(), emoji.clone(), emoji);
    tag::button("react")
        .attr("type", "button")
        .attr(
            "aria-pressed",
            move || if now.get().1 { "true" } else { "false" },
        )
        .attr("aria-label", move || {
            let (count, mine) = now.get();
            (words.reaction)(&name, count.into(), mine)
        })
        .attr("tabindex", move || live.inner_tab(active.get()))
        .on(ev::click, move |_| {
            if let Some(of) = seq.get_untracked() {
                live.react(room, of, &act, !now.get_untracked().1);
            }
        })
        .child(tag::span("emoji").child(drawn))
        .child(" ")
        .child(tag::span("").child(move || number(now.get().0.into())))
        .view()
}
