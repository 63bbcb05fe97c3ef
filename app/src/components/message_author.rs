//! The author of a message: name and mark.

use leptos::{ev, prelude::*};
use protocol::UserId;

use super::{avatar::avatar_element, message_shown::Shown};
use crate::{
    live::{Dialog, Live},
    ui::bdi,
};
use view::{Derived, Part, View, derived, dynamic, many, tag};

/// The author: named and sealed in the first of a group, hidden in the following, so that each can be read alone.
pub(super) fn author(
    live: Live,
    shown: Derived<Option<Shown>>,
    first: Derived<bool>,
    active: &ArcRwSignal<bool>,
    id: &str,
) -> View {
    let by = derived(move || shown.with(|shown| shown.as_ref().map(|shown| shown.message.by)));
    let label = format!("{id}-by");
    let active = active.clone();
    dynamic(move || {
        by.get().map(|by| {
            if first.get() {
                named(live, by, &active, &label).view()
            } else {
                hidden(live, by, &label).view()
            }
        })
    })
}

/// The name and the mark, which open the card of the person.
fn named(live: Live, by: UserId, active: &ArcRwSignal<bool>, label: &str) -> View {
    let person = live.people().person(by);
    let label = label.to_owned();
    let name = derived(move || person.with(|person| person.name.clone()));
    let active = active.clone();
    let open = move |_| live.dialog().set(Some(Dialog::Profile(by)));
    many()
        .child(
            tag::h4("who").child(
                tag::button("name")
                    .attr("type", "button")
                    .attr("id", label)
                    .attr("aria-haspopup", "dialog")
                    .attr("tabindex", move || live.inner_tab(active.get()))
                    .on(ev::click, open)
                    .attr("title", move || name.get())
                    .child(move || name.with(|name| bdi(name))),
            ),
        )
        .child(move || name.with(|name| avatar_element(by, name, "").on(ev::click, open)))
        .view()
}

fn hidden(live: Live, by: UserId, label: &str) -> View {
    let person = live.people().person(by);
    let label = label.to_owned();
    tag::span("who sr")
        .attr("id", label)
        .child(move || person.with(|person| bdi(&person.name)))
        .view()
}
