//! The place in a room where one reads goes with the entry of the browser's history, so that Back and Forward lead to it.

use client::Input;
use leptos::prelude::*;
use protocol::{RoomId, Seq};

use super::{
    Live,
    drive::set_if_new,
    timeline::{TIMELINE, Wanted},
};
use crate::route::Route;

/// How long after one scrolled the place is noted, in milliseconds: Safari takes no more than 100 notes in 30 s.
const NOTE_MS: u64 = 350;

/// A message, and how far its upper edge is below that of the view, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) seq: Seq,
    pub(super) top: i32,
}

impl Reading {
    fn parse(note: &str) -> Option<Self> {
        let (seq, top) = note.split_once(' ')?;
        Some(Self {
            seq: seq.parse().ok()?,
            top: top.parse().ok()?,
        })
    }

    fn note(self) -> String {
        format!("{} {}", self.seq, self.top)
    }
}

impl Live {
    /// Notes soon where one reads, once for all scrolling until then.
    pub(super) fn note_place_soon(self) {
        let noting = self.timeline().noting;
        if noting.get_value() {
            return;
        }
        self.ui().browser(|browser| {
            noting.set_value(true);
            let note = move || {
                noting.set_value(false);
                self.note_place();
            };
            browser.after(NOTE_MS, Box::new(note));
        });
    }

    /// Notes where one reads. Whoever is at the end of the room has no place but that.
    pub(crate) fn note_place(self) {
        // What is on its way to a place is not there yet, nor is a page that does not live.
        let ready = self.ui().alive.get_untracked() && self.timeline().wanted.get_value().is_none();
        if !ready || !matches!(self.route().get_untracked(), Route::Room(..)) {
            return;
        }
        let place = (!self.timeline().at_end.get_untracked()).then(|| self.reading());
        match place {
            // Nothing of the timeline is shown: what was noted holds.
            Some(None) => {}
            place => {
                let note = place.flatten().map(Reading::note);
                self.ui().browser(|browser| browser.note(note.as_deref()));
            }
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a place in the window, in whole pixels"
    )]
    fn reading(self) -> Option<Reading> {
        let seq = self.timeline().view.get_value()?.first;
        let id = self.timeline().key_of(seq)?.to_string();
        let place = self.ui().browser(|browser| browser.place(&id, TIMELINE));
        let top = place.flatten()?.top.round() as i32;
        Some(Reading { seq, top })
    }

    /// Where one read when one left this entry of the history.
    pub(super) fn noted(self) -> Option<Reading> {
        let note = self.ui().browser(|browser| browser.noted());
        Reading::parse(&note.flatten()?)
    }

    /// Back to where one read.
    pub(super) fn return_to(self, room: RoomId, reading: Reading) {
        self.timeline()
            .wanted
            .set_value(Some(Wanted::Place(room, reading)));
        set_if_new(self.timeline().at_end, false);
        if !self.reach_wanted(room) {
            let seq = reading.seq;
            self.input(Input::LoadAround { room, seq });
            self.see_timeline(room);
        }
    }

    pub(super) fn reach_place(self, reading: Reading) -> bool {
        let Some(key) = self.timeline().key_of(reading.seq) else {
            return false;
        };
        self.ui().browser(|browser| {
            browser.put_row(TIMELINE, &key.to_string(), reading.top.into());
        });
        self.look_soon();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_noted_and_nothing_else_is() {
        for (seq, top) in [(1, 0), (351, -20), (u64::MAX, i32::MIN)] {
            let reading = Reading { seq, top };
            assert_eq!(Reading::parse(&reading.note()), Some(reading));
        }
        for note in ["", "1", "1 ", " 1", "-1 1", "1 1.5", "1 1 1", "a b"] {
            assert_eq!(Reading::parse(note), None, "{note:?}");
        }
    }
}
