//! The open room's timeline: rows that are each a signal, where one is in it, what to load.

use std::collections::HashMap;

use client::{
    Edge, Input, Item, Load,
    rows::{self, RowKey, RowKind, Setting},
};
use leptos::prelude::*;
use protocol::{RoomId, Seq};

use super::{Live, drive::set_if_new};

/// The id of the element that scrolls.
pub(crate) const TIMELINE: &str = "timeline";

/// A row: its name among the rows stays, what it shows may change.
#[derive(Clone, Debug)]
pub(crate) struct RowCell {
    /// Its name.
    pub(crate) key: RowKey,
    /// What it shows.
    pub(crate) kind: ArcRwSignal<RowKind>,
    /// Whether it is the row in use: it has the toolbar, and the tab stop.
    pub(crate) active: ArcRwSignal<bool>,
    /// Whether a link opened it.
    pub(crate) selected: ArcRwSignal<bool>,
}

/// What is known of the timeline as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Whether the first page is there.
    pub(crate) loaded: bool,
    /// Whether there are older messages.
    pub(crate) more: bool,
    /// How loading of the first page or of older messages goes.
    pub(crate) load: Load,
    /// Whether there is no row but what the server noted.
    pub(crate) empty: bool,
    /// The newest entry that is held.
    pub(crate) last: Seq,
}

/// The timeline as signals.
#[derive(Clone, Copy)]
pub(crate) struct TimelineSignals {
    /// The rows, oldest first.
    pub(crate) rows: RwSignal<Vec<RowCell>>,
    /// The whole.
    pub(crate) extent: RwSignal<Extent>,
    /// The row in use.
    pub(crate) active: RwSignal<Option<RowKey>>,
    /// Whether the newest end is in view.
    pub(crate) at_end: RwSignal<bool>,
    /// New messages below the view.
    pub(crate) below: RwSignal<u64>,
    /// The message to go to as soon as it is held.
    wanted: StoredValue<Option<(RoomId, Seq)>>,
    /// The newest note that was drawn; none before the first drawing.
    notes: StoredValue<Option<Seq>>,
}

impl TimelineSignals {
    pub(super) fn new() -> Self {
        Self {
            rows: RwSignal::new(Vec::new()),
            extent: RwSignal::new(Extent::default()),
            active: RwSignal::new(None),
            at_end: RwSignal::new(true),
            below: RwSignal::new(0),
            wanted: StoredValue::new(None),
            notes: StoredValue::new(None),
        }
    }

    /// Another room.
    pub(super) fn reset(self) {
        self.rows.set(Vec::new());
        self.extent.set(Extent::default());
        self.active.set(None);
        self.at_end.set(true);
        self.below.set(0);
        self.wanted.set_value(None);
        self.notes.set_value(None);
    }

    /// The row of a message.
    fn key_of(self, wanted: Seq) -> Option<RowKey> {
        self.find(
            |kind| matches!(kind, RowKind::Message { message, .. } if message.seq == Some(wanted)),
        )
    }

    /// The newest row that fits.
    pub(crate) fn find(self, fits: impl Fn(&RowKind) -> bool) -> Option<RowKey> {
        self.rows.with_untracked(|rows| {
            rows.iter()
                .rev()
                .find(|cell| cell.kind.with_untracked(&fits))
                .map(|cell| cell.key)
        })
    }

    fn cell(self, key: RowKey) -> Option<RowCell> {
        self.rows
            .with_untracked(|rows| rows.iter().find(|cell| cell.key == key).cloned())
    }

    /// What a row shows now.
    pub(crate) fn kind(self, key: RowKey) -> Option<RowKind> {
        self.cell(key).map(|cell| cell.kind.get_untracked())
    }

    /// Puts a row in use.
    pub(crate) fn activate(self, key: RowKey) {
        let before = self.active.get_untracked();
        if before == Some(key) {
            return;
        }
        if let Some(cell) = before.and_then(|before| self.cell(before)) {
            cell.active.set(false);
        }
        if let Some(cell) = self.cell(key) {
            cell.active.set(true);
            self.active.set(Some(key));
        }
    }
}

impl Live {
    /// Draws the timeline of the open room. Rows that stay keep their elements.
    pub(super) fn see_timeline(self, room: RoomId) {
        let timeline = self.timeline();
        let (zone, me) = (
            self.clock().with_untracked(|clock| clock.zone.clone()),
            self.me().with_untracked(|me| me.id),
        );
        let drawn = self.session().with_value(|session| {
            let view = session.room(room)?;
            let held = view.timeline();
            let rows = rows::rows(
                &held,
                &Setting {
                    zone,
                    me: Some(me),
                    new: view.new_mark(),
                },
            );
            let extent = Extent {
                loaded: held.loaded,
                more: held.more,
                load: held.load.clone(),
                empty: !rows
                    .iter()
                    .any(|row| matches!(row.kind, RowKind::Message { .. } | RowKind::Gap(_))),
                last: held
                    .items
                    .iter()
                    .rev()
                    .find_map(last_seq)
                    .unwrap_or_default(),
            };
            Some((rows, extent))
        });
        let Some((rows, extent)) = drawn else {
            // One is no longer in this room: what was not sent stands elsewhere.
            timeline.rows.update(|rows| {
                rows.retain(|cell| {
                    cell.kind.with_untracked(|kind| match kind {
                        RowKind::Message { message, .. } => message.seq.is_some(),
                        _ => true,
                    })
                });
            });
            return;
        };
        self.note_members(room, &rows);
        update_cells(timeline.rows, rows);
        set_if_new(timeline.extent, extent);
        self.reach_wanted(room);
        self.ui()
            .browser(|browser| browser.after(0, Box::new(move || self.look_around())));
    }

