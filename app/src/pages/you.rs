//! Name, look and language, password, and the way out.

use leptos::{
    ev::{self, SubmitEvent},
    prelude::*,
};
use protocol::{ErrorCode, PasswordChange, UserBody, UserPatch, limits, validate_display_name};

use super::settings::{At, Notice, outcome, settings};
use crate::{
    boot::Boot,
    components::{explain::explain, preferences::look},
    form::Why,
    live::api::{Refusal, request},
    ui::Ui,
};
use view::{Element, Part, View, many, tag};

const NAME: &str = "display-name";
const OLD: &str = "password-old";
const NEW: &str = "password-new";

/// The page.
pub(crate) fn you() -> View {
    let ui = Ui::here();
    let words = &ui.words.settings;
    settings(
        At::You,
        words.profile,
        words.you_lede,
        (),
        many()
            .child(name(ui))
            .child(tag::h2("").child(words.look))
            .child(look())
            .child(tag::h2("").child(words.password_title))
            .child(password(ui))
            .child(tag::h2("").child(words.leave_title))
            .child(tag::p("lede").child(words.leave_text))
            .child(
                tag::form("")
                    .attr("method", "post")
                    .attr("action", "/sign-out")
                    .child(
                        tag::button("btn")
                            .attr("type", "submit")
                            .child(words.sign_out),
                    ),
            ),
    )
}

fn name(ui: Ui) -> View {
    let words = &ui.words.settings;
    let me = expect_context::<Boot>().me;
    let (shown, handle) = me.map(|me| (me.display_name, me.name)).unwrap_or_default();
    let says: Notice = RwSignal::new(None);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = ui
            .browser(|browser| browser.value(NAME))
            .unwrap_or_default()
            .trim()
            .to_owned();
        if let Err(why) = validate_display_name(&typed) {
            says.set(Some((false, explain(ui.words, &Why::from(why)))));
            ui.browser(|browser| browser.focus(NAME));
            return;
        }
        let called = typed.clone();
        let patch = UserPatch {
            display_name: Some(typed),
            password: None,
        };
        ui.ask(
            request("PATCH", "/users/me", &patch),
            move |answer: Result<UserBody, _>| {
                says.set(Some(match answer {
                    Ok(_) => (true, ui.words.settings.saved.to_owned()),
                    Err(why) if why.code == ErrorCode::Conflict => {
                        (false, (ui.words.wrong.name_taken)(&called))
                    }
                    Err(_) => (false, ui.words.common.failed.to_owned()),
                }));
            },
        );
    };
    tag::form("narrow js-only")
        .on(ev::submit, save)
        .child(
            tag::div("field")
                .child(tag::label("").attr("for", NAME).child(words.display_name))
                .child(
                    tag::input("input")
                        .attr("id", NAME)
                        .attr("type", "text")
                        .attr("value", shown)
                        .attr("autocomplete", "nickname")
                        .attr("dir", "auto")
                        .attr("aria-describedby", "display-name-h"),
                )
                .child(
                    tag::p("hint")
                        .attr("id", "display-name-h")
                        .child((words.display_name_hint)(&handle)),
                ),
        )
        .child(tag::button("btn").attr("type", "submit").child(words.save))
        .child(outcome(says))
        .view()
}

/// What is wrong with a change of password, and where.
fn refused(ui: Ui, why: &Refusal) -> (&'static str, String) {
    let wrong = &ui.words.wrong;
    match (why.code, why.field.as_deref()) {
        (_, Some("old" | "password.old")) | (ErrorCode::Forbidden | ErrorCode::Unauthorized, _) => {
            (OLD, wrong.password_old.to_owned())
        }
        (ErrorCode::RateLimited, _) => (OLD, wrong.busy.to_owned()),
        (ErrorCode::Invalid, Some("password")) => (NEW, wrong.password_guessed.to_owned()),
        _ => (NEW, ui.words.common.failed.to_owned()),
    }
}

fn password(ui: Ui) -> View {
    let words = &ui.words.settings;
    let handle = expect_context::<Boot>().me.map(|me| me.name);
    let says: Notice = RwSignal::new(None);
    let refuse = move |turn, (field, text): (&'static str, String)| {
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
        let has = new.chars().count();
        if has < limits::MIN_PASSWORD_CHARS {
            refuse(turn, (NEW, explain(ui.words, &Why::PasswordShort { has })));
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
                Err(why) => refuse(turn, refused(ui, &why)),
            },
        );
    };
    tag::form("narrow js-only")
        .on(ev::submit, save)
        .child(
            tag::input("")
                .attr("type", "text")
                .attr("name", "username")
                .attr("autocomplete", "username")
                .attr("value", handle)
                .attr("hidden", true)
                .attr("readonly", true),
        )
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
