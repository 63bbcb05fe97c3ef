//! The door, opened by an invite.

use leptos::prelude::*;
use protocol::limits::PASSWORD_CHARS_MIN;

use super::door::Door;
use crate::{
    boot::{Boot, Invitation},
    components::{
        field::{FieldInfo, explain, form_alert, password_field, text_field},
        seal::seal,
    },
    form::{Field, Form, Why},
    i18n::Clock,
    ui::{Ui, icon, with_names},
};

/// `POST /join/{code}`, or why the invite does not open.
pub(crate) fn join(code: &str, invitation: Option<&Invitation>, form: &Form) -> AnyView {
    let ui = Ui::here();
    let (words, door) = (ui.words, &ui.words.door);
    let title = ui.server.with_value(|server| (door.join_title)(server));
    let inside = match invitation {
        None => over().into_any(),
        Some(invitation) => open(code, invitation, form).into_any(),
    };
    view! {
        <Door here=format!("/join/{code}")>
            <h1>{title}</h1>
            {inside}
            <p class="after">
                {door.here_before} " " <a class="link" href="/sign-in">
                    {words.common.sign_in}
                </a>
            </p>
        </Door>
    }
    .into_any()
}

fn over() -> AnyView {
    let words = Ui::here().words;
    view! {
        <div class="alert" role="alert">
            {icon("alert")}
            <span>{explain(words, &Why::InviteOver)}</span>
        </div>
    }
    .into_any()
}

fn open(code: &str, invitation: &Invitation, form: &Form) -> AnyView {
    let door = &Ui::here().words.door;
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
        {asked(invitation)}
        <form method="post" action=format!("/join/{code}")>
            {form_alert(form)}
            {text_field(name, form, &form.name, door.your_name_hint)}
            {password_field(password, form, &(door.password_hint)(PASSWORD_CHARS_MIN as u64))}
            <button class="btn primary wide" type="submit">
                {door.join}
            </button>
        </form>
    }
    .into_any()
}

/// Who asks, and into what.
fn asked(invitation: &Invitation) -> AnyView {
    let (boot, door) = (expect_context::<Boot>(), &Ui::here().words.door);
    let clock = Clock {
        lang: boot.lang,
        tz_min: boot.tz_min,
        now_ms: boot.now_ms,
    };
    let name = &invitation.by.display_name;
    let facts = (door.invite_facts)(
        invitation.people,
        invitation.here,
        &clock.until(invitation.expires_at),
    );
    view! {
        <div class="asked">
            {seal(invitation.by.id, name, "lg")} <span>
                <b>{with_names(&(door.invites_you)(name), &[name])}</b>
                <small>{facts}</small>
            </span>
        </div>
    }
    .into_any()
}
