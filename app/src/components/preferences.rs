//! The classic forms of language and look: they work without scripts, and with scripts they send themselves.

use leptos::prelude::*;

use crate::{
    boot::Boot,
    i18n::Lang,
    look::{Contrast, Theme},
    ui::{Ui, icon},
};

/// The language, as a small choice at the top of the door. `here` is the path to come back to.
pub(crate) fn language_at_the_door(here: String) -> AnyView {
    let ui = Ui::here();
    let words = &ui.words.common;
    view! {
        <form id="lang-form" method="post" action="/preferences">
            <input type="hidden" name="next" value=here />
            <span class="pick">
                <label class="sr" for="lang">
                    {words.language}
                </label>
                <select class="input" id="lang" name="lang" on:change=move |_| ui.submit("lang-form")>
                    {Lang::ALL.map(|lang| option(lang.tag(), lang.own_name(), lang == ui.lang, Some(lang.tag())))}
                </select>
                {icon("down")}
            </span>
            <button class="btn small no-js" type="submit">
                {words.apply}
            </button>
        </form>
    }
    .into_any()
}

/// One of a choice.
pub(crate) fn option(
    value: impl Into<String>,
    says: impl Into<String>,
    selected: bool,
    lang: Option<&'static str>,
) -> AnyView {
    let (value, says) = (value.into(), says.into());
    view! {
        <option value=value selected=selected lang=lang>
            {says}
        </option>
    }
    .into_any()
}

/// Language, theme and contrast: one form, which sends itself when something is chosen.
pub(crate) fn look() -> AnyView {
    let ui = Ui::here();
    let boot = expect_context::<Boot>();
    let (words, desk) = (ui.words, &ui.words.desk);
    let themes = Theme::ALL.map(|theme| {
        let says = match theme {
            Theme::System => desk.theme_system,
            Theme::Light => desk.theme_light,
            Theme::Dark => desk.theme_dark,
        };
        option(theme.as_str(), says, theme == boot.theme, None)
    });
    let contrasts = Contrast::ALL.map(|contrast| {
        let says = match contrast {
            Contrast::System => desk.contrast_system,
            Contrast::More => desk.contrast_more,
            Contrast::Normal => desk.contrast_normal,
        };
        option(contrast.as_str(), says, contrast == boot.contrast, None)
    });
    let langs = Lang::ALL.map(|lang| {
        option(
            lang.tag(),
            lang.own_name(),
            lang == ui.lang,
            Some(lang.tag()),
        )
    });
    view! {
        <form class="narrow" id="look-form" method="post" action="/preferences">
            <input type="hidden" name="next" value="/you" />
            {choice(ui, "lang", words.common.language, langs.into_iter().collect_view().into_any())}
            {choice(ui, "theme", desk.theme, themes.into_iter().collect_view().into_any())}
            {choice(ui, "contrast", desk.contrast, contrasts.into_iter().collect_view().into_any())}
            <button class="btn no-js" type="submit">
                {words.common.apply}
            </button>
        </form>
    }
    .into_any()
}

fn choice(ui: Ui, name: &'static str, label: &'static str, options: AnyView) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <span class="pick">
                <select class="input" id=name name=name on:change=move |_| ui.submit("look-form")>
                    {options}
                </select>
                {icon("down")}
            </span>
        </div>
    }
    .into_any()
}
