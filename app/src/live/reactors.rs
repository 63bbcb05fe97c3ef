//! Who gives a reaction, told beside it: asked for when the pointer rests on it, or it has the focus of the keyboard.

use leptos::prelude::*;
use protocol::{Reaction, ReactionList, RoomId, Seq, UserSummary};

use super::{Live, drive::set_if_new};
use crate::text::isolated;

/// How long the pointer rests on a reaction before its people are told, in milliseconds.
const REST_MS: u64 = 350;
/// How long they stay once it is gone, in milliseconds: time to move onto them.
const LEAVE_MS: u64 = 200;
/// Most names that are told; the rest is a number.
const MAX_NAMES: usize = 10;

/// A reaction: the message, all that it has, and which of them.
#[derive(Clone)]
pub(crate) struct Given {
    /// The message.
    pub(crate) of: (RoomId, Seq),
    /// All reactions to it, as they stand.
    pub(crate) all: Vec<Reaction>,
    /// This one's emoji.
    pub(crate) emoji: String,
    /// The id of the element that tells who gives it.
    pub(crate) id: String,
}

/// What was told last: of which message, with which reactions. It holds as long as they stay.
type KnownReactors = Option<((RoomId, Seq), Vec<Reaction>, ReactionList)>;

/// What is told of who reacted. One reaction at a time, of one message.
#[derive(Clone, Copy)]
pub(crate) struct ReactorSignals {
    /// The id of the element that is shown; empty is none.
    pub(crate) shown: RwSignal<String>,
    /// What it says.
    pub(crate) says: RwSignal<String>,
    told: StoredValue<KnownReactors>,
    /// Changes with each move, so that a timer or an answer knows whether it is still wanted.
    turn: StoredValue<u32>,
}

impl ReactorSignals {
    pub(super) fn new() -> Self {
        Self {
            shown: RwSignal::new(String::new()),
            says: RwSignal::new(String::new()),
            told: StoredValue::new(None),
            turn: StoredValue::new(0),
        }
    }

    fn begin(self) -> u32 {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        turn
    }
}

/// Tells who reacted. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Reactors(pub(super) Live);

impl Reactors {
    /// The pointer or the focus came to a reaction: it is told soon who gives it.
    pub(crate) fn come(self, given: Given) {
        let signals = self.0.reactor_signals();
        if signals.shown.with_untracked(|shown| *shown != given.id) {
            self.close();
        }
        let turn = signals.begin();
        self.later(REST_MS, turn, move || self.tell(given, turn));
    }

    /// The pointer or the focus left it.
    pub(crate) fn leave(self) {
        let turn = self.0.reactor_signals().begin();
        self.later(LEAVE_MS, turn, move || {
            self.close();
        });
    }

    /// Whether what was told is of these reactions.
    pub(crate) fn is_told(self, given: &[Reaction]) -> bool {
        let told = self.0.reactor_signals().told;
        told.with_value(|told| told.as_ref().is_some_and(|(_, all, _)| all == given))
    }

    /// Shows nothing any more. Whether something was shown.
    pub(crate) fn close(self) -> bool {
        let signals = self.0.reactor_signals();
        signals.begin();
        let open = !signals.shown.with_untracked(String::is_empty);
        set_if_new(signals.shown, String::new());
        open
    }

    fn later(self, ms: u64, turn: u32, then: impl FnOnce() + 'static) {
        let due = move || {
            if self.is(turn) {
                then();
            }
        };
        self.0
            .ui()
            .browser(|browser| browser.after(ms, Box::new(due)));
    }

    fn is(self, turn: u32) -> bool {
        self.0.reactor_signals().turn.try_get_value() == Some(turn)
    }

    fn tell(self, given: Given, turn: u32) {
        if self.show(&given) {
            return;
        }
        let (room, seq) = given.of;
        let path = format!("/rooms/{room}/messages/{seq}/reactions");
        self.0.api().get(&path, move |answer| {
            let Ok(list) = answer else { return };
            let told = Some((given.of, given.all.clone(), list));
            self.0.reactor_signals().told.set_value(told);
            if self.is(turn) {
                self.show(&given);
            }
        });
    }

    /// Shows it, if it is known.
    fn show(self, given: &Given) -> bool {
        let signals = self.0.reactor_signals();
        let says = signals.told.with_value(|told| {
            let (of, all, list) = told.as_ref()?;
            if (*of, all) != (given.of, &given.all) {
                return None;
            }
            let now = all.iter().find(|one| one.emoji == given.emoji)?;
            let by = list.reactions.iter().find(|one| one.emoji == given.emoji);
            Some(self.says(now, by.map_or(&[], |one| &one.users)))
        });
        let known = says.is_some();
        if let Some(says) = says {
            signals.says.set(says);
            signals.shown.set(given.id.clone());
        }
        known
    }

    /// "You, Ngozi Adeyemi, 周明 and 8 more".
    fn says(self, now: &Reaction, by: &[UserSummary]) -> String {
        let words = self.0.ui().words;
        let me = self.0.me().with_untracked(|me| me.id);
        let mut names = Vec::with_capacity(MAX_NAMES);
        if now.mine {
            names.push(words.rooms.you.to_owned());
        }
        let others = by.iter().filter(|user| user.id != me);
        for user in others.take(MAX_NAMES - names.len()) {
            names.push(isolated(&user.display_name).into_owned());
        }
        let more = u64::from(now.count).saturating_sub(names.len() as u64);
        (words.message.given_by)(&names, more)
    }
}
