//! The place in a room where one reads goes with the entry of the browser's history, so that Back and Forward lead to it.

use client::Input;
use leptos::prelude::*;
use protocol::{RoomId, Seq};

use super::{
    drive::set_if_new,
    timeline::{Destination, TIMELINE, TimelineView},
};
use crate::route::Route;

/// How long after one scrolled the place is noted, in milliseconds: Safari takes no more than 100 notes in 30 s.
const NOTE_MS: u64 = 350;

/// A message, and how far its upper edge is above the lower edge of the view, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReadingPlace {
    pub(super) seq: Seq,
    pub(super) above: i32,
}

impl ReadingPlace {
    fn parse(note: &str) -> Option<Self> {
        let (seq, above) = note.split_once(' ')?;
        Some(Self {
            seq: seq.parse().ok()?,
            above: above.parse().ok()?,
        })
    }

    fn note(self) -> String {
        format!("{} {}", self.seq, self.above)
    }
}

impl TimelineView {
    /// Notes soon where one reads, once for all scrolling until then.
    pub(super) fn note_place_soon(self) {
        let noting = self.0.timeline().noting;
        if noting.get_value() {
            return;
        }
        self.0.ui().browser(|browser| {
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
        let ready =
            self.0.ui().alive.get_untracked() && self.0.timeline().wanted.get_value().is_none();
        if !ready
            || self.0.in_thread()
            || !matches!(self.0.route().get_untracked(), Route::Room(..))
        {
            return;
        }
        let place = (!self.0.timeline().at_end.get_untracked()).then(|| self.reading());
        match place {
            // Nothing of the timeline is shown: what was noted holds.
            Some(None) => {}
            place => {
                let note = place.flatten().map(ReadingPlace::note);
                self.0.ui().browser(|browser| browser.note(note.as_deref()));
            }
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a place in the window, in whole pixels"
    )]
    fn reading(self) -> Option<ReadingPlace> {
        // The one in the middle: around it what is loaded reaches as far up as down.
        let shown = self
            .0
            .ui()
            .browser(|browser| browser.by_middle(self.0.own(TIMELINE)))?;
        let stored = |(id, above): (String, f64)| {
            let seq = self.0.timeline().seq_of(&id)?;
            let above = above.round() as i32;
            Some(ReadingPlace { seq, above })
        };
        shown.into_iter().find_map(stored)
    }

    /// Where one read when one left this entry of the history.
    pub(super) fn noted(self) -> Option<ReadingPlace> {
        let note = self.0.ui().browser(|browser| browser.noted());
        ReadingPlace::parse(&note.flatten()?)
    }

    /// Back to where one read.
    pub(super) fn return_to(self, room: RoomId, reading: ReadingPlace) {
        self.0
            .timeline()
            .wanted
            .set_value(Some(Destination::Place(room, reading)));
        set_if_new(self.0.timeline().at_end, false);
        if !self.0.scroll().reach_wanted(room) {
            let seq = reading.seq;
            self.0.driver().input(Input::LoadAround { room, seq });
            self.see_timeline(room);
        }
    }

    /// Whether one is on the way to a place of the room: what is shown meanwhile was not asked for.
    pub(super) fn returns(self, room: RoomId) -> bool {
        matches!(self.0.timeline().wanted.get_value(), Some(Destination::Place(wanted, _)) if wanted == room)
    }

    pub(super) fn reach_place(self, room: RoomId, reading: ReadingPlace) -> bool {
        let Some(key) = self.0.timeline().key_of(reading.seq) else {
            return false;
        };
        self.0.ui().browser(|browser| {
            browser.put_row(
                self.0.own(TIMELINE),
                &self.0.timeline().id(key),
                reading.above.into(),
            );
            browser.after(0, Box::new(move || self.0.scroll().see_missed(room)));
        });
        self.0.scroll().look_soon();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_noted_and_nothing_else_is() {
        for (seq, above) in [(1, 0), (351, -20), (u64::MAX, i32::MIN)] {
            let reading = ReadingPlace { seq, above };
            assert_eq!(ReadingPlace::parse(&reading.note()), Some(reading));
        }
        for note in ["", "1", "1 ", " 1", "-1 1", "1 1.5", "1 1 1", "a b"] {
            assert_eq!(ReadingPlace::parse(note), None, "{note:?}");
        }
    }
}
