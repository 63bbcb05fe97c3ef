//! Reactions under a message.

use leptos::prelude::*;
use protocol::{Reaction, RoomId};

use super::message::Shown;
use crate::{
    i18n::number,
    live::{Live, Picking, timeline::RowCell},
    ui::icon_small,
};

/// The reactions, and the button for another one.
pub(crate) fn reactions(
    live: Live,
    room: RoomId,
    row: Memo<Option<Shown>>,
    cell: &RowCell,
) -> impl IntoView + use<> {
    let words = &live.ui().words.message;
    let given = Memo::new(move |_| {
        row.with(|row| {
            row.as_ref()
                .map(|row| row.message.reactions.clone())
                .unwrap_or_default()
        })
    });
    let member = Memo::new(move |_| {
        live.open()
            .with(|open| open.as_ref().is_some_and(|open| open.member))
    });
    let any = Memo::new(move |_| !given.with(Vec::is_empty));
    let seq = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.message.seq)));
    let (key, active) = (cell.key, cell.active.clone());
    move || {
        let active = active.clone();
        any.get().then(move || {
            let for_add = active.clone();
            view! {
                <div class="reacts">
                    <For
                        each=move || given.get()
                        key=|reaction| reaction.emoji.clone()
                        children=move |reaction| one(live, room, seq, given, &reaction, active.clone())
                    />
                    {move || {
                        let active = for_add.clone();
                        member
                            .get()
                            .then(|| {
                                view! {
                                    <button
                                        class="react add js-only"
                                        type="button"
                                        aria-label=words.add_reaction
                                        tabindex=move || live.inner_tab(active.get())
                                        on:click=move |_| live.pick(Picking::Reaction(key))
                                    >
                                        {icon_small("smile")}
                                    </button>
                                }
                            })
                    }}
                </div>
            }
        })
    }
}

fn one(
    live: Live,
    room: RoomId,
    seq: Memo<Option<u64>>,
    given: Memo<Vec<Reaction>>,
    reaction: &Reaction,
    active: ArcRwSignal<bool>,
) -> AnyView {
    let words = &live.ui().words.message;
    let emoji = reaction.emoji.clone();
    let wanted = emoji.clone();
    let now = Memo::new(move |_| {
        let found = |given: &Vec<Reaction>| {
            given
                .iter()
                .find(|one| one.emoji == wanted)
                .map(|one| (one.count, one.mine))
        };
        given.with(found).unwrap_or_default()
    });
    let (name, drawn, act) = (emoji.clone(), emoji.clone(), emoji);
    view! {
        <button
            class="react"
            type="button"
            aria-pressed=move || if now.get().1 { "true" } else { "false" }
            aria-label=move || {
                let (count, mine) = now.get();
                (words.reaction)(&name, count.into(), mine)
            }
            tabindex=move || live.inner_tab(active.get())
            on:click=move |_| {
                if let Some(of) = seq.get_untracked() {
                    live.react(room, of, &act, !now.get_untracked().1);
                }
            }
        >
            <span class="emoji">{drawn}</span>
            " "
            <span>{move || number(now.get().0.into())}</span>
        </button>
    }
    .into_any()
}
