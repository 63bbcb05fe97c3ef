//! First run: nobody has an account yet, and the owner makes theirs.

use protocol::limits::MIN_PASSWORD_CHARS;

use super::auth::auth_page;
use crate::{
    components::{
        field::{FieldInfo, password_field, text_field},
        field_notice::form_alert,
    },
    form::{Field, Form},
    ui::Ui,
};
use view::{Part, View, many, tag};

/// `POST /first`.
pub(crate) fn first(form: &Form, code: bool) -> View {
    let words = Ui::here().words;
    let said = &words.auth;
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
    let setup = FieldInfo {
        name: "code",
        label: said.setup_code,
        autocomplete: "off",
        place: Field::Code,
    };
    auth_page(
        "/".to_owned(),
        many()
            .child(tag::h1("").child(said.first_title))
            .child(tag::p("lede").child(said.first_lede))
            .child(
                tag::form("")
                    .attr("method", "post")
                    .attr("action", "/first")
                    .child(form_alert(form))
                    .child(code.then(|| text_field(setup, form, "", said.setup_code_hint)))
                    .child(text_field(name, form, &form.name, said.your_name_hint))
                    .child(password_field(
                        password,
                        form,
                        &(said.password_hint)(MIN_PASSWORD_CHARS as u64),
                    ))
                    .child(
                        tag::button("btn primary wide")
                            .attr("type", "submit")
                            .child(said.open_doors),
                    ),
            )
            .child(tag::p("after").child(said.first_after)),
    )
    .view()
}
