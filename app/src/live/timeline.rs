//! The open room's timeline: rows that are each a signal. Of a long room a part is drawn, the one around what is in view, so
//! that what a message costs does not grow with how many came before it.

use client::{
    Change, InView, Load, RoomView, Window,
    rows::{self, Row, RowKey, RowKind, Setting},
};
use leptos::prelude::*;
use protocol::{RoomId, Seq};

use super::{
    Live,
    drive::set_if_new,
    returning::ReadingPlace,
    row_cells::{RowCell, update_cells},
    thread_rows,
};

/// Most rows that are drawn: a row is about 30 nodes.
const MAX_ROWS: usize = 300;
/// Entries that are drawn on each side of where one reads; on a tall window more, as far as [`MAX_ROWS`] lets.
pub(super) const HALF: usize = 60;
/// Further entries that come or are loaded before those that are far from the view go.
const SLACK: usize = 40;

/// The id of the element that scrolls.
pub(crate) const TIMELINE: &str = "timeline";

/// What is known of the timeline as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub(crate) struct Extent {
    /// Whether the first page is there.
    pub(crate) loaded: bool,
    /// Whether there are older messages.
    pub(crate) more: bool,
    /// How loading of the first page or of older messages goes.
    pub(crate) load: Load,
    /// Whether there is no row but what the server noted.
    pub(crate) empty: bool,
    /// Whether held rows above the drawn ones are not drawn.
    pub(crate) above: bool,
    /// Whether held rows below the drawn ones are not drawn.
    pub(crate) below: bool,
}

/// Where one wants to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// To a message of a room: to the middle of the view, tinted.
    Message(RoomId, Seq),
    /// To the first message after the "New" line, when the room is opened: it and what follows is brought into view.
    New(RoomId),
    /// To the newest messages.
    End(RoomId),
    /// To where one read before.
    Place(RoomId, ReadingPlace),
}

/// The timeline as signals.
#[derive(Clone, Copy)]
pub(crate) struct TimelineSignals {
    /// What its rows' ids begin with: a message may stand in a room and beside it.
    prefix: &'static str,
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
    /// The part that is drawn.
    pub(super) window: StoredValue<Window>,
    /// How many entries on each side of where one reads.
    pub(super) half: StoredValue<usize>,
    /// What is in view, as it was told last.
    pub(super) view: StoredValue<Option<InView>>,
    /// Whether something was drawn since then.
    pub(super) drawn: StoredValue<bool>,
    /// Where to go as soon as it is held.
    pub(super) wanted: StoredValue<Option<Destination>>,
    /// Where the focus was when one wanted to go there.
    pub(super) turn: StoredValue<u32>,
    /// The row that has the focus.
    pub(crate) focused: StoredValue<Option<RowKey>>,
    /// The long messages that one asked to see whole; as long as the page lives, as rows come and go.
    pub(super) whole: RwSignal<Vec<RowKey>>,
    /// Whether it is to be looked what is in view.
    pub(super) looking: StoredValue<bool>,
    /// Whether it is to be drawn before the next paint.
    seeing: StoredValue<bool>,
    /// Whether it is to be noted where one reads.
    pub(super) noting: StoredValue<bool>,
    /// The newest note that was drawn; none before the first drawing.
    notes: StoredValue<Option<Seq>>,
}

impl TimelineSignals {
    pub(super) fn new(prefix: &'static str) -> Self {
        Self {
            prefix,
            rows: RwSignal::new(Vec::new()),
            extent: RwSignal::new(Extent::default()),
            active: RwSignal::new(None),
            at_end: RwSignal::new(true),
            below: RwSignal::new(0),
            window: StoredValue::new(Window::default()),
            half: StoredValue::new(HALF),
            view: StoredValue::new(None),
            drawn: StoredValue::new(false),
            wanted: StoredValue::new(None),
            turn: StoredValue::new(0),
            focused: StoredValue::new(None),
            whole: RwSignal::new(Vec::new()),
            looking: StoredValue::new(false),
            seeing: StoredValue::new(false),
            noting: StoredValue::new(false),
            notes: StoredValue::new(None),
        }
    }

