//! The password: the form that changes it.

use leptos::{
    ev::{self, SubmitEvent},
    prelude::*,
};
use protocol::{PasswordChange, UserBody, UserPatch, limits};

use super::password_error::{FieldError, NEW, OLD, refused, too_short};
use crate::{
    components::user_name::user_name,
    live::api::request,
    pages::settings::{SettingsNotice, outcome},
    ui::Ui,
};
use view::{Element, Part, View, tag};

pub(super) fn password(ui: Ui, handle: Option<String>) -> View {
    let words = &ui.words.settings;
    let says: SettingsNotice = RwSignal::new(None);
    let refuse = move |turn, (field, text): FieldError| {
        says.set(Some((false, text)));
        ui.browser(|browser| browser.focus_since(turn, field));
    };
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let turn = ui.focus_turn();
        let value = |field| {
            ui.browser(|browser| browser.value(field))
                .unwrap_or_default()
        };
        let (old, new) = (value(OLD), value(NEW));
        if let Some(error) = too_short(ui.words, &new) {
            refuse(turn, error);
            return;
        }
        let patch = UserPatch {
            display_name: None,
            password: Some(PasswordChange { old, new }),
        };
        ui.ask(
            request("PATCH", "/users/me", &patch),
            move |answer: Result<UserBody, _>| match answer {
                Ok(_) => {
                    says.set(Some((true, ui.words.settings.saved.to_owned())));
                    ui.browser(|browser| {
                        browser.set_value(OLD, "");
                        browser.set_value(NEW, "");
                    });
                }
                Err(why) => refuse(turn, refused(ui.words, &why)),
            },
        );
    };
    tag::form("narrow js-only")
        .on(ev::submit, save)
        .child(user_name(handle))
        .child(secret(OLD, words.password_old, "current-password", None))
        .child(secret(
            NEW,
            words.password_new,
            "new-password",
            Some("password-h"),
        ))
        .child(
            tag::p("hint")
                .attr("id", "password-h")
                .child((words.password_hint)(limits::MIN_PASSWORD_CHARS as u64)),
        )
        .child(
            tag::button("btn")
                .attr("type", "submit")
                .child(words.password_change),
        )
        .child(outcome(says))
        .view()
}

fn secret(
    id: &'static str,
    label: &'static str,
    fills: &'static str,
    about: Option<&'static str>,
) -> Element {
    tag::div("field")
        .child(tag::label("").attr("for", id).child(label))
        .child(
            tag::input("input")
                .attr("id", id)
                .attr("type", "password")
                .attr("autocomplete", fills)
                .attr("required", true)
                .attr("aria-describedby", about),
        )
}
