//! Announcements for screen readers, toasts, and the title of the document.

use leptos::prelude::*;
use protocol::{NotifyLevel, RoomId, RoomKind, RoomSummary, SavedPlace, Seq, limits::UNDELETE};

use super::{
    Live,
    lists::{to_me, told},
};
use crate::{
    route::Route,
    text::{first_words, isolated},
};

/// Between two announcements of new messages.
const PAUSE_MS: u64 = 2_000;
/// Most toasts at a time.
const MAX_TOASTS: usize = 3;
/// How long a toast stays; one with an act stays longer.
const TOAST_MS: u64 = 6_000;
const ACT_MS: u64 = 10_000;

/// A few words at the corner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast {
    /// Tells it from the others.
    pub(crate) id: u32,
    /// What it says.
    pub(crate) text: String,
    /// A second line.
    pub(crate) more: Option<String>,
    /// What it is.
    pub(crate) tone: Tone,
}

/// What a toast is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something was done.
    Done,
    /// Something failed.
    Bad,
    /// Somebody said something to you, there.
    You(Route),
    /// A message is no longer saved.
    Unsaved(SavedPlace),
    /// This room was deleted, and can be brought back.
    Undo(RoomId),
}

impl Tone {
    /// How long a toast of it stays, and whether longer while the pointer or the focus is on it: what cannot be done any more is not offered.
    fn stays(self) -> (u64, bool) {
        match self {
            Self::Done | Self::Bad => (TOAST_MS, true),
            Self::You(_) | Self::Unsaved(_) => (ACT_MS, true),
            Self::Undo(_) => (u64::try_from(UNDELETE.as_millis()).unwrap_or(ACT_MS), false),
        }
    }
}

/// Something that is said to a screen reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpokenText {
    /// Tells it from what was said before, also where the words are the same.
    pub(crate) turn: u32,
    /// The words.
    pub(crate) text: String,
}

/// What is announced.
#[derive(Clone, Copy)]
pub(crate) struct AnnouncementSignals {
    /// The polite live region.
    pub(crate) polite: RwSignal<Option<SpokenText>>,
    /// The assertive one.
    pub(crate) assertive: RwSignal<Option<SpokenText>>,
    /// The toasts, the newest last.
    pub(crate) toasts: RwSignal<Vec<Toast>>,
    /// Toasts that the pointer or the focus is on: they stay.
    pub(crate) held: RwSignal<Option<u32>>,
    announcer: StoredValue<Announcer>,
    next: StoredValue<u32>,
}

impl AnnouncementSignals {
    pub(super) fn new() -> Self {
        Self {
            polite: RwSignal::new(None),
            assertive: RwSignal::new(None),
            toasts: RwSignal::new(Vec::new()),
            held: RwSignal::new(None),
            announcer: StoredValue::new(Announcer::default()),
            next: StoredValue::new(0),
        }
    }
}

/// Says new messages one at a time, or how many there were: at most one thing in two seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Announcer {
    busy: bool,
    waiting: u64,
    last: String,
}

/// What an announcer says next.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Says {
    One(String),
    Many(u64),
}

impl Announcer {
    /// A message came. What to say now, if anything; a pause follows.
    fn came(&mut self, text: String) -> Option<Says> {
        if !self.busy {
            self.busy = true;
            return Some(Says::One(text));
        }
        self.waiting += 1;
        self.last = text;
        None
    }

    /// The pause is over. What to say now; nothing ends it.
    fn rested(&mut self) -> Option<Says> {
        let says = match std::mem::take(&mut self.waiting) {
            0 => None,
            1 => Some(Says::One(std::mem::take(&mut self.last))),
            n => Some(Says::Many(n)),
        };
        self.busy = says.is_some();
        says
    }
}

/// What is announced: the document's title, words for screen readers, toasts. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Announcements(pub(super) Live);

impl Announcements {
    /// The title: "(3) transmitter · Lantern Street".
    pub(crate) fn title(self) -> String {
        let words = &self.0.ui().words.room;
        let server = self.0.ui().server.get_value();
        let unread: u64 = self.0.rooms().with(|rooms| rooms.iter().map(told).sum());
        let title = self.0.open().with(|open| match open {
            Some(room) if self.0.route().get().room() == Some(room.id) => {
                (words.title)(&isolated(&room.name), &isolated(&server))
            }
            _ => match self.0.route().get() {
                Route::List(list) => (words.title)(self.0.list_title(list), &isolated(&server)),
                _ => server,
            },
        });
        if unread > 0 {
            (words.title_unread)(unread, &title)
        } else {
            title
        }
    }

    /// Whether something is to one that is to be told: then the icon of the tab has a dot.
    pub(crate) fn tells_me(self) -> bool {
        let tells = |room: &RoomSummary| told(room) > 0 && to_me(room) > 0;
        self.0.rooms().with(|rooms| rooms.iter().any(tells))
    }

    /// Whether a message of a room that is not open is told at once.
    fn tells(self, room: RoomId) -> bool {
        self.0.rooms().with_untracked(|rooms| {
            let room = rooms.iter().find(|one| one.id == room);
            room.is_none_or(|room| {
                let quiet = room.muted && room.kind == RoomKind::Direct;
                room.notify != NotifyLevel::Nothing && !quiet
            })
        })
    }

