//! A person's mark.

use protocol::{PresenceState, UserId};

use crate::{
    i18n::Words,
    text::{avatar_letters, has_han},
    ui::icon_as,
};
use view::{Element, Part, View, tag};

/// The class of an avatar with this name. `size` is `xs`, `sm`, `lg`, or nothing for 28 px.
fn class(name: &str, size: &'static str) -> String {
    let han = avatar_letters(name)
        .chars()
        .any(|c| has_han(c.encode_utf8(&mut [0; 4])));
    let script = if han { " zh" } else { "" };
    let gap = if size.is_empty() { "" } else { " " };
    format!("avatar{script}{gap}{size}")
}

/// Whether somebody is here, as a shape: disc, crescent, ring.
pub(crate) fn presence(state: PresenceState) -> View {
    match state {
        PresenceState::Online => icon_as("presence here", "here"),
        PresenceState::Away => icon_as("presence away", "away"),
        PresenceState::Offline => icon_as("presence gone", "gone"),
    }
}

/// Whether somebody is here, as a word.
pub(crate) fn state_name(words: &Words, state: PresenceState) -> &'static str {
    match state {
        PresenceState::Online => words.common.online,
        PresenceState::Away => words.common.away,
        PresenceState::Offline => words.common.offline,
    }
}

/// An avatar alone. The name stands beside it.
pub(crate) fn avatar(id: UserId, name: &str, size: &'static str) -> View {
    avatar_with(id, name, size, ())
}

/// An avatar with something at its lower end corner.
pub(crate) fn avatar_with(id: UserId, name: &str, size: &'static str, corner: impl Part) -> View {
    avatar_element(id, name, size).child(corner).view()
}

/// The element of an avatar.
pub(crate) fn avatar_element(id: UserId, name: &str, size: &'static str) -> Element {
    let letters = avatar_letters(name);
    tag::span("")
        .attr("class", class(name, size))
        .attr("data-tone", (id.get() % 10).to_string())
        .attr("aria-hidden", "true")
        .child(letters)
}
