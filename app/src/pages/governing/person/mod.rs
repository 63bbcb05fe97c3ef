//! One person: their role, a link to a new password, a ban.

mod ban;
mod roles;

use leptos::prelude::*;
use protocol::UserSummary;

use super::{copied_text, done, refused, role_is, role_name};
use crate::{
    boot::Boot,
    components::avatar::avatar,
    governing::{GovernedPerson, GoverningChange, PersonPage, ShownReset},
    i18n::{TimeFormat, words::GoverningWords},
    pages::settings::{At, settings},
    route::PagePath,
    text::isolated,
    ui::{Ui, icon},
};
use ban::{ban, ban_question};
use roles::roles;
use view::{Element, Part, View, many, tag};

pub(super) fn person(me: &UserSummary, page: &PersonPage) -> View {
    let words = Ui::here().words;
    let (said, one) = (&words.governing, &page.person);
    let name = &one.user.display_name;
    let governs = one.is_governed_by(me);
    let own = me.id == one.user.id;
    let inside = if page.asks_to_ban && governs && !own && !one.banned {
        ban_question(one).view()
    } else if governs {
        many()
            .child((!one.banned).then(|| roles(me, one)))
            .child((!own && !one.banned).then(|| reset(one)))
            .child((!own).then(|| ban(one)))
            .view()
    } else {
        tag::p("lede").child(said.nothing_to_do).view()
    };
    let tags = (own || one.banned)
        .then(|| tag::span("tag").child(if own { said.you } else { said.banned }));
    settings(
        At::People,
        name,
        &format!("@{}", one.user.name),
        (),
        many()
            .child(
                tag::div("person-head")
                    .child(avatar(one.user.id, name, "xl"))
                    .child(tag::span("tag").child(role_name(said, one.user.role)))
                    .child(tags),
            )
            .child(page.refused.map(|why| refused(words, why)))
            .child(changed(said, page))
            .child(page.reset.as_ref().map(|reset| once(one, reset)))
            .child(inside)
            .child(
                tag::p("pages").child(
                    tag::a("link")
                        .attr("href", PagePath::People.path())
                        .child(words.settings.people),
                ),
            ),
    )
}

/// What was changed just now, as it stands.
fn changed(said: &GoverningWords, page: &PersonPage) -> Option<View> {
    let one = &page.person;
    let name = isolated(&one.user.display_name);
    Some(done(match page.changed? {
        GoverningChange::Role => role_is(said, &one.user),
        GoverningChange::Banned if one.banned => (said.is_banned)(&name),
        GoverningChange::Banned => (said.is_back)(&name),
    }))
}

fn post(one: &GovernedPerson, what: &str) -> Element {
    let path = PagePath::Person(one.user.id).path();
    tag::form("")
        .attr("method", "post")
        .attr("action", format!("{path}/{what}"))
}

fn reset(one: &GovernedPerson) -> View {
    let said = &Ui::here().words.governing;
    many()
        .child(tag::h2("").child(said.reset_title))
        .child(tag::p("lede").child(said.reset_lede))
        .child(
            post(one, "reset").child(
                tag::button("btn")
                    .attr("type", "submit")
                    .child(icon("key"))
                    .child(tag::span("").child(said.reset_make)),
            ),
        )
        .view()
}

/// The link that was made just now.
fn once(one: &GovernedPerson, reset: &ShownReset) -> View {
    let said = &Ui::here().words.governing;
    let clock = TimeFormat::from(&expect_context::<Boot>());
    let name = isolated(&one.user.display_name);
    tag::div("once")
        .attr("role", "status")
        .attr("tabindex", "-1")
        .attr("autofocus", true)
        .child(
            tag::p("")
                .child(tag::b("").child((said.reset_for)(&name)))
                .child(tag::el("br"))
                .child((said.reset_once)(&clock.since(reset.expires_at))),
        )
        .child(copied_text("reset-link", said.reset_label, &reset.url))
        .view()
}
