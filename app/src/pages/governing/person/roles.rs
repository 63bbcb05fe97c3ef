//! The roles that one may give somebody.

use protocol::{Role, UserSummary};

use super::post;
use crate::{
    governing::GovernedPerson, i18n::words::GoverningWords, pages::governing::role_name, ui::Ui,
};
use view::{Element, Part, View, many, tag};

/// The choice of them.
pub(super) fn roles(me: &UserSummary, one: &GovernedPerson) -> View {
    let words = Ui::here().words;
    let said = &words.governing;
    let choices: Vec<View> = one
        .roles_by(me)
        .into_iter()
        .rev()
        .map(|role| choice(said, role, role == one.user.role).view())
        .collect();
    many()
        .child(tag::h2("").attr("id", "role").child(said.role))
        .child(
            post(one, "role")
                .child(
                    tag::div("roles")
                        .attr("role", "radiogroup")
                        .attr("aria-labelledby", "role")
                        .child(choices),
                )
                .child(
                    tag::button("btn")
                        .attr("type", "submit")
                        .child(words.settings.save),
                ),
        )
        .view()
}

fn choice(said: &GoverningWords, role: Role, has: bool) -> Element {
    let may = match role {
        Role::Owner => said.owner_may,
        Role::Admin => said.admin_may,
        Role::Moderator => said.moderator_may,
        Role::Member => said.member_may,
    };
    tag::label("")
        .child(
            tag::input("check")
                .attr("type", "radio")
                .attr("name", "role")
                .attr("value", role.name())
                .attr("checked", has),
        )
        .child(
            tag::span("")
                .child(tag::b("").child(role_name(said, role)))
                .child(tag::small("").child(may)),
        )
}
