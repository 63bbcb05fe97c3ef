//! Saved messages: which are, saving one and letting go of it.

use leptos::prelude::*;
use protocol::{ErrorCode, SavedChange, SavedPlace, SavedPlaces, features, limits::SAVED};
use serde::de::IgnoredAny;

use super::{Live, api::bare};

/// What is known of the saved messages.
#[derive(Clone, Copy)]
pub(crate) struct SavedSignals {
    state: StoredValue<SavedState>,
    /// Grows with what is known.
    version: RwSignal<u64>,
    /// Grows when a message was saved, or is saved no longer.
    heard: RwSignal<u64>,
}

#[derive(Default)]
struct SavedState {
    /// Where they are, at most [`SAVED`]; none until it was asked.
    places: Option<Vec<SavedPlace>>,
    /// What was heard since it was asked; none while it is not.
    since: Option<Vec<SavedChange>>,
    /// The newest request: older answers are dropped.
    turn: u32,
    /// What is to be saved, or let go of, once it is known whether it is.
    wanted: Option<SavedPlace>,
}

impl SavedSignals {
    pub(super) fn new() -> Self {
        Self {
            state: StoredValue::new(SavedState::default()),
            version: RwSignal::new(0),
            heard: RwSignal::new(0),
        }
    }

    fn of<T>(self, of: impl FnOnce(&mut SavedState) -> T) -> Option<T> {
        self.state.try_update_value(of)
    }
}

/// What one does with saved messages. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct SavedActions(pub(super) Live);

impl SavedActions {
    /// Asks which messages are saved, where that could not be had before.
    pub(crate) fn need(self) {
        let unknown = |state: &SavedState| state.places.is_none() && state.since.is_none();
        if self.0.saved().state.with_value(unknown) {
            self.load();
        }
    }

    /// There is a connection, or there is one again: which are saved is asked, once more where it is known from before.
    pub(super) fn online_again(self) {
        if self.0.rights().understands(features::SAVED) {
            self.load();
        }
    }

    fn load(self) {
        let signals = self.0.saved();
        let mine = signals.of(|state| {
            state.since = Some(Vec::new());
            state.turn = state.turn.wrapping_add(1);
            state.turn
        });
        self.0
            .api()
            .get("/saved?ids=1", move |answer: Result<SavedPlaces, _>| {
                if signals.of(|state| state.turn) != mine {
                    return;
                }
                let known = answer.is_ok();
                let wanted = signals.of(|state| {
                    let since = state.since.take();
                    if let Ok(told) = answer {
                        let mut places = told.saved;
                        for change in since.unwrap_or_default() {
                            apply(&mut places, change);
                        }
                        state.places = Some(places);
                    }
                    state.wanted.take()
                });
                signals.version.update(|version| *version += 1);
                match wanted.flatten() {
                    Some(place) if known => self.toggle(place),
                    Some(_) => self.0.api().complain(),
                    None => {}
                }
            });
    }

    /// Whether a message is saved; none while that is not known.
    fn holds(self, place: SavedPlace) -> Option<bool> {
        let signals = self.0.saved();
        signals.version.track();
        let holds = |state: &SavedState| Some(state.places.as_ref()?.contains(&place));
        signals.state.with_value(holds)
    }

    /// Whether a message is saved, as far as it is known.
    pub(crate) fn is_saved(self, place: SavedPlace) -> bool {
        self.holds(place) == Some(true)
    }

    /// Whether a message is known to be saved no longer.
    pub(super) fn is_gone(self, place: SavedPlace) -> bool {
        self.holds(place) == Some(false)
    }

    /// How often something was saved, or let go of, while the page is open.
    pub(super) fn changes(self) -> u64 {
        self.0.saved().heard.get()
    }

    /// Saves a message, or lets go of one that is saved.
    pub(crate) fn toggle(self, place: SavedPlace) {
        if let Some(on) = untrack(|| self.holds(place)) {
            self.set(place, !on);
        } else {
            self.0.saved().of(|state| state.wanted = Some(place));
            self.need();
        }
    }

    /// Saves a message, or lets go of it.
    pub(crate) fn set(self, place: SavedPlace, on: bool) {
        let SavedPlace { room, seq } = place;
        let method = if on { "PUT" } else { "DELETE" };
        let request = bare(method, &format!("/saved/{room}/{seq}"));
        self.0
            .ui()
            .ask(request, move |answer: Result<IgnoredAny, _>| {
                let words = self.0.ui().words;
                let tells = self.0.announcements();
                match answer {
                    Ok(_) => {
                        self.heard(SavedChange { room, seq, on });
                        if on {
                            tells.toast(words.personal.was_saved);
                        } else {
                            tells.toast_unsaved(place);
                        }
                    }
                    Err(why) if why.code == ErrorCode::Conflict => {
                        tells.toast_bad(&(words.personal.full)(u64::from(SAVED)));
                    }
                    Err(why) if why.code == ErrorCode::NotFound => {
                        tells.toast_bad(words.message.gone);
                    }
                    Err(_) => self.0.api().complain(),
                }
            });
    }

    /// A message was saved, or is saved no longer: here or elsewhere.
    pub(super) fn heard(self, change: SavedChange) {
        let signals = self.0.saved();
        signals.of(|state| {
            if let Some(since) = &mut state.since {
                since.push(change);
            }
            if let Some(places) = &mut state.places {
                apply(places, change);
            }
        });
        signals.version.update(|version| *version += 1);
        signals.heard.update(|heard| *heard += 1);
    }
}

/// What was saved last comes first, as the server lists them.
fn apply(places: &mut Vec<SavedPlace>, SavedChange { room, seq, on }: SavedChange) {
    let place = SavedPlace { room, seq };
    places.retain(|one| *one != place);
    if on {
        places.insert(0, place);
    }
}
