//! The composer: what is written in each room, and what it is for.

use std::collections::BTreeMap;

use client::{Failed, Input, Refused};
use leptos::prelude::*;
use protocol::{
    Act, ErrorCode, MessageId, RoomId, Seq, TextError, UserId, is_visible, limits::TEXT_CHARS,
};

use super::{Live, drive::set_if_new};
use crate::{i18n::Words, ports::Draft, route::Route};

/// The id of the field.
pub(crate) const FIELD: &str = "composer";

/// From here on, what is left is counted.
const COUNTED_FROM: usize = TEXT_CHARS - 500;

/// What the text will be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A message.
    #[default]
    Plain,
    /// An answer to one.
    Reply(Seq),
    /// One's own message, changed.
    Edit(Seq),
}

/// How long a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// Nothing that can be seen.
    Blank,
    /// Far from the limit.
    Fine,
    /// Near it: so many characters.
    Near(u64),
    /// So many over it.
    Over(u64),
}

/// How long a text is, in the characters that the server counts.
pub(crate) fn length(text: &str) -> Length {
    if !text.chars().any(is_visible) {
        return Length::Blank;
    }
    let count = if text.len() < COUNTED_FROM {
        0
    } else {
        text.chars().count()
    };
    match count {
        0..COUNTED_FROM => Length::Fine,
        COUNTED_FROM..=TEXT_CHARS => Length::Near(count as u64),
        _ => Length::Over((count - TEXT_CHARS) as u64),
    }
}

/// A key that was pressed in the field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pressed {
    /// Its name.
    pub(crate) key: String,
    /// With Shift.
    pub(crate) shift: bool,
    /// With Ctrl, Alt or ⌘.
    pub(crate) chord: bool,
    /// While an input method composes: `isComposing`, or the key code 229 of the browsers that do not say so.
    pub(crate) composing: bool,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    /// Sends what is written.
    Send,
    /// Leave the reply or edit.
    Leave,
    /// Edit one's last message.
    EditLast,
}

/// What a key does in the field; nothing where the browser knows better. An Enter that ends a composition chooses a word.
pub(crate) fn does(pressed: &Pressed, mode: Mode, empty: bool) -> Option<Does> {
    if pressed.composing || pressed.chord {
        return None;
    }
    match pressed.key.as_str() {
        "Enter" if !pressed.shift => Some(Does::Send),
        "Escape" if mode != Mode::Plain => Some(Does::Leave),
        "ArrowUp" if empty && mode == Mode::Plain && !pressed.shift => Some(Does::EditLast),
        _ => None,
    }
}

/// The composer as signals.
#[derive(Clone, Copy)]
pub(crate) struct Compose {
    /// What is written.
    pub(crate) text: RwSignal<String>,
    /// What it is for.
    pub(crate) mode: RwSignal<Mode>,
    /// When what is written was written, on another visit.
    pub(crate) from: RwSignal<Option<u64>>,
    /// What is written in each room, and not sent.
    pub(crate) drafts: RwSignal<BTreeMap<RoomId, Draft>>,
    /// A name in the text that is nobody's; empty is none.
    pub(crate) nobody: RwSignal<String>,
    /// Names that the server was asked for.
    pub(super) asked: StoredValue<Vec<String>>,
    /// Changes with every letter: what was begun before is not told any more.
    pub(super) turn: StoredValue<u32>,
    /// A direct room is being made for its first message.
    pub(super) beginning: StoredValue<bool>,
    /// The room whose draft is to be saved soon.
    pub(super) unsaved: StoredValue<Option<RoomId>>,
}

impl Compose {
    pub(super) fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            mode: RwSignal::new(Mode::Plain),
            from: RwSignal::new(None),
            drafts: RwSignal::new(BTreeMap::new()),
            nobody: RwSignal::new(String::new()),
            asked: StoredValue::new(Vec::new()),
            turn: StoredValue::new(0),
            beginning: StoredValue::new(false),
            unsaved: StoredValue::new(None),
        }
    }
}

/// The sentence for a command that failed. `seconds` tells when it goes out again by itself.
pub(crate) fn why_not(words: &Words, code: ErrorCode, seconds: Option<u64>) -> String {
    let message = &words.message;
    match (code, seconds) {
        (ErrorCode::RateLimited, Some(seconds)) => (message.rate_limited)(seconds),
        (ErrorCode::RateLimited, None) => message.rate_limited_short.to_owned(),
        (ErrorCode::Overloaded | ErrorCode::Unavailable, Some(seconds)) => {
            (message.overloaded)(seconds)
        }
        (ErrorCode::Overloaded | ErrorCode::Unavailable, None) => {
            message.overloaded_short.to_owned()
        }
        (ErrorCode::Forbidden, _) => message.forbidden.to_owned(),
        (ErrorCode::NotFound, _) => message.not_found.to_owned(),
        (ErrorCode::Conflict, _) => message.conflict.to_owned(),
        _ => message.invalid.to_owned(),
    }
}

/// What the composer does: writing, sending, editing, and whom a text calls. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Composer(pub(super) Live);

impl Composer {
    /// Puts a text into the field.
    pub(super) fn write(self, text: &str) {
        self.0.compose().text.set(text.to_owned());
        self.0.ui().browser(|browser| {
            browser.set_value(FIELD, text);
            browser.fit(FIELD);
        });
    }

