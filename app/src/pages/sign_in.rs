//! Sign-in.

use leptos::prelude::*;

use super::door::Door;
use crate::{
    components::field::{FieldInfo, form_alert, password_field, text_field},
    form::{Field, Form},
    route,
    ui::Ui,
};

/// `POST /sign-in`. `next` is where one wanted to go.
#[component]
pub(crate) fn SignIn(form: Form, next: Option<String>) -> AnyView {
    let words = Ui::here().words;
    let door = &words.door;
    let name = FieldInfo {
        name: "name",
        label: door.name,
        autocomplete: "username",
        place: Field::Name,
    };
    let password = FieldInfo {
        name: "password",
        label: door.password,
        autocomplete: "current-password",
        place: Field::Password,
    };
    let here = route::sign_in(next.as_deref());
    view! {
        <Door here=here>
            <h1>{door.welcome_back}</h1>
            <form method="post" action="/sign-in">
                {form_alert(&form)} {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                {text_field(name, &form, &form.name, "")}
                {password_field(password, &form, "")}
                <button class="btn primary wide" type="submit">
                    {words.common.sign_in}
                </button>
            </form>
            <p class="after">{door.no_account}</p>
        </Door>
    }
    .into_any()
}
