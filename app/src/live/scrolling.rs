//! Scrolling: what is near the view is drawn and loaded, what is seen is read, and the ways to other places.

use client::{
    Edge, InView, Input, Load,
    rows::{RowKey, RowKind},
};
use leptos::prelude::*;
use protocol::{RoomId, Seq};

use super::{
    Live,
    drive::set_if_new,
    row_cells::RowCell,
    timeline::{Destination, HALF, TIMELINE},
};
use crate::ports::{ElementPlace, Scroll};

/// So near to the end, in CSS pixels, the newest message is in view.
const NEAR: f64 = 48.0;
/// Rows are drawn and loaded before they come so near to the view, in CSS pixels; on a tall window a whole view.
const AHEAD: f64 = 800.0;
/// The least height of a row in CSS pixels, by which a tall window has more of them.
const ROW: f64 = 16.0;

/// Moving in the open room: what is loaded and drawn ahead, jumps, and what was missed. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Scroller(pub(super) Live);

impl Scroller {
    /// Looks soon what is in view, once for all that changes until then.
    pub(super) fn look_soon(self) {
        let looking = self.0.timeline().looking;
        if looking.get_value() {
            return;
        }
        self.0.ui().browser(|browser| {
            looking.set_value(true);
            let look = move || {
                looking.set_value(false);
                self.look_around();
            };
            browser.after(0, Box::new(look));
        });
    }

    /// The timeline was scrolled, or its rows changed: what is near the view is drawn and loaded, what was seen is read.
    pub(crate) fn look_around(self) {
        let Some(room) = self.0.route().get_untracked().room() else {
            return;
        };
        let scroll = self
            .0
            .ui()
            .browser(|browser| browser.scroll(self.0.own(TIMELINE)));
        let Some(scroll) = scroll.flatten() else {
            return;
        };
        let timeline = self.0.timeline();
        let extent = timeline.extent.get_untracked();
        let near_end = scroll.below < NEAR && !extent.below;
        set_if_new(timeline.at_end, near_end);
        if near_end {
            set_if_new(timeline.below, 0);
        }
        self.tell_view(room, near_end);
        self.0.view().note_place_soon();
        self.0.lookups().ask_unknown();
        if self.draw_ahead(room, &scroll) {
            return;
        }
        if extent.more
            && !extent.above
            && extent.load == Load::Idle
            && scroll.above < ahead(&scroll)
        {
            self.load_above(room);
        }
        self.fill_gaps(room);
    }

    /// What is older than all that is held. Whoever went to the head of a thread reads on from there: what is far below is loaded once they
    /// come near it.
    fn load_above(self, room: RoomId) {
        let root = self.0.root().filter(|_| self.at_head().is_some());
        self.0.driver().input(match root {
            Some(seq) => Input::LoadAround { room, seq },
            None => Input::LoadOlder(room),
        });
    }

    /// The row of the first message of a thread, while that has the focus and is in view.
    pub(super) fn at_head(self) -> Option<String> {
        let timeline = self.0.timeline();
        let root = self.0.root().filter(|_| self.0.in_thread())?;
        let focused = timeline.focused.get_value()?;
        let head = (timeline.key_of(root) == Some(focused)).then(|| timeline.id(focused))?;
        let place = self
            .0
            .ui()
            .browser(|browser| browser.place(&head, self.0.own(TIMELINE)));
        let seen = |place: ElementPlace| place.bottom > 0.0 && place.top < place.view;
        place.flatten().is_some_and(seen).then_some(head)
    }

    /// The rows are about to change: whoever has just scrolled away from the end is no longer there, and must not be put back to it.
    /// The event comes a frame later.
    pub(super) fn look_for_end(self) {
        let left = self
            .0
            .ui()
            .browser(|browser| browser.has_left_end(self.0.own(TIMELINE)));
        if left == Some(true) {
            set_if_new(self.0.timeline().at_end, false);
        }
    }

    /// Draws what is held near the view. Whether that was something else than is drawn.
    fn draw_ahead(self, room: RoomId, scroll: &Scroll) -> bool {
        let timeline = self.0.timeline();
        let (above, below) = timeline
            .extent
            .with_untracked(|extent| (extent.above, extent.below));
        let near =
            (above && scroll.above < ahead(scroll)) || (below && scroll.below < ahead(scroll));
        if !near {
            return false;
        }
        timeline.half.set_value(half(scroll.view));
        let before = timeline.window.get_value();
        let window = self.0.session().with_value(|session| {
            let view = self.0.seen(session, room)?;
            Some(self.0.view().around(&view, timeline.half.get_value()))
        });
        let Some(window) = window.filter(|window| *window != before) else {
            return false;
        };
        timeline.window.set_value(window);
        self.0.view().see_timeline(room);
        true
    }

