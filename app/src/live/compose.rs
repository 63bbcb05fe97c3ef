//! The composer: what is written in each room, and what it is for.

use std::collections::BTreeMap;

use client::{Failed, Input, Refused};
use leptos::prelude::*;
use protocol::{
    Act, ActKind, ErrorCode, InThread, MessageId, Seq, TextError, UserId, rights::Right,
};

use super::{
    Live,
    drive::set_if_new,
    failure_words::why_not,
    text_length::{Length, length},
};
use crate::{
    ports::{Draft, DraftPlace},
    route::Route,
};

/// The id of the field.
pub(crate) const FIELD: &str = "composer";

/// What the text will be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ComposeMode {
    /// A message.
    #[default]
    Plain,
    /// An answer to one.
    Reply(Seq),
    /// One's own message, changed.
    Edit(Seq),
}

/// The composer as signals.
#[derive(Clone, Copy)]
pub(crate) struct Compose {
    /// What is written.
    pub(crate) text: RwSignal<String>,
    /// What it is for.
    pub(crate) mode: RwSignal<ComposeMode>,
    /// When what is written was written, on another visit.
    pub(crate) from: RwSignal<Option<u64>>,
    /// What is written in each conversation, and not sent: one map for the room and the thread beside it.
    pub(crate) drafts: RwSignal<BTreeMap<DraftPlace, Draft>>,
    /// A name in the text that is nobody's; empty is none.
    pub(crate) nobody: RwSignal<String>,
    /// Names that the server was asked for.
    pub(super) asked: StoredValue<Vec<String>>,
    /// Whether what is said in a thread is to stand in its room too.
    pub(crate) also: RwSignal<bool>,
    /// Changes with every letter: what was begun before is not told any more.
    pub(super) turn: StoredValue<u32>,
    /// A direct room is being made for its first message.
    pub(super) beginning: StoredValue<bool>,
    /// The conversation whose draft is to be saved soon.
    pub(super) unsaved: StoredValue<Option<DraftPlace>>,
}

impl Compose {
    pub(super) fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            mode: RwSignal::new(ComposeMode::Plain),
            from: RwSignal::new(None),
            drafts: RwSignal::new(BTreeMap::new()),
            nobody: RwSignal::new(String::new()),
            asked: StoredValue::new(Vec::new()),
            also: RwSignal::new(false),
            turn: StoredValue::new(0),
            beginning: StoredValue::new(false),
            unsaved: StoredValue::new(None),
        }
    }

    /// A composer of its own, over the same drafts.
    pub(super) fn beside(self) -> Self {
        Self {
            drafts: self.drafts,
            unsaved: self.unsaved,
            ..Self::new()
        }
    }
}

/// What the composer does: writing, sending, editing, and whom a text calls. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Composer(pub(super) Live);

impl Composer {
    /// Puts a text into the field.
    pub(super) fn write(self, text: &str) {
        self.0.compose().text.set(text.to_owned());
        set_if_new(self.0.completing().begun, None);
        self.0.ui().browser(|browser| {
            browser.set_value(self.0.own(FIELD), text);
            browser.fit(self.0.own(FIELD));
        });
    }

    /// Something was typed.
    pub(crate) fn typed(self, text: String) {
        let visible = length(&text) != Length::Blank;
        set_if_new(self.0.compose().from, None);
        self.0.compose().text.set(text.clone());
        self.0
            .ui()
            .browser(|browser| browser.fit(self.0.own(FIELD)));
        self.look_whom();
        let Some(room) = self.0.route().get_untracked().room() else {
            return;
        };
        if !matches!(self.0.compose().mode.get_untracked(), ComposeMode::Edit(_)) {
            self.0.drafts().keep(text);
        }
        if visible {
            self.0.driver().input(Input::Typing(room));
        }
    }

    /// Whether the caret is in a fence of code, where Enter breaks the line.
    pub(crate) fn in_fence(self) -> bool {
        self.0
            .compose()
            .text
            .with_untracked(|text| text::ends_in_fence(self.0.completion().before_caret(text)))
    }

    /// Sends what is written, if it can be sent. What is not taken stays where it is.
    pub(crate) fn send(self) {
        let route = self.0.route().get_untracked();
        let text = self.0.compose().text.get_untracked();
        if matches!(length(&text), Length::Blank | Length::Over(_)) {
            return;
        }
        let text = self.with_handles(&text);
        set_if_new(self.0.compose().nobody, String::new());
        if let Route::Talk(others) = route {
            return self.0.room_actions().begin_talk(others, text);
        }
        let Some(room) = route.room() else {
            return;
        };
        let mode = self.0.compose().mode.get_untracked();
        let root = self.0.root().filter(|_| self.0.in_thread());
        let also = self.0.compose().also.get_untracked();
        let thread = root.map(|root| InThread { root, also });
        let act = match mode {
            ComposeMode::Plain => Act::Send {
                text,
                reply_to: None,
                thread,
            },
            ComposeMode::Reply(seq) => Act::Send {
                text,
                reply_to: Some(seq),
                thread,
            },
            ComposeMode::Edit(of) => Act::Edit { of, text },
        };
        if let Some(why) = self.0.driver().input(Input::Act { room, act }) {
            self.not_taken(why);
            return;
        }
        self.0.compose().mode.set(ComposeMode::Plain);
        set_if_new(self.0.compose().from, None);
        if matches!(mode, ComposeMode::Edit(_)) {
            self.0.drafts().back_to_draft();
        } else {
            self.write("");
            self.0.drafts().keep(String::new());
            self.0.scroll().to_end();
        }
        self.0
            .ui()
            .browser(|browser| browser.focus(self.0.own(FIELD)));
    }

