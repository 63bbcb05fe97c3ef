//! A person's mark.

use leptos::prelude::*;
use protocol::{PresenceState, UserId};

use crate::{
    text::{has_han, seal_letters},
    ui::icon_as,
};

/// The class of a seal with this name. `size` is `xs`, `sm`, `lg`, or nothing for 28 px.
fn class(name: &str, size: &'static str) -> String {
    let han = seal_letters(name)
        .chars()
        .any(|c| has_han(c.encode_utf8(&mut [0; 4])));
    let script = if han { " zh" } else { "" };
    let gap = if size.is_empty() { "" } else { " " };
    format!("seal{script}{gap}{size}")
}

/// Whether somebody is here, as a shape: disc, crescent, ring.
pub(crate) fn presence(state: PresenceState) -> impl IntoView + use<> {
    match state {
        PresenceState::Online => icon_as("presence here", "here"),
        PresenceState::Away => icon_as("presence away", "away"),
        PresenceState::Offline => icon_as("presence gone", "gone"),
    }
}

/// A seal alone. The name stands beside it.
pub(crate) fn seal(id: UserId, name: &str, size: &'static str) -> impl IntoView + use<> {
    seal_with(id, name, size, ())
}

/// A seal with something at its lower end corner.
pub(crate) fn seal_with<V: IntoView>(
    id: UserId,
    name: &str,
    size: &'static str,
    corner: V,
) -> AnyView {
    let letters = seal_letters(name);
    view! {
        <span class=class(name, size) data-tone=(id.get() % 10).to_string() aria-hidden="true">
            {letters}
            {corner}
        </span>
    }
    .into_any()
}
