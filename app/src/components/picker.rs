//! The choice of emoji: a small grid, walked with the arrows.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};

use crate::{
    live::{Live, Picking, compose::FIELD},
    ports::Step,
};
use view::{Part, View, tag};

/// The picker's element.
pub(crate) const PICKER: &str = "picker";

/// Columns of the grid; the style sheet's too.
const COLUMNS: i32 = 8;

/// What people react with most, then moods, hands, things.
const EMOJI: [&str; 64] = [
    "👍", "👎", "❤️", "🎉", "😂", "😮", "😢", "🙏", "👏", "🔥", "👀", "✅", "❌", "💯", "🚀", "🤔",
    "😀", "😄", "😅", "🤣", "😊", "😉", "😍", "😘", "😎", "🤓", "🤩", "🥳", "😇", "🙂", "🙃", "😴",
    "😐", "😬", "🙄", "😕", "😟", "😭", "😡", "🤯", "🤗", "🤝", "👋", "👌", "✌️", "🤞", "💪", "🙌",
    "☕", "🍵", "🍰", "🍜", "🌱", "🌧️", "☀️", "⭐", "💡", "📌", "📎", "📅", "🔧", "🐛", "🐳", "🌍",
];

impl Live {
    /// Opens the choice.
    pub(crate) fn pick(self, what: Picking) {
        self.picking().set(what);
        self.ui().browser(|browser| {
            browser.show_popover(PICKER);
            browser.step_focus(PICKER, "button", Step::First);
        });
    }

    fn picked(self, emoji: &'static str) {
        self.ui().browser(|browser| browser.hide_popover(PICKER));
        match self.picking().get_untracked() {
            Picking::Text => {
                self.ui().browser(|browser| {
                    browser.insert(FIELD, emoji);
                    self.composer().typed(browser.value(FIELD));
                    browser.focus(FIELD);
                });
            }
            Picking::Reaction(row) => {
                let room = self.route().get_untracked().room();
                let seq = self.view().message(row).and_then(|message| message.seq);
                if let (Some(room), Some(seq)) = (room, seq) {
                    self.react(room, seq, emoji, true);
                }
            }
        }
    }
}

/// The grid. It is the same for reactions and for the composer.
pub(crate) fn picker() -> View {
    let live = Live::here();
    let words = live.ui().words;
    let label = move || match live.picking().get() {
        Picking::Text => words.composer.emoji,
        Picking::Reaction(_) => words.message.react,
    };
    let walk = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => Step::By(1),
            "ArrowLeft" => Step::By(-1),
            "ArrowDown" => Step::By(COLUMNS),
            "ArrowUp" => Step::By(-COLUMNS),
            "Home" => Step::First,
            "End" => Step::Last,
            _ => return,
        };
        event.prevent_default();
        live.ui()
            .browser(|browser| browser.step_focus(PICKER, "button", step));
    };
    let one = move |emoji: &'static str| {
        tag::button("emoji")
            .attr("type", "button")
            .attr("tabindex", "-1")
            .on(ev::click, move |_| live.picked(emoji))
            .child(emoji)
    };
    tag::div("card picker")
        .attr("id", PICKER)
        .attr("popover", "auto")
        .attr("role", "dialog")
        .attr("aria-label", label)
        .on(ev::keydown, walk)
        .child(EMOJI.into_iter().map(one).collect::<Vec<_>>())
        .view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_emoji_is_a_reaction() {
        for emoji in EMOJI {
            assert_eq!(text::reaction_key(emoji).as_deref(), Ok(emoji), "{emoji}");
        }
        let mut unique = EMOJI.to_vec();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), EMOJI.len());
    }
}