    /// Tells what is in view, when that changed.
    fn tell_view(self, room: RoomId, end: bool) {
        let ids = self
            .0
            .ui()
            .browser(|browser| browser.in_view(self.0.own(TIMELINE)));
        let Some((first, last)) = ids.flatten() else {
            return;
        };
        let Some((first, last, whole)) = self.0.timeline().rows.with_untracked(|rows| {
            let at = |id: &str| {
                rows.iter()
                    .position(|cell| self.0.timeline().id(cell.key) == id)
            };
            let (first, last) = (at(&first)?, at(&last)?);
            let shown = rows.get(first..=last)?;
            let first = shown.iter().find_map(place)?;
            // Beside the head of a thread what stands below a gap may be in view.
            let whole = !shown.iter().any(|cell| matches!(cell.key, RowKey::Gap(_)));
            Some((first, shown.iter().rev().find_map(place)?, whole))
        }) else {
            return;
        };
        let seen = self
            .0
            .ui()
            .browser(|browser| browser.attentive())
            .unwrap_or_default();
        let view = InView {
            first,
            last,
            end,
            // What the server drew stands there until one is back at one's place.
            seen: seen
                && whole
                && self.is_mine()
                && self.0.ui().alive.get_untracked()
                && !self.0.view().returns(room),
        };
        // What was drawn anew may stand without a hole before it only now.
        let drawn = self.0.timeline().drawn;
        if drawn.get_value() || self.0.timeline().view.get_value() != Some(view) {
            drawn.set_value(false);
            self.0.timeline().view.set_value(Some(view));
            self.0.driver().input(Input::InView { room, view });
        }
    }

    fn is_mine(self) -> bool {
        self.0
            .open()
            .with_untracked(|open| open.as_ref().is_some_and(|open| open.member))
    }

    /// Gaps load when they come within a screen of the view, from the end that is nearer.
    fn fill_gaps(self, room: RoomId) {
        let gaps: Vec<(RowKey, Seq)> = self.0.timeline().rows.with_untracked(|rows| {
            let gap = |cell: &RowCell| match cell.kind.get_untracked() {
                RowKind::Gap(gap) if gap.load == Load::Idle => Some((cell.key, gap.after)),
                _ => None,
            };
            rows.iter().filter_map(gap).collect()
        });
        for (key, after) in gaps {
            let place = self
                .0
                .ui()
                .browser(|browser| browser.place(&self.0.timeline().id(key), self.0.own(TIMELINE)))
                .flatten();
            let Some(place) = place else { continue };
            if place.bottom > -place.view && place.top < 2.0 * place.view {
                let edge = if place.top + place.bottom < place.view {
                    Edge::Bottom
                } else {
                    Edge::Top
                };
                self.0.driver().input(Input::FillGap { room, after, edge });
            }
        }
    }

    /// To the newest message. Where it is not held, it is loaded; what is between is not.
    pub(crate) fn to_end(self) {
        let Some(room) = self.0.route().get_untracked().room() else {
            return;
        };
        self.0
            .timeline()
            .wanted
            .set_value(Some(Destination::End(room)));
        self.0.driver().input(Input::LoadNewest(room));
        self.0.view().see_timeline(room);
    }

    /// To a message: it is brought to the middle of the view, tinted, and gets the focus, if that is not elsewhere by then.
    pub(crate) fn jump(self, room: RoomId, seq: Seq) {
        self.0.timeline().turn.set_value(self.0.ui().focus_turn());
        self.0
            .timeline()
            .wanted
            .set_value(Some(Destination::Message(room, seq)));
        // Where it is at the end, that is seen once it is in view.
        set_if_new(self.0.timeline().at_end, false);
        if !self.reach_wanted(room) {
            self.0.driver().input(Input::LoadAround { room, seq });
            self.0.view().see_timeline(room);
        }
    }

    /// A room was opened: whoever has something unread begins there, if that is near.
    pub(super) fn begin_at_new(self, room: RoomId) {
        self.0
            .timeline()
            .wanted
            .set_value(Some(Destination::New(room)));
        self.reach_wanted(room);
    }

