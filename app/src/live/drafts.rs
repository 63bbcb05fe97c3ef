//! Drafts: what is written in each conversation and not sent, kept in the browser, over reloads.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::{
    Live,
    compose::{ComposeMode, FIELD},
    drive::set_if_new,
};
use crate::ports::{Draft, DraftPlace};

/// A draft that is older than this was written on another visit: its age is shown.
const VISIT_MS: u64 = 10 * 60_000;

/// Between two savings of what one is writing, in milliseconds.
const SAVE_EVERY_MS: u64 = 300;

/// What was written and is not sent: drafts, and what rooms that one left did not get. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Drafts(pub(super) Live);

impl Drafts {
    /// What was kept from before.
    pub(crate) fn restore_drafts(self, drafts: Vec<Draft>) {
        let mut kept = BTreeMap::new();
        // Not collected: see `client::put`.
        kept.extend(
            drafts
                .into_iter()
                .filter_map(|draft| Some((draft.conversation()?, draft))),
        );
        self.0.compose().drafts.set(kept);
        self.open_draft();
    }

    /// What another page left. What is written here stays, and what stands in the field.
    pub(crate) fn adopt_drafts(self, drafts: Vec<Draft>) {
        for draft in drafts {
            let Some(of) = draft.conversation().filter(|_| !draft.text.is_empty()) else {
                continue;
            };
            if !self.lacks_draft(&draft) {
                continue;
            }
            self.0.compose().drafts.update(|drafts| {
                drafts.insert(of, draft);
            });
            // The room's field, and that of the thread beside it.
            for live in [self.0, self.0.beside()] {
                if live.conversation() == Some(of)
                    && live.compose().mode.get_untracked() == ComposeMode::Plain
                    && live.compose().text.with_untracked(String::is_empty)
                {
                    live.drafts().open_draft();
                }
            }
        }
    }

    /// Whether nothing is written here in a draft's conversation.
    pub(crate) fn lacks_draft(self, draft: &Draft) -> bool {
        draft.conversation().is_some_and(|of| {
            let drafts = self.0.compose().drafts;
            !drafts.with_untracked(|drafts| drafts.contains_key(&of))
        })
    }

    /// The draft of the open conversation; an empty one where there is none.
    fn open(self) -> Draft {
        let open = self.0.conversation();
        let kept = self.0.compose().drafts;
        let found = kept.with_untracked(|drafts| open.and_then(|of| drafts.get(&of).cloned()));
        found.unwrap_or_default()
    }

    /// Shows what was written in the conversation that is open now. What stands in the field already, typed before the page was
    /// taken over, comes first.
    pub(crate) fn open_draft(self) {
        let typed = self
            .0
            .ui()
            .browser(|browser| browser.value(self.0.own(FIELD)))
            .unwrap_or_default();
        self.0.compose().mode.set(ComposeMode::Plain);
        if !typed.is_empty() {
            self.0.composer().typed(typed);
            return;
        }
        let draft = self.open();
        let old = self.now_ms().saturating_sub(draft.at) > VISIT_MS;
        let from = (old && !draft.text.is_empty()).then_some(draft.at);
        set_if_new(self.0.compose().from, from);
        self.0.composer().write(&draft.text);
    }

    fn now_ms(self) -> u64 {
        let now = self.0.ui().browser(|browser| browser.now().wall_ms);
        now.unwrap_or_default()
    }

    /// Keeps a text as the draft of the open conversation: at once here, in the browser's storage soon.
    pub(super) fn keep(self, text: String) {
        let Some(of) = self.0.conversation() else {
            return;
        };
        let drafts = self.0.compose().drafts;
        let known = drafts.with_untracked(|drafts| drafts.contains_key(&of));
        let draft = Draft::new(of, text, self.now_ms());
        if draft.text.is_empty() {
            if known {
                drafts.update(|drafts| {
                    drafts.remove(&of);
                });
            }
            self.0.ui().browser(|browser| browser.save_draft(&draft));
            return;
        }
        // The list of rooms shows that there is a draft, not what it says.
        drafts.update_untracked(|drafts| {
            drafts.insert(of, draft);
        });
        if !known {
            drafts.notify();
        }
        self.save_soon(of);
    }

    /// Saves what is written, at most so often while one goes on writing.
    fn save_soon(self, of: DraftPlace) {
        let unsaved = self.0.compose().unsaved;
        if unsaved.get_value() == Some(of) {
            return;
        }
        self.save_drafts();
        unsaved.set_value(Some(of));
        self.0
            .ui()
            .browser(|browser| browser.after(SAVE_EVERY_MS, Box::new(move || self.save_drafts())));
    }

    fn save_draft(self, of: DraftPlace) {
        let kept = self.0.compose().drafts;
        let draft = kept.with_untracked(|drafts| drafts.get(&of).cloned());
        if let Some(draft) = draft {
            self.0.ui().browser(|browser| browser.save_draft(&draft));
        }
    }

    /// Saves what is not saved yet, now: the page may go away.
    pub(crate) fn save_drafts(self) {
        if let Some(of) = self.0.compose().unsaved.get_value() {
            self.0.compose().unsaved.set_value(None);
            self.save_draft(of);
        }
    }

    /// Shows the draft again, after something else was in the field.
    pub(super) fn back_to_draft(self) {
        self.0.composer().write(&self.open().text);
    }

    /// Throws away what is written.
    pub(crate) fn discard_draft(self) {
        self.0.composer().write("");
        set_if_new(self.0.compose().from, None);
        self.keep(String::new());
        self.0
            .ui()
            .browser(|browser| browser.focus(self.0.own(FIELD)));
    }

    /// The browser could not keep a message. While the connection is up it does not have to: the message goes out at once.
    pub(crate) fn unkept(self, full: bool) {
        if self.0.link().with_untracked(|link| link.is_down()) {
            let message = &self.0.ui().words.message;
            self.0.announcements().toast_bad(if full {
                message.storage_full
            } else {
                message.storage_off
            });
        }
    }
}
