//! The field of the composer, and its keys.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};

use super::completion::{LIST, option_id};
use crate::live::{
    Live,
    completion::Offer,
    compose::FIELD,
    composer_keys::{Does, FieldState, Pressed, does},
    text_length::Length,
};
use view::{Derived, Part, View, tag};

/// The field. Its list of options is told to a screen reader by the option that is chosen.
pub(super) fn field(
    live: Live,
    label: Derived<String>,
    how_long: Derived<Length>,
    offers: Derived<Vec<Offer>>,
) -> View {
    let over = move || matches!(how_long.get(), Length::Over(_));
    let offered = move || !offers.with(Vec::is_empty);
    let look = move || live.completion().look();
    tag::textarea("")
        .attr("id", live.own(FIELD))
        .attr("rows", "1")
        .attr("placeholder", move || label.get())
        .attr("enterkeyhint", "send")
        .attr("autocomplete", "off")
        .attr("dir", "auto")
        .attr("aria-describedby", live.own("composer-foot"))
        .attr("aria-invalid", move || over().then_some("true"))
        .attr("aria-autocomplete", "list")
        .attr("aria-controls", move || offered().then_some(live.own(LIST)))
        .attr("aria-activedescendant", move || {
            offered().then(|| option_id(live, live.completing().chosen.get()))
        })
        .on(ev::input, move |event| {
            live.composer().typed(event_target_value(&event));
            look();
        })
        .on(ev::compositionend, move |_| look())
        .on(ev::keyup, move |event| {
            if moves_caret(&event.key()) {
                look();
            }
        })
        .on(ev::click, move |_| look())
        .on(ev::blur, move |_| live.completion().close())
        .on(ev::keydown, move |event| press(live, offered(), &event))
        .view()
}

fn moves_caret(key: &str) -> bool {
    matches!(key, "ArrowLeft" | "ArrowRight" | "Home" | "End")
}

fn press(live: Live, offers: bool, event: &KeyboardEvent) {
    let pressed = Pressed {
        key: event.key(),
        shift: event.shift_key(),
        chord: event.ctrl_key() || event.meta_key() || event.alt_key(),
        composing: event.is_composing() || event.key_code() == 229,
    };
    let field = FieldState {
        mode: live.compose().mode.get_untracked(),
        empty: live.compose().text.with_untracked(String::is_empty),
        offers,
        in_fence: pressed.key == "Enter" && live.composer().in_fence(),
    };
    let Some(does) = does(&pressed, field) else {
        return;
    };
    event.prevent_default();
    match does {
        Does::Send => live.composer().send(),
        Does::Leave => {
            event.stop_propagation();
            live.composer().leave_mode();
        }
        Does::EditLast => live.composer().edit_last(),
        Does::Choose(down) => live.completion().choose(down),
        Does::Take => live.completion().take_chosen(),
        Does::LeaveName => {
            event.stop_propagation();
            live.completion().leave();
        }
    }
}
