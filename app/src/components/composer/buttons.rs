//! Buttons of the composer: emoji and send.

use leptos::{ev, prelude::*};

use crate::{
    i18n::Words,
    live::{Live, Picking, compose::ComposeMode, text_length::Length},
    ui::icon,
};
use view::{Derived, Part, View, derived, tag};

/// The icon of the button that sends, and what it says: what is edited is saved, and without a connection a text goes out later.
const fn send_button(words: &Words, editing: bool, later: bool) -> (&'static str, &'static str) {
    match (editing, later) {
        (true, _) => ("check", words.composer.save),
        (false, true) => ("clock", words.composer.send_later),
        (false, false) => ("send", words.composer.send),
    }
}

/// Emoji and send. Send is never disabled: it says that it does nothing, and keeps its place for the focus.
pub(super) fn buttons(live: Live, how_long: Derived<Length>) -> View {
    let words = live.ui().words;
    let idle = move || matches!(how_long.get(), Length::Blank | Length::Over(_));
    let editing = move || matches!(live.compose().mode.get(), ComposeMode::Edit(_));
    let later = derived(move || live.link().with(|link| link.is_down()));
    let sends = move || send_button(words, editing(), later.get() && !idle());
    tag::div("btns")
        .child(
            tag::button("icon-btn")
                .attr("type", "button")
                .attr("aria-label", words.composer.emoji)
                .attr("title", words.composer.emoji)
                .attr("aria-haspopup", "dialog")
                .on(ev::click, move |_| live.emoji_choice().open(Picking::Text))
                .child(icon("smile")),
        )
        .child(
            tag::button("send")
                // Pressing it leaves the focus in the field, and so a phone its keyboard.
                .on(ev::mousedown, |event| event.prevent_default())
                .class_when("later", move || later.get() && !idle())
                .attr("type", "submit")
                .attr("aria-label", move || sends().1)
                .attr("title", move || sends().1)
                .attr("aria-disabled", move || idle().then_some("true"))
                .child(move || icon(sends().0)),
        )
        .view()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn the_button_says_what_becomes_of_the_text() {
        let words = Lang::En.words();
        let says = |editing, later| send_button(words, editing, later).1;
        assert_eq!(says(false, false), words.composer.send);
        assert_eq!(says(false, true), words.composer.send_later);
        // An edit says so, with or without a connection.
        assert_eq!(says(true, false), words.composer.save);
        assert_eq!(says(true, true), words.composer.save);
    }
}
