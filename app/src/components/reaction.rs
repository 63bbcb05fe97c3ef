//! A reaction under a message, and who gives it: told beside it where a pointer rests on it or the keyboard comes to it, in a dialog
//! after a long press.

use std::sync::Arc;

use leptos::{ev, prelude::*};
use protocol::{Reaction, RoomId};

use super::long_press::long_press;
use crate::{
    i18n::number,
    live::{Dialog, Live, reactors::Given},
};
use view::{Derived, Element, Part, View, derived, tag, watch};

/// The message that has it.
#[derive(Clone)]
pub(super) struct ReactedMessage {
    pub(super) live: Live,
    pub(super) room: RoomId,
    /// The id of its row.
    pub(super) row: String,
    pub(super) seq: Derived<Option<u64>>,
    /// All its reactions.
    pub(super) given: Derived<Vec<Reaction>>,
    /// Whether its row is the one in use.
    pub(super) active: ArcRwSignal<bool>,
}

/// A reaction, and beside it who gives it, while that is told. The element is told of by the one before it: what it stands beside.
pub(super) fn reaction(of: &ReactedMessage, emoji: String) -> View {
    let live = of.live;
    let id = format!("tip-{}-{emoji}", of.row);
    let (given, is) = (of.given, id.clone());
    // What was told is of the reactions as they were: another one, and it is over.
    let open = derived(move || {
        let shown = live.reactor_signals().shown;
        shown.with(|shown| *shown == is) && given.with(|given| live.reactors().is_told(given))
    });
    let (seq, room) = (of.seq, of.room);
    let (wanted, tip_id) = (emoji.clone(), id.clone());
    let come: Arc<dyn Fn() + Send + Sync> = Arc::new(move || {
        if let Some(seq) = seq.get_untracked() {
            live.reactors().come(Given {
                of: (room, seq),
                all: given.get_untracked(),
                emoji: wanted.clone(),
                id: tip_id.clone(),
            });
        }
    });
    let rest = Arc::clone(&come);
    let list = move || {
        if let Some(seq) = seq.get_untracked() {
            live.dialog().set(Some(Dialog::Reacted(room, seq)));
        }
    };
    let mut press = long_press(live, list);
    let (tip_id, described) = (id.clone(), id);
    let button = button(of, emoji).attr("aria-describedby", move || {
        open.get().then(|| described.clone())
    });
    tag::span("told")
        .on(ev::pointerenter, move |event| {
            if event.pointer_type() != "touch" {
                rest();
            }
        })
        .on(ev::pointerleave, move |_| live.reactors().leave())
        .on(ev::pointerdown, move |event| {
            // Held, it is no press of the message around it.
            event.stop_propagation();
            press(event);
        })
        .on(ev::focusin, move |_| {
            let by_key = live
                .ui()
                .browser(|browser| browser.finds(".react:focus-visible"));
            if by_key == Some(true) {
                come();
            }
        })
        .on(ev::focusout, move |_| {
            live.reactors().close();
        })
        .child(button)
        .child(move || open.get().then(|| tip(live, tip_id.clone())))
        .view()
}

fn tip(live: Live, id: String) -> View {
    let shown = id.clone();
    watch(move || {
        live.ui().browser(|browser| browser.show_popover(&shown));
    });
    let says = live.reactor_signals().says;
    tag::div("tip")
        .attr("id", id)
        .attr("popover", "manual")
        .attr("role", "tooltip")
        .child(move || says.get())
        .view()
}

fn button(of: &ReactedMessage, emoji: String) -> Element {
    let live = of.live;
    let words = &live.ui().words.message;
    let (wanted, given) = (emoji.clone(), of.given);
    let now = derived(move || {
        let found = |given: &Vec<Reaction>| {
            given
                .iter()
                .find(|one| one.emoji == wanted)
                .map(|one| (one.count, one.mine))
        };
        given.with(found).unwrap_or_default()
    });
    let (room, seq, active) = (of.room, of.seq, of.active.clone());
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
            live.reactors().close();
            if let Some(of) = seq.get_untracked() {
                live.react(room, of, &act, !now.get_untracked().1);
            }
        })
        .child(tag::span("emoji").child(drawn))
        .child(" ")
        .child(tag::span("").child(move || number(now.get().0.into())))
}