    /// The id of a row's element.
    pub(crate) fn id(self, key: RowKey) -> String {
        format!("{}{key}", self.prefix)
    }

    /// Another room.
    pub(super) fn reset(self) {
        self.rows.set(Vec::new());
        self.extent.set(Extent::default());
        self.active.set(None);
        self.at_end.set(true);
        self.below.set(0);
        self.window.set_value(Window::default());
        self.view.set_value(None);
        self.wanted.set_value(None);
        self.notes.set_value(None);
    }

    /// The row of a message.
    pub(super) fn key_of(self, wanted: Seq) -> Option<RowKey> {
        self.find(
            |kind| matches!(kind, RowKind::Message { message, .. } if message.seq == Some(wanted)),
        )
    }

    /// The message of the row with this id, where it has one that is stored.
    pub(super) fn seq_of(self, id: &str) -> Option<Seq> {
        self.rows.with_untracked(|rows| {
            let cell = rows.iter().find(|cell| self.id(cell.key) == id)?;
            cell.kind.with_untracked(|kind| match kind {
                RowKind::Message { message, .. } => message.seq,
                _ => None,
            })
        })
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

    pub(super) fn cell(self, key: RowKey) -> Option<RowCell> {
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

/// What is drawn of the open room: its rows, what is folded, and the place that one returns to. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct TimelineView(pub(super) Live);

impl TimelineView {
    /// The message of a row, when it has one.
    pub(crate) fn message(self, key: RowKey) -> Option<std::sync::Arc<client::MessageView>> {
        match self.0.timeline().kind(key)? {
            RowKind::Message { message, .. } => Some(message),
            _ => None,
        }
    }

    /// The mouse is over a row: that is the row in use. Not while something matches `busy`: an open menu is about another row, and so
    /// is the keyboard where it is at work. A mouse that rests comes over rows that move.
    pub(crate) fn hover(self, key: RowKey, busy: &str) {
        let timeline = self.0.timeline();
        if timeline.active.get_untracked() == Some(key) {
            return;
        }
        let busy = self.0.ui().browser(|browser| browser.finds(busy));
        if busy != Some(true) {
            timeline.activate(key);
        }
    }

    /// Draws the timeline of the open room before the next paint, once for all that changes until then.
    ///
    /// Not at once: Chromium scrolls beside the page, and tells it with each frame how far. Where rows above change the list's height
    /// between two frames, it takes what it is told for a place in the list as it is now: the list jumps by as much as was added.
    pub(super) fn see_timeline_soon(self) {
        let seeing = self.0.timeline().seeing;
        if seeing.get_value() {
            return;
        }
        self.0.ui().browser(|browser| {
            seeing.set_value(true);
            let see = move || {
                seeing.set_value(false);
                match self.0.route().get_untracked().room() {
                    Some(room) if self.0.in_thread() => self.see_timeline(room),
                    Some(room) => self.0.driver().see(Change::Timeline(room)),
                    None => {}
                }
            };
            browser.before_paint(Box::new(see));
        });
    }

    /// Draws the timeline of the open room. Rows that stay keep their elements, and what is in view stays where it is.
    pub(super) fn see_timeline(self, room: RoomId) {
        let timeline = self.0.timeline();
        self.0.scroll().look_for_end();
        let setting = Setting {
            zone: self.0.clock().with_untracked(|clock| clock.zone.clone()),
            me: Some(self.0.me().with_untracked(|me| me.id)),
            new: None,
        };
        let drawn = self.0.session().with_value(|session| {
            let view = self.0.seen(session, room)?;
            Some(self.drawn(&view, &setting))
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
        self.0.lookups().ask_quotes(room, &rows);
        let end = timeline.at_end.get_untracked() && !extent.below;
        let head = self.0.scroll().at_head().filter(|_| !end);
        let list = self.0.own(TIMELINE);
        self.0.ui().browser(|browser| match &head {
            // What comes stands below it.
            Some(head) => browser.hold_row(list, head, 0.0),
            None => browser.hold_place(list, end),
        });
        update_cells(timeline.rows, rows);
        timeline.drawn.set_value(true);
        set_if_new(timeline.extent, extent);
        if let Some(key) = timeline.active.get_untracked()
            && timeline.cell(key).is_none()
        {
            timeline.active.set(None);
        }
        self.0.scroll().see_since(room);
        self.0.lookups().ask_unknown();
        self.0.scroll().reach_wanted(room);
        self.0.scroll().look_soon();
    }

    /// The rows of the part to draw: of the newest end while that is in view, else of what is around the view.
    fn drawn(self, view: &RoomView<'_>, setting: &Setting) -> (Vec<Row>, Extent) {
        let timeline = self.0.timeline();
        let mut half = timeline.half.get_value();
        let mut window = self.window(view, half);
        loop {
            let setting = Setting {
                new: view.new_mark(),
                ..setting.clone()
            };
            let held = view.part(window);
            let mut rows = rows::rows(&held, &setting);
            if rows.len() > MAX_ROWS && half > 1 {
                // Many days or gaps among few messages.
                half = half * 2 / 3;
                window = self.around(view, half);
                continue;
            }
            timeline.window.set_value(window);
            thread_rows::begin(view, &held, &mut rows);
            let extent = Extent {
                loaded: held.loaded,
                more: held.more,
                load: held.load,
                empty: !rows
                    .iter()
                    .any(|row| matches!(row.kind, RowKind::Message { .. } | RowKind::Gap(_))),
                above: held.above.is_some(),
                below: held.below,
            };
            return (rows, extent);
        }
    }

    fn window(self, view: &RoomView<'_>, half: usize) -> Window {
        let across = self.crosses_gaps();
        let window = self.0.timeline().window.get_value();
        let at_end = self.0.timeline().at_end.get_untracked() && window.to.is_none();
        let most = if at_end { half + SLACK } else { 2 * half } + SLACK;
        match self.0.timeline().wanted.get_value() {
            Some(Destination::End(_)) if view.holds_end() => {
                view.window_at_end(half + SLACK / 2, across)
            }
            Some(
                Destination::Message(_, seq) | Destination::Place(_, ReadingPlace { seq, .. }),
            ) if view.message(seq).is_some() => view.window_around(seq, half, across),
            _ if view.window_size(window) > most || !across && view.crosses_gap(window) => {
                self.around(view, half)
            }
            _ => window,
        }
    }

    /// What is drawn ends at a gap until that is filled, so that nobody flies over it. While nothing can be loaded, what is held
    /// beyond is drawn.
    fn crosses_gaps(self) -> bool {
        !self.0.link().with_untracked(|link| link.link.is_live())
    }

    /// The part around what is in view.
    pub(super) fn around(self, view: &RoomView<'_>, half: usize) -> Window {
        let across = self.crosses_gaps();
        let window = self.0.timeline().window.get_value();
        let seen = self.0.timeline().view.get_value().map(|view| view.first);
        match seen.or(window.from) {
            Some(first) if !self.0.timeline().at_end.get_untracked() => {
                view.window_around(first, half, across)
            }
            _ => view.window_at_end(half + SLACK / 2, across),
        }
    }

    /// Who comes and goes is noted in the log: the list of people follows it.
    fn note_members(self, room: RoomId, rows: &[Row]) {
        let before = self.0.timeline().notes.get_value();
        let mut newest = before.unwrap_or_default();
        for row in rows {
            if let RowKind::Note(note) = &row.kind
                && note.seq > newest
            {
                newest = note.seq;
                if before.is_some() {
                    self.0.member_list().member_noted(room, &note.kind);
                }
            }
        }
        self.0.timeline().notes.set_value(Some(newest));
    }
}
