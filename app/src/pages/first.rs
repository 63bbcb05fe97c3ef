//! First run: nobody has an account yet, and the owner makes theirs.

use leptos::prelude::*;
use protocol::limits::PASSWORD_CHARS_MIN;

use super::door::Door;
use crate::{
    components::field::{FieldInfo, form_alert, password_field, text_field},
    form::{Field, Form},
    ui::Ui,
};

/// `POST /first`.
#[component]
pub(crate) fn First(form: Form) -> AnyView {
    let words = Ui::here().words;
    let door = &words.door;
    let name = FieldInfo {
        name: "name",
        label: door.your_name,
        autocomplete: "username",
        place: Field::Name,
    };
    let password = FieldInfo {
        name: "password",
        label: door.password,
        autocomplete: "new-password",
        place: Field::Password,
    };
    view! {
        <Door here="/".to_owned()>
            <h1>{door.first_title}</h1>
            <p class="lede">{door.first_lede}</p>
            <form method="post" action="/first">
                {form_alert(&form)}
                {text_field(name, &form, &form.name, door.your_name_hint)}
                {password_field(password, &form, &(door.password_hint)(PASSWORD_CHARS_MIN as u64))}
                <button class="btn primary wide" type="submit">
                    {door.open_doors}
                </button>
            </form>
            <p class="after">{door.first_after}</p>
        </Door>
    }
    .into_any()
}
