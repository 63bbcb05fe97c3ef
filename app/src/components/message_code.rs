//! A block of code in a message.

use leptos::{ev, prelude::*};

use crate::{live::Live, ui::icon_small};
use view::{Part, View, tag, watch};

/// How long one sees that it was copied, in milliseconds.
const COPIED_MS: u64 = 2_000;

/// The block, with the name of its language where it has one, and a button that copies it.
pub(super) fn code_block(
    live: Live,
    active: &ArcRwSignal<bool>,
    language: &str,
    lines: &str,
) -> View {
    let words = &live.ui().words.message;
    let label = if language.is_empty() {
        words.code.to_owned()
    } else {
        format!("{}, {language}", words.code)
    };
    let family = family(language);
    if family.is_some() {
        coloured(live);
    }
    tag::div("code")
        .child(
            tag::div("about")
                .child((!language.is_empty()).then(|| tag::span("lang").child(language.to_owned())))
                .child(copy_button(live, active.clone(), lines.to_owned())),
        )
        .child(
            tag::pre("")
                .attr("data-code", family)
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-label", label)
                .child(lines.to_owned()),
        )
        .view()
}

/// The languages that are coloured, a family a line by the name that `public/code.js` has for it, and what else they are called.
const LANGUAGES: &str = "rust rs
js javascript mjs cjs jsx ts typescript tsx
python py
go golang
c h cpp c++ cc hpp java c# cs csharp
sh bash zsh shell
json jsonc json5
toml ini
yaml yml
sql sqlite mysql postgres postgresql
html htm xml svg
css scss less
diff patch";

/// The family of a language by one of its names.
fn family(language: &str) -> Option<&'static str> {
    let named = |line: &str| {
        line.split(' ')
            .any(|name| name.eq_ignore_ascii_case(language))
    };
    let line = LANGUAGES.lines().find(|line| named(line))?;
    line.split(' ').next()
}

/// The block is coloured once it is in the page, and what its colours are kept in goes with it.
fn coloured(live: Live) {
    let ui = live.ui();
    let tell = move || {
        ui.browser(|browser| browser.colour_code());
    };
    watch(tell);
    on_cleanup(tell);
}

fn copy_button(live: Live, active: ArcRwSignal<bool>, lines: String) -> View {
    let words = &live.ui().words.message;
    let copied = ArcRwSignal::new(false);
    let is_copied = copied.clone();
    tag::button("icon-btn s js-only")
        .attr("type", "button")
        .attr("aria-label", words.copy_code)
        .attr("title", words.copy_code)
        .attr("tabindex", move || live.inner_tab(active.get()))
        .on(ev::click, move |_| {
            let copied = copied.clone();
            live.clipboard().copy_and(&lines, move || {
                copied.set(true);
                live.ui().browser(|browser| {
                    browser.after(COPIED_MS, Box::new(move || copied.set(false)));
                });
            });
        })
        .child(move || icon_small(if is_copied.get() { "check" } else { "copy" }))
        .view()
}
