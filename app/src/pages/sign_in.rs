//! Sign-in.

use super::auth::auth_page;
use crate::{
    components::{
        field::{FieldInfo, password_field, text_field},
        field_notice::form_alert,
    },
    form::{Field, Form},
    route::{self, PagePath},
    ui::Ui,
};
use view::{Part, View, many, tag};

/// `POST /sign-in`. `next` is where one wanted to go.
pub(crate) fn sign_in(form: &Form, next: Option<String>) -> View {
    let words = Ui::here().words;
    let said = &words.auth;
    let name = FieldInfo {
        name: "name",
        label: said.name,
        autocomplete: "username",
        place: Field::Name,
    };
    let password = FieldInfo {
        name: "password",
        label: said.password,
        autocomplete: "current-password",
        place: Field::Password,
    };
    let here = route::sign_in(next.as_deref());
    auth_page(
        here,
        many()
            .child(tag::h1("").child(said.welcome_back))
            .child(
                tag::form("")
                    .attr("method", "post")
                    .attr("action", PagePath::SignIn.path())
                    .child(form_alert(form))
                    .child(next.map(|next| {
                        tag::input("")
                            .attr("type", "hidden")
                            .attr("name", "next")
                            .attr("value", next)
                    }))
                    .child(text_field(name, form, &form.name, ""))
                    .child(password_field(password, form, ""))
                    .child(
                        tag::button("btn primary wide")
                            .attr("type", "submit")
                            .child(words.common.sign_in),
                    ),
            )
            .child(tag::p("after").child(said.no_account)),
    )
    .view()
}
