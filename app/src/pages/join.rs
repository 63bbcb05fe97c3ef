//! The page that an invite opens.

use leptos::prelude::*;
use protocol::limits::MIN_PASSWORD_CHARS;

use super::auth::auth_page;
use crate::{
    boot::{Boot, Invitation},
    components::{
        avatar::avatar,
        explain::explain,
        field::{FieldInfo, password_field, text_field},
        field_notice::form_alert,
    },
    form::{Field, Form, Why},
    i18n::TimeFormat,
    route::PagePath,
    ui::{Ui, icon, with_names},
};
use view::{Part, View, many, tag};

/// `POST /join/{code}`, or why the invite does not open.
pub(crate) fn join(code: &str, invitation: Option<&Invitation>, form: &Form) -> View {
    let ui = Ui::here();
    let (words, said) = (ui.words, &ui.words.auth);
    let title = ui.server.with_value(|server| (said.join_title)(server));
    let inside = match invitation {
        None => over().view(),
        Some(invitation) => open(code, invitation, form).view(),
    };
    auth_page(
        PagePath::Join(code).path(),
        many().child(tag::h1("").child(title)).child(inside).child(
            tag::p("after").child(said.here_before).child(" ").child(
                tag::a("link")
                    .attr("href", PagePath::SignIn.path())
                    .child(words.common.sign_in),
            ),
        ),
    )
    .view()
}

fn over() -> View {
    let words = Ui::here().words;
    tag::div("alert")
        .attr("role", "alert")
        .child(icon("alert"))
        .child(tag::span("").child(explain(words, &Why::InviteOver)))
        .view()
}

fn open(code: &str, invitation: &Invitation, form: &Form) -> View {
    let said = &Ui::here().words.auth;
    let name = FieldInfo {
        name: "name",
        label: said.your_name,
        autocomplete: "username",
        place: Field::Name,
    };
    let password = FieldInfo {
        name: "password",
        label: said.password,
        autocomplete: "new-password",
        place: Field::Password,
    };
    many()
        .child(asked(invitation))
        .child(
            tag::form("")
                .attr("method", "post")
                .attr("action", PagePath::Join(code).path())
                .child(form_alert(form))
                .child(text_field(name, form, &form.name, said.your_name_hint))
                .child(password_field(
                    password,
                    form,
                    &(said.password_hint)(MIN_PASSWORD_CHARS as u64),
                ))
                .child(
                    tag::button("btn primary wide")
                        .attr("type", "submit")
                        .child(said.join),
                ),
        )
        .view()
}

/// Who asks, and into what.
fn asked(invitation: &Invitation) -> View {
    let (boot, said) = (expect_context::<Boot>(), &Ui::here().words.auth);
    let clock = TimeFormat::from(&boot);
    let name = &invitation.by.display_name;
    let facts = (said.invite_facts)(
        invitation.people,
        invitation.here,
        &clock.until(invitation.expires_at),
    );
    tag::div("asked")
        .child(avatar(invitation.by.id, name, "lg"))
        .child(
            tag::span("")
                .child(tag::b("").child(with_names(&(said.invites_you)(name), &[name])))
                .child(tag::small("").child(facts)),
        )
        .view()
}
