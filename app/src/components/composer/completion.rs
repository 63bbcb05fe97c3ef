//! The list of what a begun name may be, over the composer.

use leptos::{ev, prelude::*};
use protocol::RoomKind;
use text::HERE;

use crate::{
    components::{
        avatar::{avatar_with, presence, state_name},
        marked_name::{marked_name, read_as},
    },
    live::{Live, completion::Offer, emoji::Emoji, people::ShownPerson},
    text::lang_of,
    ui::icon,
};
use view::{Derived, Part, View, dynamic, many, tag};

/// The id of the list.
pub(super) const LIST: &str = "completion";

/// The id of the option at a place of the list.
pub(super) fn option_id(live: Live, at: usize) -> String {
    format!("{}-{at}", live.own(LIST))
}

/// The list; nothing where nothing is offered.
pub(super) fn completion(live: Live, offers: Derived<Vec<Offer>>) -> View {
    let words = &live.ui().words.composer;
    dynamic(move || {
        let offers = offers.get();
        if offers.is_empty() {
            return failed(live);
        }
        let outside = |offer: &Offer| matches!(offer, Offer::Person(_, false));
        let mixed = offers.iter().any(outside);
        let (mut told, mut untold) = (Vec::new(), Vec::new());
        for (at, offer) in offers.into_iter().enumerate() {
            let list = if outside(&offer) {
                &mut untold
            } else {
                &mut told
            };
            list.push(option(live, offer, at));
        }
        tag::div("card completion")
            .attr("id", live.own(LIST))
            .attr("role", "listbox")
            .attr("aria-label", words.offers)
            // The field keeps the focus.
            .on(ev::pointerdown, |event| event.prevent_default())
            .child(group(mixed.then_some(words.in_room), told))
            .child(group(Some(words.not_in_room), untold))
            .view()
    })
}

/// That there are no emoji to offer, where they did not come.
fn failed(live: Live) -> View {
    let begun = live.completing().begun.get();
    let failed = begun.is_some_and(|begun| begun.is_emoji()) && live.emoji().failed.get();
    failed
        .then(|| {
            tag::div("card completion")
                .attr("role", "status")
                .child(tag::p("title").child(live.ui().words.composer.no_emoji))
        })
        .view()
}

fn group(title: Option<&'static str>, options: Vec<View>) -> View {
    match title {
        _ if options.is_empty() => ().view(),
        None => many().child(options).view(),
        Some(title) => tag::div("")
            .attr("role", "group")
            .attr("aria-label", title)
            .child(tag::div("title").attr("aria-hidden", "true").child(title))
            .child(options)
            .view(),
    }
}

fn option(live: Live, offer: Offer, at: usize) -> View {
    // What is typed goes on, also where the offers stay as they are.
    let what = live.completing().begun.get().map(|begun| begun.what);
    let what = what.unwrap_or_default();
    let (mark, name, more) = parts(live, &offer, &what);
    let dot = live.ui().words.common.dot;
    let read = match &offer {
        Offer::Person(person, _) => read_as(&person.name, &person.latin, &what, dot),
        Offer::Room(room) => {
            let dot = if room.topic.is_empty() { "" } else { dot };
            let latin = room.latin.as_deref().unwrap_or_default();
            read_as(&room.name, latin, &what, dot)
        }
        Offer::Here(_) | Offer::Emoji(_) => ().view(),
    };
    let selected = move || live.completing().chosen.get() == at;
    let off = matches!(offer, Offer::Person(_, false));
    tag::div("opt")
        .class_when("off", move || off)
        .attr("id", option_id(live, at))
        .attr("role", "option")
        .attr(
            "aria-selected",
            move || if selected() { "true" } else { "false" },
        )
        .on(ev::click, move |_| live.completion().take(&offer))
        .child(mark)
        .child(
            tag::span("w")
                .child(name)
                .child(tag::small("").attr("dir", "auto").child(read).child(more)),
        )
        .child(tag::span("tail").child(move || {
            selected().then(|| tag::kbd("").attr("aria-hidden", "true").child("Enter"))
        }))
        .view()
}

/// What stands before an offer, its name with what is typed of it marked, and what else is said of it.
fn parts(live: Live, offer: &Offer, what: &str) -> (View, View, View) {
    let words = live.ui().words;
    let named = |name: &str| {
        tag::span("")
            .attr("lang", lang_of(name))
            .child(tag::bdi("").child(marked_name(name, what)))
            .view()
    };
    match offer {
        Offer::Person(person, _) => {
            let ShownPerson {
                id,
                name,
                handle,
                state,
                ..
            } = person;
            let state = (*state, state_name(words, *state).to_lowercase());
            (
                avatar_with(*id, name, "sm", presence(state.0)).view(),
                named(name),
                format!("@{handle}{}{}", words.common.dot, state.1).view(),
            )
        }
        Offer::Emoji(line) => {
            let (emoji, tone) = (Emoji(line), live.emoji().tone());
            let what = what.to_lowercase();
            (
                tag::span("emoji").child(emoji.toned(tone)).view(),
                tag::span("")
                    .child(":")
                    .child(marked_name(emoji.code_for(&what), &what))
                    .child(":")
                    .view(),
                many()
                    .child(marked_name(emoji.names()[1], &what))
                    .child(emoji.found_by(&what).map(|word| {
                        many()
                            .child(words.common.dot)
                            .child(marked_name(word, &what))
                    }))
                    .view(),
            )
        }
        Offer::Here(count) => (
            icon("people").view(),
            format!("@{HERE}").view(),
            (words.composer.reaches)(*count).view(),
        ),
        Offer::Room(room) => {
            let lock = room.kind == RoomKind::Private;
            (
                icon(if lock { "lock" } else { "hash" }).view(),
                named(&room.name),
                room.topic.clone().view(),
            )
        }
    }
}
