//! What first run, sign-in and join have in common.

use leptos::prelude::*;

use crate::{
    boot::Boot,
    components::{crowd::crowd, preferences::language_at_the_door},
    ui::{Ui, icon_as},
};

/// The door: a crowd of seals, the language at the top, the form in the middle. `here` is the path of this page.
#[component]
pub(crate) fn Door(here: String, children: Children) -> AnyView {
    let boot = expect_context::<Boot>();
    let words = Ui::here().words;
    view! {
        <div class="door">
            {crowd().into_any()}
            <main>
                <div class="top">
                    {icon_as("i logo", "logo")} <b>{boot.server.name}</b> {language_at_the_door(here).into_any()}
                </div>
                <div class="inner">{children()}</div>
                <div class="bottom">
                    <span>{words.door.words_stay}</span>
                    <span>{format!("Hubbub {}", boot.server.version)}</span>
                </div>
            </main>
        </div>
    }
    .into_any()
}
