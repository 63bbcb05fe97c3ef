//! Somebody's row in the table of people.

use protocol::{Role, UserSummary};

use super::super::{hidden, name_and_handle, role_name};
use crate::{
    components::{
        avatar::{avatar, state_name},
        choice::option,
    },
    governing::GovernedPerson,
    route::PagePath,
    text::isolated,
    ui::{Ui, icon},
};
use view::{Element, Part, View, tag};

/// The row. `here` is the path that a change of the role leads back to.
pub(super) fn row(me: &UserSummary, one: &GovernedPerson, here: &str) -> Element {
    let words = Ui::here().words;
    let (said, user) = (&words.governing, &one.user);
    let you = (me.id == user.id).then(|| tag::span("tag").child(said.you));
    let more = (said.more_about)(&isolated(&user.display_name));
    let state = (!one.banned).then(|| state_name(words, user.state.unwrap_or_default()));
    tag::tr("")
        .class(if one.banned { "off" } else { "" })
        .child(
            tag::el("td").child(
                tag::span("person-cell")
                    .child(avatar(user.id, &user.display_name, "lg"))
                    .child(tag::span("").child(name_and_handle(user, you))),
            ),
        )
        .child(tag::el("td").child(role(me, one, here)))
        .child(tag::el("td").child(state))
        .child(
            tag::el("td").child(
                tag::a("icon-btn")
                    .attr("href", PagePath::Person(user.id).path())
                    .attr("aria-label", more.clone())
                    .attr("title", more)
                    .child(icon("more")),
            ),
        )
}

/// The role, as a choice where one may give another.
fn role(me: &UserSummary, one: &GovernedPerson, here: &str) -> View {
    let words = Ui::here().words;
    let (said, user) = (&words.governing, &one.user);
    if one.banned {
        return said.banned.view();
    }
    let offered: Vec<Role> = one.roles_by(me);
    if me.id == user.id || offered.is_empty() {
        return role_name(said, user.role).view();
    }
    let options: Vec<View> = offered
        .into_iter()
        .map(|role| option(role.name(), role_name(said, role), role == user.role, None))
        .collect();
    tag::form("role")
        .attr("method", "post")
        .attr(
            "action",
            format!("{}/role", PagePath::Person(user.id).path()),
        )
        .child(hidden("next", here))
        .child(
            tag::span("pick")
                .child(
                    tag::select("input")
                        .attr("name", "role")
                        .attr("aria-label", (said.role_of)(&isolated(&user.display_name)))
                        .attr("data-sends", true)
                        .child(options),
                )
                .child(icon("down")),
        )
        .child(
            tag::button("btn small no-js")
                .attr("type", "submit")
                .child(words.settings.save),
        )
        .view()
}