    /// Somebody else said something.
    pub(super) fn arrived(self, room: RoomId, seq: Seq, to_me: bool) {
        let open = self.0.route().get_untracked().room() == Some(room);
        let here = open && self.0.timeline().at_end.get_untracked();
        if open && !here {
            self.0.timeline().below.update(|below| *below += 1);
        }
        let told = to_me && self.tells(room);
        if !open && !told {
            return;
        }
        let said = self.0.session().with_value(|session| {
            let view = self.0.seen(session, room)?;
            let message = view.message(seq)?;
            let text = message.text.as_deref().unwrap_or_default();
            Some((message.by, first_words(text)))
        });
        let Some((by, text)) = said else { return };
        let (name, words) = (self.0.people().name(by), &self.0.ui().words.room);
        let says = (words.says)(&isolated(&name), &isolated(&text));
        self.announce(if to_me { (words.to_you)(&says) } else { says });
        let looked_at = self
            .0
            .ui()
            .browser(|browser| browser.attentive())
            .unwrap_or_default();
        if to_me && !open && looked_at {
            self.push_toast(name, Some(text), Tone::You(Route::Room(room, None)));
        }
    }

    fn announce(self, text: String) {
        let mut says = None;
        self.0
            .announced()
            .announcer
            .update_value(|announcer| says = announcer.came(text));
        self.say(says);
    }

    fn say(self, says: Option<Says>) {
        let Some(says) = says else { return };
        let text = match says {
            Says::One(text) => text,
            Says::Many(n) => (self.0.ui().words.room.new_messages)(n),
        };
        tell(self.0.announced().polite, text);
        let rested = move || {
            let mut says = None;
            self.0
                .announced()
                .announcer
                .update_value(|announcer| says = announcer.rested());
            self.say(says);
        };
        self.0
            .ui()
            .browser(|browser| browser.after(PAUSE_MS, Box::new(rested)));
    }

    /// Says something at once, to a screen reader.
    pub(crate) fn alert(self, text: &str) {
        tell(self.0.announced().assertive, text.to_owned());
    }

    /// Says that something was done.
    pub(crate) fn toast(self, text: &str) {
        self.push_toast(text.to_owned(), None, Tone::Done);
    }

    /// Says that something failed.
    pub(crate) fn toast_bad(self, text: &str) {
        self.push_toast(text.to_owned(), None, Tone::Bad);
    }

    /// Says that a message is no longer saved, with the way back.
    pub(super) fn toast_unsaved(self, place: SavedPlace) {
        let says = self.0.ui().words.personal.was_unsaved;
        self.push_toast(says.to_owned(), None, Tone::Unsaved(place));
    }

    /// Says that a room was deleted, with the way to bring it back.
    pub(crate) fn toast_undo(self, text: String, room: RoomId) {
        self.push_toast(text, None, Tone::Undo(room));
    }

    fn push_toast(self, text: String, more: Option<String>, tone: Tone) {
        let id = self.0.announced().next.get_value();
        self.0.announced().next.set_value(id.wrapping_add(1));
        self.0.announced().toasts.update(|toasts| {
            toasts.retain(|toast| (&toast.text, &toast.more) != (&text, &more));
            toasts.push(Toast {
                id,
                text,
                more,
                tone,
            });
            let mut over = toasts.len().saturating_sub(MAX_TOASTS);
            // The only way back is not pushed out.
            toasts.retain(|toast| {
                let out = over > 0 && !matches!(toast.tone, Tone::Undo(_));
                over -= usize::from(out);
                !out
            });
        });
        self.toast_ends(id, tone.stays());
    }

    fn toast_ends(self, id: u32, (ms, holds): (u64, bool)) {
        let ends = move || {
            if holds && self.0.announced().held.get_untracked() == Some(id) {
                self.toast_ends(id, (1_000, true));
            } else {
                self.close_toast(id);
            }
        };
        self.0
            .ui()
            .browser(|browser| browser.after(ms, Box::new(ends)));
    }

    /// Takes a toast away.
    pub(crate) fn close_toast(self, id: u32) {
        self.0
            .announced()
            .toasts
            .update(|toasts| toasts.retain(|toast| toast.id != id));
    }
}

/// Says something in a region, after what it said before.
fn tell(region: RwSignal<Option<SpokenText>>, text: String) {
    region.update(|said| {
        let turn = said.as_ref().map_or(0, |said| said.turn.wrapping_add(1));
        *said = Some(SpokenText { turn, text });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_said_again() {
        let owner = Owner::new();
        owner.with(|| {
            let region = RwSignal::new(None);
            tell(region, "ok".to_owned());
            let one = region.get_untracked();
            tell(region, "ok".to_owned());
            assert_ne!(region.get_untracked(), one);
        });
    }

    #[test]
    fn announcements_do_not_pile_up() {
        let one = |text: &str| Some(Says::One(text.to_owned()));
        let mut announcer = Announcer::default();
        assert_eq!(announcer.came("a".to_owned()), one("a"));
        assert_eq!(announcer.came("b".to_owned()), None);
        assert_eq!(announcer.rested(), one("b"));
        for text in ["c", "d", "e"] {
            assert_eq!(announcer.came(text.to_owned()), None);
        }
        assert_eq!(announcer.rested(), Some(Says::Many(3)));
        assert_eq!(announcer.rested(), None);
        assert_eq!(announcer.came("f".to_owned()), one("f"));
    }
}
