//! The display name: the form that changes it.

use leptos::{
    ev::{self, SubmitEvent},
    prelude::*,
};
use protocol::{ErrorCode, UserBody, UserPatch, UserSummary, validate_display_name};

use crate::{
    components::explain::explain,
    form::Why,
    live::api::request,
    pages::settings::{SettingsNotice, outcome},
    ui::Ui,
};
use view::{Part, View, tag};

/// The id of the field.
const NAME: &str = "display-name";

pub(super) fn display_name(ui: Ui, me: Option<UserSummary>) -> View {
    let words = &ui.words.settings;
    let (shown, handle) = me.map(|me| (me.display_name, me.name)).unwrap_or_default();
    let says: SettingsNotice = RwSignal::new(None);
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