    pub(super) fn not_taken(self, why: Refused) {
        let message = &self.0.ui().words.message;
        match why {
            Refused::Full => self.0.announcements().toast_bad(message.too_many_unsent),
            Refused::Text(TextError::TooLong { over }) => {
                self.0
                    .announcements()
                    .toast_bad(&(message.too_long)(over as u64));
            }
            Refused::Text(_) | Refused::NotEmoji => {
                self.0.announcements().toast_bad(message.invalid);
            }
            Refused::NoRoom => self.0.announcements().toast_bad(message.forbidden),
            Refused::NoMessage => self.0.announcements().toast_bad(message.gone),
            Refused::Ended => self
                .0
                .announcements()
                .toast_bad(self.0.ui().words.common.not_connected),
        }
    }

    /// Answers a message.
    pub(crate) fn reply(self, seq: Seq) {
        if let ComposeMode::Edit(_) = self.0.compose().mode.get_untracked() {
            self.0.drafts().back_to_draft();
        }
        self.0.compose().mode.set(ComposeMode::Reply(seq));
        self.0
            .ui()
            .browser(|browser| browser.focus(self.0.own(FIELD)));
    }

    /// Whether the message of a row, by its id in the page, can be answered; with `begin` one begins to.
    pub(crate) fn answer(self, row: &str, begin: bool) -> bool {
        let writes = untrack(|| self.0.rights().may(Right::Do(ActKind::Send)));
        let message = self.0.timeline().rows.with_untracked(|rows| {
            let cell = rows
                .iter()
                .find(|cell| self.0.timeline().id(cell.key) == row)?;
            self.0.view().message(cell.key)
        });
        let seq = message.filter(|message| writes && !message.deleted);
        let Some(seq) = seq.and_then(|message| message.seq) else {
            return false;
        };
        if begin {
            self.reply(seq);
        }
        true
    }

    /// Changes one's own message.
    pub(crate) fn edit(self, seq: Seq, text: &str) {
        self.begin_edit(seq, text);
        self.0
            .ui()
            .browser(|browser| browser.focus(self.0.own(FIELD)));
    }

    fn begin_edit(self, seq: Seq, text: &str) {
        self.0.compose().mode.set(ComposeMode::Edit(seq));
        set_if_new(self.0.compose().from, None);
        self.write(text);
    }

    /// Who said the message at a place of the open room, when, and what.
    pub(crate) fn said(self, seq: Seq) -> Option<(UserId, u64, String)> {
        let room = self.0.route().get_untracked().room()?;
        self.0.session().with_value(|session| {
            let message = self.0.seen(session, room)?.message(seq)?;
            let text = message.text.clone().unwrap_or_default();
            Some((message.by, message.at, text))
        })
    }

    /// Changes one's last message that can be changed.
    pub(crate) fn edit_last(self) {
        let Some(room) = self.0.route().get_untracked().room() else {
            return;
        };
        let last = self
            .0
            .session()
            .with_value(|session| self.0.seen(session, room)?.last_own());
        if let Some((seq, (_, _, text))) = last.and_then(|seq| Some((seq, self.said(seq)?))) {
            self.edit(seq, &text);
        }
    }

    /// Back to a plain message.
    pub(crate) fn leave_mode(self) {
        let mode = self.0.compose().mode.get_untracked();
        self.0.compose().mode.set(ComposeMode::Plain);
        if let ComposeMode::Edit(_) = mode {
            self.0.drafts().back_to_draft();
        }
        self.0
            .ui()
            .browser(|browser| browser.focus(self.0.own(FIELD)));
    }

    /// Takes a failed message back into the field, before what stands there.
    pub(crate) fn take_back(self, id: MessageId, text: &str) {
        self.0.driver().input(Input::Discard(id));
        let before = self.0.compose().text.get_untracked();
        let text = if before.is_empty() {
            text.to_owned()
        } else {
            format!("{text}\n{before}")
        };
        self.write(&text);
        self.typed(text);
        self.0
            .ui()
            .browser(|browser| browser.focus(self.0.own(FIELD)));
    }

    /// An edit, a deletion, a reaction or a pin was refused for good; a message stays in the timeline and tells it there.
    pub(super) fn command_failed(self, failed: &Failed) {
        let message = &self.0.ui().words.message;
        let says = match &failed.entry.command.act {
            Act::Send { .. } => {
                self.0
                    .announcements()
                    .alert(&why_not(self.0.ui().words, failed.code, None));
                return;
            }
            Act::Edit { .. } => message.edit_failed,
            Act::Delete { .. } => message.delete_failed,
            Act::React { .. } => message.react_failed,
            // The room has as many as it may, or the message is gone.
            Act::Pin { on: true, .. } if failed.code == ErrorCode::Conflict => message.pins_full,
            Act::Pin { .. } => message.pin_failed,
        };
        self.0.announcements().toast_bad(says);
        if let Act::Edit { of, text } = &failed.entry.command.act
            && self.0.compose().text.with_untracked(String::is_empty)
            && self.0.compose().mode.get_untracked() == ComposeMode::Plain
            && self.0.route().get_untracked().room() == Some(failed.entry.command.room)
        {
            // This comes whenever the answer does: the focus stays where somebody has it.
            self.begin_edit(*of, text);
            if self.0.ui().browser(|browser| browser.is_unfocused()) == Some(true) {
                self.0.focus_field();
            }
        }
    }
}