    /// Who comes and goes is noted in the log: the list of people follows it.
    fn note_members(self, room: RoomId, rows: &[rows::Row]) {
        let newest = rows.iter().rev().find_map(|row| match row.key {
            RowKey::Note(seq) => Some(seq),
            _ => None,
        });
        let (newest, before) = (
            newest.unwrap_or_default(),
            self.timeline().notes.get_value(),
        );
        self.timeline()
            .notes
            .set_value(Some(newest.max(before.unwrap_or_default())));
        if before.is_some_and(|before| newest > before) {
            self.load_members(room);
        }
    }

    /// The timeline was scrolled, or its rows changed: what is near the view is loaded, what was seen is read.
    pub(crate) fn look_around(self) {
        let Some(room) = self.route().get_untracked().room() else {
            return;
        };
        let Some(scroll) = self
            .ui()
            .browser(|browser| browser.scroll(TIMELINE))
            .flatten()
        else {
            return;
        };
        let near_end = scroll.below < 48.0;
        set_if_new(self.timeline().at_end, near_end);
        let extent = self.timeline().extent.get_untracked();
        if extent.more && extent.load == Load::Idle && scroll.above < scroll.view.max(800.0) {
            self.input(Input::LoadOlder(room));
        }
        self.fill_gaps(room);
        if near_end {
            set_if_new(self.timeline().below, 0);
            self.read_all(room);
        }
    }

    /// Gaps load when they come within a screen of the view, from the end that is nearer.
    fn fill_gaps(self, room: RoomId) {
        let gaps: Vec<(RowKey, Seq)> = self.timeline().rows.with_untracked(|rows| {
            let gap = |cell: &RowCell| match cell.kind.get_untracked() {
                RowKind::Gap(gap) if gap.load == Load::Idle => Some((cell.key, gap.after)),
                _ => None,
            };
            rows.iter().filter_map(gap).collect()
        });
        for (key, after) in gaps {
            let place = self
                .ui()
                .browser(|browser| browser.place(&key.to_string(), TIMELINE))
                .flatten();
            let Some(place) = place else { continue };
            if place.bottom > -place.view && place.top < 2.0 * place.view {
                let edge = if place.top + place.bottom < place.view {
                    Edge::Bottom
                } else {
                    Edge::Top
                };
                self.input(Input::FillGap { room, after, edge });
            }
        }
    }

    /// What is in view, with somebody before it, is read.
    pub(crate) fn read_all(self, room: RoomId) {
        let seq = self.timeline().extent.with_untracked(|extent| extent.last);
        let member = self
            .open()
            .with_untracked(|open| open.as_ref().is_some_and(|open| open.member));
        let attentive = self
            .ui()
            .browser(|browser| browser.attentive())
            .unwrap_or_default();
        if member && attentive && seq > 0 && self.timeline().at_end.get_untracked() {
            self.input(Input::Read { room, seq });
        }
    }

    /// To the newest message.
    pub(crate) fn to_end(self) {
        self.ui().browser(|browser| browser.to_end(TIMELINE));
        self.look_around();
    }

    /// To a message: it is brought to the middle of the view, tinted, and gets the focus.
    pub(crate) fn jump(self, room: RoomId, seq: Seq) {
        self.timeline().wanted.set_value(Some((room, seq)));
        if !self.reach_wanted(room) {
            self.input(Input::LoadAround { room, seq });
        }
    }

    fn reach_wanted(self, room: RoomId) -> bool {
        let Some((wanted_room, seq)) = self.timeline().wanted.get_value() else {
            return false;
        };
        let Some(key) = self.timeline().key_of(seq).filter(|_| wanted_room == room) else {
            return false;
        };
        self.timeline().wanted.set_value(None);
        let Some(cell) = self.timeline().cell(key) else {
            return false;
        };
        self.timeline().activate(key);
        cell.selected.set(true);
        let id = key.to_string();
        self.ui().browser(|browser| {
            browser.reveal(&id);
            browser.focus(&id);
            browser.after(2_000, Box::new(move || cell.selected.set(false)));
        });
        true
    }

    /// A message that was looked for is held now, or is not to be had.
    pub(super) fn located(self, room: RoomId, seq: Seq, found: bool) {
        let wanted = self.timeline().wanted.get_value() == Some((room, seq));
        if wanted && !(found && self.reach_wanted(room)) {
            self.timeline().wanted.set_value(None);
            self.toast_bad(self.ui().words.message.gone);
        }
    }
}

fn last_seq(item: &Item) -> Option<Seq> {
    match item {
        Item::Message(message) => message.seq,
        Item::Note(note) => Some(note.seq),
        Item::Gap(gap) => Some(gap.after),
    }
}

/// Sets the rows: a row that was there keeps its signal, and the list changes only when its keys do.
fn update_cells(signal: RwSignal<Vec<RowCell>>, rows: Vec<rows::Row>) {
    let before = signal.get_untracked();
    let same = before.len() == rows.len()
        && before
            .iter()
            .zip(&rows)
            .all(|(cell, row)| cell.key == row.key);
    let mut known: HashMap<RowKey, RowCell> =
        before.into_iter().map(|cell| (cell.key, cell)).collect();
    let mut cells = Vec::with_capacity(rows.len());
    for row in rows {
        let cell = match known.remove(&row.key) {
            Some(cell) => {
                if cell.kind.with_untracked(|kind| *kind != row.kind) {
                    cell.kind.set(row.kind);
                }
                cell
            }
            None => RowCell {
                key: row.key,
                kind: ArcRwSignal::new(row.kind),
                active: ArcRwSignal::new(false),
                selected: ArcRwSignal::new(false),
            },
        };
        cells.push(cell);
    }
    if !same {
        signal.set(cells);
    }
}
