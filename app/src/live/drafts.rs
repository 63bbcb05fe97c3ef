//! Drafts: what is written in each room and not sent, kept in the browser, over reloads.

use std::collections::BTreeMap;

use leptos::prelude::*;
use protocol::RoomId;

use super::{
    Live,
    compose::{ComposeMode, FIELD},
    drive::set_if_new,
};
use crate::ports::Draft;

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
                .filter_map(|draft| Some((draft.room()?, draft))),
        );
        self.0.compose().drafts.set(kept);
        self.open_draft();
    }

    /// What another page left. What is written here stays, and what stands in the field.
    pub(crate) fn adopt_drafts(self, drafts: Vec<Draft>) {
        let open = self.0.route().get_untracked().room();
        for draft in drafts {
            let Some(room) = draft.room().filter(|_| !draft.text.is_empty()) else {
                continue;
            };
            if !self.lacks_draft(&draft) {
                continue;
            }
            self.0.compose().drafts.update(|drafts| {
                drafts.insert(room, draft);
            });
            if open == Some(room)
                && self.0.compose().mode.get_untracked() == ComposeMode::Plain
                && self.0.compose().text.with_untracked(String::is_empty)
            {
                self.open_draft();
            }
        }
    }

    /// Whether nothing is written here in a draft's room.
    pub(crate) fn lacks_draft(self, draft: &Draft) -> bool {
        draft.room().is_some_and(|room| {
            let drafts = self.0.compose().drafts;
            !drafts.with_untracked(|drafts| drafts.contains_key(&room))
        })
    }

    /// Shows what was written in the room that is open now. What stands in the field already, typed before the page was
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
        let room = self.0.route().get_untracked().room();
        if let Some(room) = room.filter(|_| self.0.in_thread()) {
            return self.back_to_draft(room);
        }
        let draft = self
            .0
            .compose()
            .drafts
            .with_untracked(|drafts| room.and_then(|room| drafts.get(&room).cloned()));
        let now_ms = self
            .0
            .ui()
            .browser(|browser| browser.now().wall_ms)
            .unwrap_or_default();
        let from = draft
            .as_ref()
            .map(|draft| draft.at)
            .filter(|at| now_ms.saturating_sub(*at) > VISIT_MS);
        set_if_new(self.0.compose().from, from);
        self.0.composer().write(&draft.unwrap_or_default().text);
    }

    /// Keeps a draft: at once here, in the browser's storage soon.
    pub(super) fn keep(self, room: RoomId, text: String) {
        if self.0.in_thread() {
            if let Some(root) = self.0.root() {
                self.0.compose().in_threads.update_value(|kept| {
                    kept.retain(|(of, thread, _)| (*of, *thread) != (room, root));
                    if !text.is_empty() {
                        kept.push((room, root, text));
                    }
                });
            }
            return;
        }
        let at = self
            .0
            .ui()
            .browser(|browser| browser.now().wall_ms)
            .unwrap_or_default();
        let known = self
            .0
            .compose()
            .drafts
            .with_untracked(|drafts| drafts.contains_key(&room));
        let draft = Draft {
            room: room.get(),
            text,
            at,
        };
        if draft.text.is_empty() {
            if known {
                self.0.compose().drafts.update(|drafts| {
                    drafts.remove(&room);
                });
            }
            self.0.ui().browser(|browser| browser.save_draft(&draft));
            return;
        }
        if known {
            // The list of rooms shows that there is a draft, not what it says.
            self.0.compose().drafts.update_untracked(|drafts| {
                drafts.insert(room, draft);
            });
        } else {
            self.0.compose().drafts.update(|drafts| {
                drafts.insert(room, draft);
            });
        }
        self.save_soon(room);
    }

    /// Saves what is written, at most so often while one goes on writing.
    fn save_soon(self, room: RoomId) {
        let unsaved = self.0.compose().unsaved;
        if unsaved.get_value() == Some(room) {
            return;
        }
        self.save_drafts();
        unsaved.set_value(Some(room));
        self.0
            .ui()
            .browser(|browser| browser.after(SAVE_EVERY_MS, Box::new(move || self.save_drafts())));
    }

    fn save_draft(self, room: RoomId) {
        let draft = self
            .0
            .compose()
            .drafts
            .with_untracked(|drafts| drafts.get(&room).cloned());
        if let Some(draft) = draft {
            self.0.ui().browser(|browser| browser.save_draft(&draft));
        }
    }

    /// Saves what is not saved yet, now: the page may go away.
    pub(crate) fn save_drafts(self) {
        if let Some(room) = self.0.compose().unsaved.get_value() {
            self.0.compose().unsaved.set_value(None);
            self.save_draft(room);
        }
    }

    /// Shows the draft again, after something else was in the field.
    pub(super) fn back_to_draft(self, room: RoomId) {
        if self.0.in_thread() {
            let kept = self.0.compose().in_threads;
            let root = self.0.root().unwrap_or_default();
            let text = kept.with_value(|kept| {
                let one = kept.iter().find(|one| (one.0, one.1) == (room, root));
                one.map(|one| one.2.clone()).unwrap_or_default()
            });
            return self.0.composer().write(&text);
        }
        let draft = self
            .0
            .compose()
            .drafts
            .with_untracked(|drafts| drafts.get(&room).cloned())
            .unwrap_or_default();
        self.0.composer().write(&draft.text);
    }

    /// Throws away what is written.
    pub(crate) fn discard_draft(self) {
        self.0.composer().write("");
        set_if_new(self.0.compose().from, None);
        if let Some(room) = self.0.route().get_untracked().room() {
            self.keep(room, String::new());
        }
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
