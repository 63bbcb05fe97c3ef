//! Name, look and language, password, and the way out.

use leptos::{ev::SubmitEvent, prelude::*};
use protocol::{ErrorCode, PasswordChange, UserBody, UserPatch, limits, validate_display_name};

use super::desk::{At, Desk, outcome};
use crate::{
    boot::Boot,
    components::{field::explain, preferences::look},
    form::Why,
    live::api::{Refusal, request},
    ui::Ui,
};

const NAME: &str = "display-name";
const OLD: &str = "password-old";
const NEW: &str = "password-new";

type Says = RwSignal<Option<(bool, String)>>;

/// The page.
#[component]
pub(crate) fn You() -> AnyView {
    let ui = Ui::here();
    let words = &ui.words.desk;
    view! {
        <Desk at=At::You title=words.profile lede=words.you_lede>
            {name(ui)}
            <h2>{words.look}</h2>
            {look()}
            <h2>{words.password_title}</h2>
            {password(ui)}
            <h2>{words.leave_title}</h2>
            <p class="lede">{words.leave_text}</p>
            <form method="post" action="/sign-out">
                <button class="btn" type="submit">
                    {words.sign_out}
                </button>
            </form>
        </Desk>
    }
    .into_any()
}

fn name(ui: Ui) -> AnyView {
    let words = &ui.words.desk;
    let me = expect_context::<Boot>().me;
    let (shown, handle) = me.map(|me| (me.display_name, me.name)).unwrap_or_default();
    let says: Says = RwSignal::new(None);
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
        let patch = UserPatch {
            display_name: Some(typed),
            password: None,
        };
        ui.ask(
            request("PATCH", "/users/me", &patch),
            move |answer: Result<UserBody, _>| {
                says.set(Some(match answer {
                    Ok(_) => (true, ui.words.desk.saved.to_owned()),
                    Err(_) => (false, ui.words.common.failed.to_owned()),
                }));
            },
        );
    };
    view! {
        <form class="narrow js-only" on:submit=save>
            <div class="field">
                <label for=NAME>{words.display_name}</label>
                <input
                    class="input"
                    id=NAME
                    type="text"
                    value=shown
                    autocomplete="nickname"
                    dir="auto"
                    aria-describedby="display-name-h"
                />
                <p class="hint" id="display-name-h">
                    {(words.display_name_hint)(&handle)}
                </p>
            </div>
            <button class="btn" type="submit">
                {words.save}
            </button>
            {outcome(says)}
        </form>
    }
    .into_any()
}

/// What is wrong with a change of password, and where.
fn refused(ui: Ui, why: &Refusal) -> (&'static str, String) {
    let wrong = &ui.words.wrong;
    match (why.code, why.field.as_deref()) {
        (_, Some("old" | "password.old")) | (ErrorCode::Forbidden | ErrorCode::Unauthorized, _) => {
            (OLD, wrong.password_old.to_owned())
        }
        (ErrorCode::RateLimited, _) => (OLD, wrong.busy.to_owned()),
        _ => (NEW, ui.words.common.failed.to_owned()),
    }
}

fn password(ui: Ui) -> AnyView {
    let words = &ui.words.desk;
    let handle = expect_context::<Boot>().me.map(|me| me.name);
    let says: Says = RwSignal::new(None);
    let refuse = move |(field, text): (&'static str, String)| {
        says.set(Some((false, text)));
        ui.browser(|browser| browser.focus(field));
    };
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let value = |field| {
            ui.browser(|browser| browser.value(field))
                .unwrap_or_default()
        };
        let (old, new) = (value(OLD), value(NEW));
        let has = new.chars().count();
        if has < limits::PASSWORD_CHARS_MIN {
            refuse((NEW, explain(ui.words, &Why::PasswordShort { has })));
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
                    says.set(Some((true, ui.words.desk.saved.to_owned())));
                    ui.browser(|browser| {
                        browser.set_value(OLD, "");
                        browser.set_value(NEW, "");
                    });
                }
                Err(why) => refuse(refused(ui, &why)),
            },
        );
    };
    let field = |id: &'static str,
                 label: &'static str,
                 fills: &'static str,
                 about: Option<&'static str>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input class="input" id=id type="password" autocomplete=fills required aria-describedby=about />
            </div>
        }
    };
    view! {
        <form class="narrow js-only" on:submit=save>
            <input type="text" name="username" autocomplete="username" value=handle hidden readonly />
            {field(OLD, words.password_old, "current-password", None)}
            {field(NEW, words.password_new, "new-password", Some("password-h"))}
            <p class="hint" id="password-h">
                {(words.password_hint)(limits::PASSWORD_CHARS_MIN as u64)}
            </p>
            <button class="btn" type="submit">
                {words.password_change}
            </button>
            {outcome(says)}
        </form>
    }
    .into_any()
}
