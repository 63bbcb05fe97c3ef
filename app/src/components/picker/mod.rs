//! The choice of emoji: a field to look for one, groups, a grid, and skin tones. What it has comes when it is opened first.

mod find;
mod foot;
mod grid;
mod groups;

use leptos::prelude::*;

use crate::{
    live::{Live, Picking, compose::FIELD},
    ports::{Layout, SiblingStep},
};
use find::{FIND, find};
use foot::foot;
use grid::grid;
use groups::groups;
use view::{Derived, Part, View, derived, dynamic, many, tag};

/// The picker's element.
pub(crate) const PICKER: &str = "picker";

impl Live {
    /// Opens the choice.
    pub(crate) fn pick(self, what: Picking) {
        let emoji = self.emoji();
        self.picking().set(what);
        emoji.typed.set(String::new());
        emoji.group.set(0);
        emoji.active.set(0);
        // Drawn once: what has the focus stays.
        if !emoji.opened.get_untracked() {
            emoji.opened.set(true);
        }
        self.want_emoji();
        self.ui().browser(|browser| {
            browser.show_popover(self.own(PICKER));
            if browser.has_mouse() {
                browser.focus(self.own(FIND));
            } else {
                // A field would bring up a keyboard over the grid.
                browser.step_focus(self.own(PICKER), "button", SiblingStep::First);
            }
        });
    }

    fn picked(self, line: &str) {
        let emoji = self.use_emoji(line);
        self.ui()
            .browser(|browser| browser.hide_popover(self.own(PICKER)));
        match self.picking().get_untracked() {
            Picking::Text => {
                self.ui().browser(|browser| {
                    browser.insert(self.own(FIELD), &emoji);
                    self.composer().typed(browser.value(self.own(FIELD)));
                    browser.focus(self.own(FIELD));
                });
            }
            Picking::Reaction(row) => {
                let room = self.route().get_untracked().room();
                let seq = self.view().message(row).and_then(|message| message.seq);
                if let (Some(room), Some(seq)) = (room, seq) {
                    self.react(room, seq, &emoji, true);
                }
            }
        }
    }
}

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
                    live.want_emoji();
                })
                .child(words.common.try_again),
        )
        .view()
}
