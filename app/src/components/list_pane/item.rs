//! A message in a list of them: a link to it, and the button that takes it off.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use protocol::ForYouMessage;

use crate::{
    components::listed::{listed_button, listed_link},
    live::lists::{MessageList, link_id, place_of},
    route::Listing,
};
use view::{Derived, Part, View, tag};

/// The id of the list.
pub(super) const LIST: &str = "message-list";

/// The item. `tab` is the id of the link that is the stop for Tab.
pub(super) fn item(list: MessageList, tab: Derived<String>, one: &ForYouMessage) -> View {
    let (live, room, message) = (list.live, one.room, &one.message);
    let words = &live.ui().words.personal;
    let place = place_of(one);
    let id = link_id(place);
    let own = StoredValue::new(id.clone());
    let is_stop = move || own.with_value(|own| tab.with(|tab| tab == own));
    let stop = move || (live.ui().alive.get() && !is_stop()).then_some("-1");
    let unsave = (list.list == Listing::Saved).then(|| {
        listed_button(live, LIST, message, ("x", words.unsave, words.unsave_of))
            .attr("tabindex", stop)
            .on(ev::click, move |_| list.unsave(place))
    });
    let key = move |event: KeyboardEvent| {
        let chord = event.ctrl_key() || event.meta_key() || event.alt_key();
        if list.list == Listing::Saved && !chord && matches!(&*event.key(), "s" | "S") {
            event.prevent_default();
            list.unsave(place);
        }
    };
    tag::li("")
        .class_when("yours", move || list.is_unread(place))
        .class_when("gone", message.deleted)
        .on(ev::focusin, move |_| list.active.set(own.get_value()))
        .on(ev::keydown, key)
        .child(
            listed_link(live, LIST, (room, message), move || {
                list.place_in_words(room)
            })
            .attr("id", id)
            .attr("tabindex", stop),
        )
        .child(unsave)
        .view()
}
