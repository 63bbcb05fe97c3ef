//! A message in a list: a link to it, and the button that takes it off the list. Arrows lead from one to the next.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use protocol::{Message, RoomId};

use super::avatar::avatar;
use crate::{
    keys::list_step,
    live::Live,
    route::Route,
    text::{first_words, isolated, lang_of},
    ui::{bdi, icon},
};
use view::{Element, Part, View, many, tag};

/// The link: who, `beside` it where it was said or who pinned it, when, and its first words. `list` is the id of the list.
pub(crate) fn listed_link(
    live: Live,
    list: &'static str,
    (room, message): (RoomId, &Message),
    beside: impl Part,
) -> Element {
    let at = message.at;
    let text = message.text.as_deref().map(first_words);
    let text = text.unwrap_or_else(|| live.ui().words.message.deleted.to_owned());
    tag::a("pin")
        .attr("href", Route::of_message(room, message).path())
        .on(ev::keydown, move |event| walk(live, list, "a", &event))
        .child(who(live, message, beside))
        .child(
            tag::time("")
                .attr("title", move || live.clock().get().at(at))
                .child(move || live.clock().get().brief(at)),
        )
        .child(" ")
        .child(
            tag::span("says")
                .attr("dir", "auto")
                .attr("lang", lang_of(&text))
                .child(text.clone()),
        )
}

/// The author's mark and name, and what stands beside it.
fn who(live: Live, message: &Message, beside: impl Part) -> View {
    let author = message.by;
    let person = live.people().person(author);
    let mark = person.clone();
    many()
        .child(move || mark.with(|person| avatar(author, &person.name, "")))
        .child(
            tag::span("from")
                .child(tag::b("").child(move || person.with(|person| bdi(&person.name))))
                .child(" ")
                .child(tag::span("").child(beside)),
        )
        .child(" ")
        .view()
}

/// The button; `of` names whose message it takes off.
pub(crate) fn listed_button(
    live: Live,
    list: &'static str,
    message: &Message,
    (mark, title, of): (&'static str, &'static str, fn(&str) -> String),
) -> Element {
    let person = live.people().person(message.by);
    tag::button("icon-btn js-only")
        .attr("type", "button")
        .attr("title", title)
        .attr("aria-label", move || {
            person.with(|person| of(&isolated(&person.name)))
        })
        .on(ev::keydown, move |event| walk(live, list, "button", &event))
        .child(icon(mark))
}

/// The arrows lead from link to link, and from button to button.
fn walk(live: Live, list: &str, item: &str, event: &KeyboardEvent) {
    let chord = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
    let Some(step) = list_step(&event.key()).filter(|_| !chord) else {
        return;
    };
    event.prevent_default();
    live.ui()
        .browser(|browser| browser.step_focus(list, item, step));
}
