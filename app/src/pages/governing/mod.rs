//! Pages for owners and admins: classic forms, which work without scripts.

mod invites;
mod people;
mod person;

use leptos::prelude::*;
use protocol::{Role, UserSummary};

use crate::{
    boot::Boot,
    components::empty::empty,
    governing::{GoverningPage, GoverningRefusal},
    i18n::{Words, words::GoverningWords},
    pages::settings::{done, trouble},
    text::isolated,
    ui::{Ui, bdi, icon},
};
use invites::invites;
use people::people;
use person::person;
use view::{Part, View, many, tag};

/// The page.
pub(crate) fn governing(page: GoverningPage) -> View {
    let Some(me) = expect_context::<Boot>().me else {
        return denied();
    };
    match page {
        GoverningPage::People(page) => people(&me, &page),
        GoverningPage::Person(page) => person(&me, &page),
        GoverningPage::Invites(page) => invites(&me, &page),
        GoverningPage::Denied => denied(),
    }
}

/// What whoever may not see such a page is told.
fn denied() -> View {
    let words = Ui::here().words;
    tag::main("alone")
        .child(empty(
            words.governing.denied_title.to_owned(),
            words.governing.denied,
            1,
            tag::a("btn primary")
                .attr("href", "/")
                .child(words.common.to_rooms)
                .view(),
        ))
        .view()
}

fn role_name(words: &GoverningWords, role: Role) -> &'static str {
    match role {
        Role::Owner => words.owner,
        Role::Admin => words.admin,
        Role::Moderator => words.moderator,
        Role::Member => words.member,
    }
}

/// Why something was not done.
fn refused(words: &Words, why: GoverningRefusal) -> View {
    let said = &words.governing;
    let says = match why {
        GoverningRefusal::OwnersOnly => said.owners_only,
        GoverningRefusal::LastOwner => said.last_owner,
        GoverningRefusal::Oneself => said.oneself,
        GoverningRefusal::NotThere => said.not_there,
        GoverningRefusal::Unfit => said.unfit,
        GoverningRefusal::TooMany => said.too_many,
        GoverningRefusal::Busy => words.form.busy,
    };
    trouble(says)
}

fn role_is(words: &GoverningWords, user: &UserSummary) -> String {
    (words.is_now)(&isolated(&user.display_name), role_name(words, user.role))
}

/// What else a form sends.
fn hidden(name: &'static str, value: impl Into<String>) -> View {
    tag::input("")
        .attr("type", "hidden")
        .attr("name", name)
        .attr("value", value.into())
        .view()
}

/// A name, and what `@` names.
fn name_and_handle(user: &UserSummary, tags: impl Part) -> View {
    many()
        .child(tag::b("").child(bdi(&user.display_name)).child(tags))
        .child(tag::small("").child(tag::bdi("").child(format!("@{}", user.name))))
        .view()
}

/// A text that is shown to be copied, with the button that does it.
fn copied_text(id: &'static str, label: &'static str, text: &str) -> View {
    let dialog = &Ui::here().words.dialog;
    tag::div("copy")
        .child(
            tag::input("input")
                .attr("id", id)
                .attr("type", "text")
                .attr("readonly", true)
                .attr("aria-label", label)
                .attr("value", text.to_owned()),
        )
        .child(
            tag::button("btn primary js-only")
                .attr("type", "button")
                // The page's own script does it.
                .attr("data-copies", text.to_owned())
                .attr("data-copied", dialog.copied)
                .child(icon("copy"))
                .child(tag::span("").attr("aria-live", "polite").child(dialog.copy)),
        )
        .view()
}
