//! What first run, sign-in and join have in common.

use leptos::prelude::*;

use crate::{
    boot::Boot,
    components::{crowd::crowd, preferences::language_at_the_door},
    ui::{Ui, icon_as},
};
use view::{Part, View, tag};

/// The door: a crowd of seals, the language at the top, the form in the middle. `here` is the path of this page.
pub(crate) fn door(here: String, inside: impl Part) -> View {
    let boot = expect_context::<Boot>();
    let words = Ui::here().words;
    tag::div("door")
        .child(crowd())
        .child(
            tag::main("")
                .child(
                    tag::div("top")
                        .child(icon_as("i logo", "logo"))
                        .child(tag::b("").child(boot.server.name))
                        .child(language_at_the_door(here)),
                )
                .child(tag::div("inner").child(inside))
                .child(
                    tag::div("bottom")
                        .child(tag::span("").child(words.door.words_stay))
                        .child(tag::span("").child(format!("Hubbub {}", boot.server.version))),
                ),
        )
        .view()
}
