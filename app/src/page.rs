//! The page, as its browser sees it: what happens is told here.

use client::{Input, OutboxEntry};
use leptos::prelude::*;

pub use crate::keys::Key;
use crate::{
    keys,
    live::Live,
    ports::{Draft, Layout},
    ui::Ui,
};

/// The page, for its browser to tell what happens. It is a handle: copies are the same page.
#[derive(Clone, Copy)]
pub struct PageHandle {
    ui: Ui,
    live: Live,
}

impl PageHandle {
    /// The page.
    #[cfg(feature = "hydrate")]
    pub(crate) const fn new(ui: Ui, live: Live) -> Self {
        Self { ui, live }
    }

    /// Words, icons, the browser.
    #[cfg(feature = "hydrate")]
    pub(crate) const fn ui(self) -> Ui {
        self.ui
    }

    /// The living page.
    #[cfg(feature = "hydrate")]
    pub(crate) const fn live(self) -> Live {
        self.live
    }

    /// Begins: with what storage kept of the outbox and of drafts.
    pub fn start(self, outbox: Vec<OutboxEntry>, drafts: Vec<Draft>) {
        self.ui.alive.set(true);
        self.live.start(outbox, drafts);
    }

    /// Something happened to the connection or to the page.
    pub fn input(self, input: Input) {
        let live = self.live;
        let (hidden, visible) = (input == Input::Hidden, input == Input::Visible);
        if hidden {
            live.drafts().save_drafts();
            live.view().note_place();
        }
        live.driver().input(input);
        if visible {
            live.scroll().back_at_page();
        }
    }

    /// What a page that is gone left: this one sends it, and shows drafts where it has none.
    pub fn adopt(self, outbox: Vec<OutboxEntry>, drafts: Vec<Draft>) {
        let live = self.live;
        if !outbox.is_empty() {
            live.adopt(outbox);
        }
        live.drafts().adopt_drafts(drafts);
    }

    /// The browser could not keep what is not sent yet: its storage is `full`, or does not work.
    pub fn unkept(self, full: bool) {
        self.live.drafts().unkept(full);
    }

    /// Whether nothing is written here in a draft's room.
    pub fn lacks_draft(self, draft: &Draft) -> bool {
        self.live.drafts().lacks_draft(draft)
    }

    /// The window has space for so many panes.
    pub fn lay_out(self, layout: Layout) {
        self.live.lay_out(layout);
    }

    /// The finger that may hold a message has moved: it is no long press.
    pub fn lift(self) {
        self.live.press().begin();
    }

    /// Whether the message of a row can be answered; with `begin` one begins to.
    pub fn answer(self, row: &str, begin: bool) -> bool {
        self.live.composer().answer(row, begin)
    }

    /// A favourite was dropped beside another one, above or `below` it; both by the ids of their rows.
    pub fn move_row(self, row: &str, beside: &str, below: bool) {
        let room = |row: &str| row.strip_prefix("row-").and_then(|id| id.parse().ok());
        if let (Some(room), Some(beside)) = (room(row), room(beside)) {
            self.live.favourites().put(room, beside, below);
        }
    }

    /// Files were dropped on the page, or pasted.
    pub fn files(self) {
        self.live
            .announcements()
            .toast_bad(self.ui.words.composer.no_files);
    }

    /// A link of the page was chosen. False when the browser should follow it.
    pub fn follow(self, path: &str) -> bool {
        self.live.navigation().follow(path)
    }

    /// The address changed: back or forth, or with `inside` to a part of a page. False when the page must be loaded.
    pub fn went(self, path: &str, inside: bool) -> bool {
        self.live.navigation().went(path, inside)
    }

    /// A key was pressed anywhere. True when it did something here.
    pub fn key(self, key: &Key) -> bool {
        keys::press(self.live, key)
    }
}
