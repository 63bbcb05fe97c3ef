//! The classic forms of language and look: they work without scripts, and with scripts they send themselves
//! (`scripts/forms.js`).

use leptos::prelude::*;

use super::choice::{labelled, option};
use crate::{
    boot::Boot,
    i18n::Lang,
    look::{Contrast, Theme},
    route::PagePath,
    ui::{Ui, icon},
};
use view::{Part, View, tag};

/// The language, as a small choice at the top of signing in. `here` is the path to come back to.
pub(crate) fn language_choice(here: String) -> View {
    let ui = Ui::here();
    let words = &ui.words.settings;
    tag::form("")
        .attr("id", "lang-form")
        .attr("method", "post")
        .attr("action", "/preferences")
        .child(
            tag::input("")
                .attr("type", "hidden")
                .attr("name", "next")
                .attr("value", here),
        )
        .child(
            tag::span("pick")
                .child(tag::label("sr").attr("for", "lang").child(words.language))
                .child(
                    tag::select("input")
                        .attr("id", "lang")
                        .attr("name", "lang")
                        .attr("data-sends", true)
                        .child(Lang::ALL.map(|lang| {
                            option(
                                lang.tag(),
                                lang.own_name(),
                                lang == ui.lang,
                                Some(lang.tag()),
                            )
                        })),
                )
                .child(icon("down")),
        )
        .child(
            tag::button("btn small no-js")
                .attr("type", "submit")
                .child(words.apply),
        )
        .view()
}

/// Language, theme and contrast: one form, which sends itself when something is chosen.
pub(crate) fn look() -> View {
    let ui = Ui::here();
    let boot = expect_context::<Boot>();
    let settings = &ui.words.settings;
    let themes = Theme::ALL.map(|theme| {
        let says = match theme {
            Theme::System => settings.theme_system,
            Theme::Light => settings.theme_light,
            Theme::Dark => settings.theme_dark,
        };
        option(theme.as_str(), says, theme == boot.theme, None)
    });
    let contrasts = Contrast::ALL.map(|contrast| {
        let says = match contrast {
            Contrast::System => settings.contrast_system,
            Contrast::More => settings.contrast_more,
            Contrast::Normal => settings.contrast_normal,
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
    tag::form("narrow")
        .attr("id", "look-form")
        .attr("method", "post")
        .attr("action", "/preferences")
        .child(
            tag::input("")
                .attr("type", "hidden")
                .attr("name", "next")
                .attr("value", PagePath::You.path()),
        )
        .child(choice(
            "lang",
            settings.language,
            langs.into_iter().collect::<Vec<_>>().view(),
        ))
        .child(choice(
            "theme",
            settings.theme,
            themes.into_iter().collect::<Vec<_>>().view(),
        ))
        .child(choice(
            "contrast",
            settings.contrast,
            contrasts.into_iter().collect::<Vec<_>>().view(),
        ))
        .child(
            tag::button("btn no-js")
                .attr("type", "submit")
                .child(settings.apply),
        )
        .view()
}

fn choice(name: &'static str, label: &'static str, options: View) -> View {
    let select = tag::select("input")
        .attr("name", name)
        .attr("data-sends", true)
        .child(options);
    labelled(name, label, select)
}
