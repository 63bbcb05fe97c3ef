//! A person's card: who they are, whether they are here, and the way to write to them.

use leptos::{ev, prelude::*};
use protocol::{UserId, rights::ServerRight};

use super::harmless;
use crate::boot::Zone;
use crate::{
    components::{
        avatar::{avatar_with, presence, state_name},
        people_list::role_name,
    },
    i18n::TimeFormat,
    live::{Live, people::ShownPerson},
    route::PagePath,
    text::isolated,
    ui::{bdi, icon},
};
use view::{Part, View, many, tag};

/// The card of somebody.
pub(super) fn profile(user: UserId) -> View {
    let live = Live::here();
    let words = live.ui().words;
    let person = live.people().person(user);
    let (shown, has) = (person.clone(), person.get_untracked().role);
    let me = live.me().with_untracked(|me| me.id) == user;
    let governs = untrack(|| {
        live.rights()
            .may_on_server(ServerRight::Govern { has, gets: has })
    });
    let own = me.then(|| {
        tag::a("btn primary")
            .attr("href", PagePath::You.path())
            .child(icon("sliders"))
            .child(tag::span("").child(words.rooms.settings))
    });
    let write = (!me).then(|| {
        tag::button("btn primary")
            .attr("type", "button")
            .on(ev::click, move |_| live.room_actions().write_to(&[user]))
            .child(icon("bubble"))
            .child(tag::span("").child(move || {
                person.with(|person| (words.room.write_person)(&isolated(&person.name)))
            }))
    });
    let govern = governs.then(|| {
        tag::a("btn")
            .attr("href", PagePath::Person(user).path())
            .child(words.dialog.roles)
    });
    many()
        .child(move || shown.with(|person| head(live, person)))
        .child(
            tag::div("ends")
                .child(harmless(live, words.common.close))
                .child(govern)
                .child(write)
                .child(own),
        )
        .view()
}

/// What time it is for somebody who shows their zone.
fn local_time(live: Live, person: &ShownPerson) -> Option<View> {
    let tz = person.tz.as_deref()?;
    let (minutes, now_ms) = live
        .ui()
        .browser(|browser| (browser.minutes_in(tz), browser.now().wall_ms))?;
    let clock = TimeFormat {
        zone: Zone::fixed(minutes?),
        ..live.clock().get_untracked()
    };
    let says = (live.ui().words.dialog.local_time)(&clock.time(now_ms), tz);
    Some(tag::p("").child(says).view())
}

fn head(live: Live, person: &ShownPerson) -> View {
    let words = live.ui().words;
    let role = role_name(words, person.role).map(|role| tag::span("tag").child(role));
    let handle = (!person.handle.is_empty())
        .then(|| tag::p("").child(tag::bdi("").child(format!("@{}", person.handle))));
    tag::div("profile")
        .child(avatar_with(
            person.id,
            &person.name,
            "xl",
            presence(person.state),
        ))
        .child(
            tag::div("")
                .child(
                    tag::h2("")
                        .attr("id", "dialog-title")
                        .child(bdi(&person.name))
                        .child(role),
                )
                .child(handle)
                .child(local_time(live, person))
                .child(
                    tag::p("")
                        .child(tag::span("up").child(state_name(words, person.state)))
                        .child(tag::span("down").child(words.common.not_connected)),
                ),
        )
        .view()
}
