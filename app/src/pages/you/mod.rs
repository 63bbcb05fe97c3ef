//! Name, look and language, password, and the way out.

mod display_name;
mod password;
mod password_error;

use leptos::prelude::*;

use super::settings::{At, settings};
use crate::{boot::Boot, components::preferences::look, ui::Ui};
use display_name::display_name;
use password::password;
use view::{View, many, tag};

/// The page.
pub(crate) fn you() -> View {
    let ui = Ui::here();
    let words = &ui.words.settings;
    let me = expect_context::<Boot>().me;
    let handle = me.as_ref().map(|me| me.name.clone());
    settings(
        At::You,
        words.profile,
        words.you_lede,
        (),
        many()
            .child(display_name(ui, me))
            .child(tag::h2("").child(words.look))
            .child(look())
            .child(tag::h2("").child(words.password_title))
            .child(password(ui, handle))
            .child(tag::h2("").child(words.leave_title))
            .child(tag::p("lede").child(words.leave_text))
            .child(
                tag::form("")
                    .attr("method", "post")
                    .attr("action", "/sign-out")
                    .child(
                        tag::button("btn")
                            .attr("type", "submit")
                            .child(words.sign_out),
                    ),
            ),
    )
}