    /// Goes where one wants to go, if that is drawn now. Whether it is.
    pub(super) fn reach_wanted(self, room: RoomId) -> bool {
        let timeline = self.0.timeline();
        let reached = match timeline.wanted.get_value() {
            Some(Destination::Message(wanted, seq)) if wanted == room => self.reach_message(seq),
            Some(Destination::New(wanted)) if wanted == room => self.reach_new(room),
            Some(Destination::End(wanted)) if wanted == room => self.reach_end(room),
            Some(Destination::Place(wanted, reading)) if wanted == room => {
                self.0.view().reach_place(room, reading)
            }
            _ => false,
        };
        if reached {
            timeline.wanted.set_value(None);
        }
        reached
    }

    fn reach_message(self, seq: Seq) -> bool {
        let timeline = self.0.timeline();
        let Some(cell) = timeline.key_of(seq).and_then(|key| timeline.cell(key)) else {
            return false;
        };
        timeline.activate(cell.key);
        cell.selected.set(true);
        let id = timeline.id(cell.key);
        self.0.ui().browser(|browser| {
            browser.reveal(&id);
            browser.focus_since(timeline.turn.get_value(), &id);
            browser.after(2_000, Box::new(move || cell.selected.set(false)));
        });
        true
    }

    fn reach_end(self, room: RoomId) -> bool {
        let holds = self.0.session().with_value(|session| {
            self.0
                .seen(session, room)
                .is_some_and(|view| view.holds_end())
        });
        if !holds
            || self
                .0
                .timeline()
                .extent
                .with_untracked(|extent| extent.below)
        {
            return false;
        }
        set_if_new(self.0.timeline().at_end, true);
        self.0
            .ui()
            .browser(|browser| browser.hold_place(self.0.own(TIMELINE), true));
        self.look_soon();
        true
    }

    /// The first page of an opened room is there. What is new in it begins in view; where that is farther up, it is told.
    fn reach_new(self, room: RoomId) -> bool {
        if !self
            .0
            .timeline()
            .extent
            .with_untracked(|extent| extent.loaded)
        {
            return false;
        }
        self.0
            .ui()
            .browser(|browser| browser.after(0, Box::new(move || self.open_at_new(room))));
        true
    }

    fn open_at_new(self, room: RoomId) {
        let new = self.0.timeline().id(RowKey::New);
        let scroll = self
            .0
            .ui()
            .browser(|browser| browser.scroll(self.0.own(TIMELINE)));
        let place = self
            .0
            .ui()
            .browser(|browser| browser.place(&new, self.0.own(TIMELINE)))
            .flatten();
        match (place, scroll.flatten()) {
            (Some(place), Some(scroll)) if place.top < 0.0 && scroll.below < NEAR => {
                self.0.ui().browser(|browser| browser.reveal_below(&new));
                self.look_soon();
            }
            (Some(_), _) => {}
            (None, _) => self.see_missed(room),
        }
    }

    /// A message that was looked for is held now, or is not to be had.
    pub(super) fn located(self, room: RoomId, seq: Seq, found: bool) {
        let wanted = self.0.timeline().wanted.get_value();
        let message = wanted == Some(Destination::Message(room, seq));
        let place = matches!(wanted, Some(Destination::Place(one, reading)) if (one, reading.seq) == (room, seq));
        if !message && !place {
            return;
        }
        if found {
            self.0.view().see_timeline(room);
        }
        if self.0.timeline().wanted.get_value() == wanted {
            self.0.timeline().wanted.set_value(None);
            if message {
                self.0.navigation().seek(room, seq);
            }
        }
    }
}

/// The place of a row's message, where it has one.
fn place(cell: &RowCell) -> Option<Seq> {
    cell.kind.with_untracked(|kind| match kind {
        RowKind::Message { message, .. } => message.seq,
        _ => None,
    })
}

/// How near to the view rows are drawn, in CSS pixels.
fn ahead(scroll: &Scroll) -> f64 {
    scroll.view.max(AHEAD)
}

/// Entries on each side of where one reads, for a view of this height: enough for a view and what is ahead of it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the height of a window, cut to what is drawn"
)]
fn half(view: f64) -> usize {
    ((view / ROW) as usize).clamp(HALF, 2 * HALF)
}
