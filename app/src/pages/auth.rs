//! The frame of the auth pages: first run, sign-in, join.

use leptos::prelude::*;

use crate::{
    boot::Boot,
    components::{avatar_wall::avatar_wall, preferences::language_choice},
    ui::{Ui, icon_as},
};
use view::{Part, View, tag};

/// The pages of signing in and of new accounts: a wall of avatars, the language at the top, the form in the middle. `here` is the path of this page.
pub(crate) fn auth_page(here: String, inside: impl Part) -> View {
    let boot = expect_context::<Boot>();
    let words = Ui::here().words;
    tag::div("auth")
        .child(avatar_wall())
        .child(
            tag::main("")
                .child(
                    tag::div("top")
                        .child(icon_as("i logo", "logo"))
                        .child(tag::b("").child(boot.server.name))
                        .child(language_choice(here)),
                )
                .child(tag::div("inner").child(inside))
                .child(
                    tag::div("bottom")
                        .child(tag::span("").child(words.auth.words_stay))
                        .child(tag::span("").child(format!("Hubbub {}", boot.server.version))),
                ),
        )
        .view()
}
