//! The choice of emoji: fetching the table, opening the picker, and what is done with the one that is chosen.

use leptos::prelude::*;

use super::{
    Live, Picking,
    compose::FIELD,
    emoji::{Emoji, keep, tone_of},
};
use crate::{
    components::picker::{FIND, PICKER},
    ports::SiblingStep,
};

/// Where this browser keeps the skin tone and what was chosen last.
const KEPT: &str = "hubbub-emoji";

/// The emoji to choose from. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct EmojiChoice(pub(super) Live);

impl EmojiChoice {
    /// Opens the choice.
    pub(crate) fn open(self, what: Picking) {
        let emoji = self.0.emoji();
        self.0.picking().set(what);
        emoji.typed.set(String::new());
        emoji.group.set(0);
        emoji.active.set(0);
        // Drawn once: what has the focus stays.
        if !emoji.opened.get_untracked() {
            emoji.opened.set(true);
        }
        self.want();
        self.0.ui().browser(|browser| {
            browser.show_popover(self.0.own(PICKER));
            if browser.has_mouse() {
                browser.focus(self.0.own(FIND));
            } else {
                // A field would bring up a keyboard over the grid.
                browser.step_focus(self.0.own(PICKER), "button", SiblingStep::First);
            }
        });
    }

    pub(crate) fn chosen(self, line: &str) {
        let emoji = self.take(line);
        self.0
            .ui()
            .browser(|browser| browser.hide_popover(self.0.own(PICKER)));
        match self.0.picking().get_untracked() {
            Picking::Text => {
                self.0.ui().browser(|browser| {
                    browser.insert(self.0.own(FIELD), &emoji);
                    self.0.composer().typed(browser.value(self.0.own(FIELD)));
                    browser.focus(self.0.own(FIELD));
                });
            }
            Picking::Reaction(row) => {
                let room = self.0.route().get_untracked().room();
                let seq = self.0.view().message(row).and_then(|message| message.seq);
                if let (Some(room), Some(seq)) = (room, seq) {
                    self.0.react(room, seq, &emoji, true);
                }
            }
        }
    }

    /// Fetches the table, if it is not there and not on its way.
    pub(crate) fn want(self) {
        let emoji = self.0.emoji();
        if emoji.asked.get_value() {
            return;
        }
        emoji.asked.set_value(true);
        emoji.failed.set(false);
        let came = move |text: Option<String>| {
            emoji.asked.set_value(text.is_some());
            emoji.failed.set(text.is_none());
            emoji.table.set(text.unwrap_or_default());
        };
        let url = self.0.ui().emoji.get_value();
        self.0.ui().browser(|browser| {
            emoji.kept.set(browser.kept(KEPT).unwrap_or_default());
            browser.fetch_text(&url, Box::new(came));
        });
    }

    /// What is written for an emoji, in the chosen skin tone. It is remembered as the newest.
    pub(crate) fn take(self, line: &str) -> String {
        let tone = self.0.emoji().kept.with_untracked(|kept| tone_of(kept));
        self.keep(tone, Emoji(line).plain());
        Emoji(line).toned(tone)
    }

    /// From now on emoji have this skin tone.
    pub(crate) fn tone(self, tone: u8) {
        self.keep(tone, "");
    }

    fn keep(self, tone: u8, chosen: &str) {
        let kept = self.0.emoji().kept;
        let now = kept.with_untracked(|kept| keep(kept, tone, chosen));
        self.0.ui().browser(|browser| browser.keep(KEPT, &now));
        kept.set(now);
    }
}