    /// Something was typed.
    pub(crate) fn typed(self, text: String) {
        let visible = length(&text) != Length::Blank;
        set_if_new(self.0.compose().from, None);
        self.0.compose().text.set(text.clone());
        self.0.ui().browser(|browser| browser.fit(FIELD));
        self.look_whom();
        let Some(room) = self.0.route().get_untracked().room() else {
            return;
        };
        if !matches!(self.0.compose().mode.get_untracked(), Mode::Edit(_)) {
            self.0.drafts().keep(room, text);
        }
        if visible {
            self.0.driver().input(Input::Typing(room));
        }
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
        let act = match mode {
            Mode::Plain => Act::Send {
                text,
                reply_to: None,
            },
            Mode::Reply(seq) => Act::Send {
                text,
                reply_to: Some(seq),
            },
            Mode::Edit(of) => Act::Edit { of, text },
        };
        if let Some(why) = self.0.driver().input(Input::Act { room, act }) {
            self.not_taken(why);
            return;
        }
        self.0.compose().mode.set(Mode::Plain);
        set_if_new(self.0.compose().from, None);
        if matches!(mode, Mode::Edit(_)) {
            self.0.drafts().back_to_draft(room);
        } else {
            self.write("");
            self.0.drafts().keep(room, String::new());
            self.0.scroll().to_end();
        }
        self.0.ui().browser(|browser| browser.focus(FIELD));
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
        if let (Mode::Edit(_), Some(room)) = (
            self.0.compose().mode.get_untracked(),
            self.0.route().get_untracked().room(),
        ) {
            self.0.drafts().back_to_draft(room);
        }
        self.0.compose().mode.set(Mode::Reply(seq));
        self.0.ui().browser(|browser| browser.focus(FIELD));
    }

    /// Whether the message of a row, by its id in the page, can be answered; with `begin` one begins to.
    pub(crate) fn answer(self, row: &str, begin: bool) -> bool {
        let member = untrack(|| self.0.is_member().get());
        let message = self.0.timeline().rows.with_untracked(|rows| {
            let cell = rows.iter().find(|cell| cell.key.to_string() == row)?;
            self.0.view().message(cell.key)
        });
        let seq = message.filter(|message| member && !message.deleted);
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
        self.0.ui().browser(|browser| browser.focus(FIELD));
    }

    fn begin_edit(self, seq: Seq, text: &str) {
        self.0.compose().mode.set(Mode::Edit(seq));
        set_if_new(self.0.compose().from, None);
        self.write(text);
    }

    /// Who said the message at a place of the open room, when, and what.
    pub(crate) fn said(self, seq: Seq) -> Option<(UserId, u64, String)> {
        let room = self.0.route().get_untracked().room()?;
        self.0.session().with_value(|session| {
            let message = session.room(room)?.message(seq)?;
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
            .with_value(|session| session.last_own(room));
        if let Some((seq, (_, _, text))) = last.and_then(|seq| Some((seq, self.said(seq)?))) {
            self.edit(seq, &text);
        }
    }

    /// Back to a plain message.
    pub(crate) fn leave_mode(self) {
        let mode = self.0.compose().mode.get_untracked();
        self.0.compose().mode.set(Mode::Plain);
        if let (Mode::Edit(_), Some(room)) = (mode, self.0.route().get_untracked().room()) {
            self.0.drafts().back_to_draft(room);
        }
        self.0.ui().browser(|browser| browser.focus(FIELD));
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
        self.0.ui().browser(|browser| browser.focus(FIELD));
    }

    /// An edit, a deletion or a reaction was refused for good; a message stays in the timeline and tells it there.
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
        };
        self.0.announcements().toast_bad(says);
        if let Act::Edit { of, text } = &failed.entry.command.act
            && self.0.compose().text.with_untracked(String::is_empty)
            && self.0.compose().mode.get_untracked() == Mode::Plain
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

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Pressed {
        Pressed {
            key: key.to_owned(),
            ..Pressed::default()
        }
    }

    #[test]
    fn enter_sends_and_shift_enter_breaks() {
        assert_eq!(does(&press("Enter"), Mode::Plain, false), Some(Does::Send));
        assert_eq!(
            does(
                &Pressed {
                    shift: true,
                    ..press("Enter")
                },
                Mode::Plain,
                false
            ),
            None
        );
        assert_eq!(
            does(
                &Pressed {
                    chord: true,
                    ..press("Enter")
                },
                Mode::Plain,
                false
            ),
            None
        );
    }

    #[test]
    fn no_key_acts_while_an_input_method_composes() {
        for key in ["Enter", "Escape", "ArrowUp"] {
            assert_eq!(
                does(
                    &Pressed {
                        composing: true,
                        ..press(key)
                    },
                    Mode::Reply(1),
                    true
                ),
                None
            );
        }
    }

    #[test]
    fn escape_leaves_and_up_edits_the_last() {
        let seq = 7;
        assert_eq!(
            does(&press("Escape"), Mode::Edit(seq), true),
            Some(Does::Leave)
        );
        assert_eq!(does(&press("Escape"), Mode::Plain, true), None);
        assert_eq!(
            does(&press("ArrowUp"), Mode::Plain, true),
            Some(Does::EditLast)
        );
        assert_eq!(does(&press("ArrowUp"), Mode::Plain, false), None);
        assert_eq!(does(&press("a"), Mode::Plain, true), None);
    }

    #[test]
    fn lengths_are_counted_near_the_limit() {
        assert_eq!(
            [length(""), length(" \n"), length("hi")],
            [Length::Blank, Length::Blank, Length::Fine]
        );
        assert_eq!(length(&"字".repeat(7_499)), Length::Fine);
        assert_eq!(length(&"字".repeat(7_500)), Length::Near(7_500));
        assert_eq!(length(&"x".repeat(8_000)), Length::Near(8_000));
        assert_eq!(length(&"x".repeat(8_212)), Length::Over(212));
    }
}
