//! The page that a link to a new password opens.

use protocol::{UserSummary, limits::MIN_PASSWORD_CHARS};

use super::auth::auth_page;
use crate::{
    components::{
        explain::explain,
        field::{FieldInfo, password_field},
        field_notice::form_alert,
        user_name::user_name,
    },
    form::{Field, Form, Why},
    route::PagePath,
    ui::{Ui, icon, with_names},
};
use view::{Part, View, many, tag};

/// `POST /reset/{code}`, or why the link does not open.
pub(crate) fn reset(code: &str, person: Option<&UserSummary>, form: &Form) -> View {
    let (words, said) = (Ui::here().words, &Ui::here().words.auth);
    let inside = match person {
        None => tag::div("alert")
            .attr("role", "alert")
            .child(icon("alert"))
            .child(tag::span("").child(explain(words, &Why::ResetOver)))
            .view(),
        Some(person) => open(code, person, form),
    };
    auth_page(
        PagePath::Reset(code).path(),
        many()
            .child(tag::h1("").child(said.reset_title))
            .child(inside)
            .child(
                tag::p("after").child(
                    tag::a("link")
                        .attr("href", PagePath::SignIn.path())
                        .child(words.common.sign_in),
                ),
            ),
    )
    .view()
}

fn open(code: &str, person: &UserSummary, form: &Form) -> View {
    let said = &Ui::here().words.auth;
    let password = FieldInfo {
        name: "password",
        label: said.reset_password,
        autocomplete: "new-password",
        place: Field::Password,
    };
    let name = &person.name;
    many()
        .child(tag::p("").child(with_names(&(said.reset_for)(name), &[name])))
        .child(
            tag::form("")
                .attr("method", "post")
                .attr("action", PagePath::Reset(code).path())
                .child(form_alert(form))
                .child(user_name(Some(name.clone())))
                .child(password_field(
                    password,
                    form,
                    &(said.password_hint)(MIN_PASSWORD_CHARS as u64),
                ))
                .child(
                    tag::button("btn primary wide")
                        .attr("type", "submit")
                        .child(said.reset_save),
                ),
        )
        .child(tag::p("after").child(said.reset_after))
        .view()
}
