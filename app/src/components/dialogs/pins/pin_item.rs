//! A pinned message in the list: a link to the message, and the button that unpins it.

use leptos::{ev, prelude::*};
use protocol::{PinnedMessage, Seq, UserId};

use super::LIST;
use crate::{
    components::listed::{listed_button, listed_link},
    live::{
        Live,
        pins::{PinnedList, link_id},
    },
    ui::with_names,
};
use view::{Derived, Element, Part, View, tag};

/// One of the list. `tab` is the message that is the stop for Tab.
pub(super) fn pin_item(list: PinnedList, tab: Derived<Option<Seq>>, pin: &PinnedMessage) -> View {
    let (live, message) = (list.live, &pin.message);
    let seq = message.seq;
    let words = &live.ui().words.pins;
    let stop = move || (tab.get() != Some(seq)).then_some("-1");
    let unpin = live.pin_actions().may_pin(message.by).then(|| {
        listed_button(live, LIST, message, ("unpin", words.unpin, words.unpin_of))
            .attr("tabindex", stop)
            .on(ev::click, move |_| list.unpin(seq))
    });
    tag::li("")
        .on(ev::focusin, move |_| list.active.set(Some(seq)))
        .child(link(list, pin).attr("tabindex", stop))
        .child(unpin)
        .view()
}

fn link(list: PinnedList, pin: &PinnedMessage) -> Element {
    let (live, room, seq) = (list.live, list.room, pin.message.seq);
    let go = move |event: ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        live.close_dialog();
        live.scroll().jump(room, seq);
    };
    listed_link(live, LIST, (room, &pin.message), pinned_by(live, pin.by))
        .attr("id", link_id(seq))
        .on(ev::click, go)
}

fn pinned_by(live: Live, by: UserId) -> View {
    let words = &live.ui().words.pins;
    if live.me().with_untracked(|me| me.id == by) {
        return words.by_you.view();
    }
    let person = live.people().person(by);
    let says = move || person.with(|person| with_names(&(words.by)(&person.name), &[&person.name]));
    says.view()
}
