//! The choice of emoji: a field to look for one, groups, a grid, and skin tones. What it has comes when it is opened first.

mod find;
mod foot;
mod grid;
mod groups;

use leptos::prelude::*;

use crate::{
    live::{Live, Picking},
    ports::Layout,
};
pub(crate) use find::FIND;
use find::find;
use foot::foot;
use grid::grid;
use groups::groups;
use view::{Derived, Part, View, derived, dynamic, many, tag};

/// The picker's element.
pub(crate) const PICKER: &str = "picker";

/// What the parts of the picker share.
#[derive(Clone, Copy)]
struct Picker {
    live: Live,
    /// What the grid shows, a line of the table each.
    shown: Derived<String>,
}

impl Picker {
    /// How many stand in a row; the style sheet has the same.
    fn columns(self) -> usize {
        if self.live.layout().get() == Layout::One {
            8
        } else {
            9
        }
    }

    /// The one at a place of the grid, as its line of the table.
    fn at(self, place: usize) -> Option<String> {
        let of = |shown: &String| shown.lines().nth(place).map(str::to_owned);
        self.shown.with(of)
    }

    /// The name of an emoji, a group or a skin tone in the page's language, of those in English and in Chinese.
    fn name(self, [english, chinese]: [&str; 2]) -> String {
        let chosen = if self.live.ui().lang == crate::i18n::Lang::Zh {
            chinese
        } else {
            english
        };
        chosen.to_owned()
    }
}

/// The picker. It is the same for reactions and for the composer.
pub(crate) fn picker() -> View {
    let live = Live::here();
    let emoji = live.emoji();
    let words = live.ui().words;
    let label = move || match live.picking().get() {
        Picking::Text => words.composer.emoji,
        Picking::Reaction(_) => words.message.react,
    };
    let picker = Picker {
        live,
        shown: derived(move || emoji.shown()),
    };
    tag::div("card picker")
        .attr("id", live.own(PICKER))
        .attr("popover", "auto")
        .attr("role", "dialog")
        .attr("aria-label", label)
        .child(move || {
            emoji.opened.get().then(|| {
                many().child(find(picker)).child(dynamic(move || {
                    if !emoji.table.with(String::is_empty) {
                        return many()
                            .child(groups(picker))
                            .child(grid(picker))
                            .child(foot(picker))
                            .view();
                    }
                    if emoji.failed.get() {
                        return failed(live);
                    }
                    let loading = tag::p("none").attr("role", "status");
                    loading.child(words.dialog.loading).view()
                }))
            })
        })
        .view()
}

/// That nothing came, and a way to try again.
fn failed(live: Live) -> View {
    let words = live.ui().words;
    tag::div("none")
        .child(
            tag::p("")
                .attr("role", "alert")
                .child(words.composer.no_emoji),
        )
        .child(
            tag::button("btn small")
                .attr("type", "button")
                .on(leptos::ev::click, move |_| {
                    live.ui().browser(|browser| browser.focus(live.own(FIND)));
                    live.emoji_choice().want();
                })
                .child(words.common.try_again),
        )
        .view()
}
