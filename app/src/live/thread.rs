//! A thread beside its room. It is drawn by the same parts as a room: they work on a [`Live`] of its own, which shares all but its timeline and
//! its composer with the page's.

use client::{Input, RoomView, Session, ThreadSnapshot, rows::RowKind};
use leptos::prelude::*;
use protocol::{RoomId, Seq};

use super::{
    Live,
    compose::FIELD,
    drive::set_if_new,
    navigate::Navigation,
    timeline::{TIMELINE, TimelineSignals},
};
use crate::{
    boot::Chat,
    components::{message_menu::MENU, picker::PICKER},
    ports::{DraftPlace, Layout},
    route::Route,
};

/// The id of the link that leads back from a thread.
pub(crate) const BACK: &str = "thread-back";

impl Live {
    /// Makes what is seen of a thread, whichever is open.
    pub(super) fn make_panel(self) {
        let parts = self.0.get_value();
        let panel = Self(StoredValue::new(super::Parts {
            in_thread: true,
            timeline: TimelineSignals::new("t-"),
            typing: RwSignal::new(Vec::new()),
            missed: RwSignal::new(None),
            compose: parts.compose.beside(),
            completing: super::completion::CompletionSignals::new(),
            picking: RwSignal::new(parts.picking.get_untracked()),
            emoji: parts.emoji.beside(),
            ..parts
        }));
        self.panel().set_value(Some(panel));
    }

    /// What is seen of the open thread.
    pub(crate) fn beside(self) -> Self {
        self.panel().get_value().unwrap_or(self)
    }

    /// Where one writes here; none where no room is open, or no thread beside it.
    pub(super) fn conversation(self) -> Option<DraftPlace> {
        let room = self.route().get_untracked().room()?;
        if self.in_thread() {
            return Some((room, Some(self.root()?)));
        }
        Some((room, None))
    }

    /// The first message of the open thread.
    pub(crate) fn root(self) -> Option<Seq> {
        self.route().get_untracked().thread()
    }

    /// The id of an element that a room has and the thread beside it too.
    pub(crate) fn own(self, id: &'static str) -> &'static str {
        if !self.in_thread() {
            return id;
        }
        match id {
            TIMELINE => "thread-timeline",
            FIELD => "thread-composer",
            MENU => "thread-menu",
            PICKER => "thread-picker",
            "picker-find" => "thread-picker-find",
            "picker-grid" => "thread-picker-grid",
            "picker-groups" => "thread-picker-groups",
            "composer-foot" => "thread-foot",
            "completion" => "thread-completion",
            id => id,
        }
    }

    /// The room in the session, or its open thread.
    pub(super) fn seen(self, session: &Session, room: RoomId) -> Option<RoomView<'_>> {
        if self.in_thread() {
            session.thread(room, self.root()?)
        } else {
            session.room(room)
        }
    }

    /// An input of the room, or of its open thread.
    pub(super) fn within(self, input: Input) -> Input {
        let of_place = matches!(
            input,
            Input::ClearNew
                | Input::LoadOlder(_)
                | Input::LoadNewest(_)
                | Input::LoadNew(_)
                | Input::LoadAround { .. }
                | Input::FillGap { .. }
                | Input::Reload(_)
                | Input::InView { .. }
                | Input::Read { .. }
                | Input::Unread { .. }
                | Input::Typing(_)
        );
        match self.root().filter(|_| of_place && self.in_thread()) {
            Some(root) => Input::Thread {
                root,
                input: Box::new(input),
            },
            None => input,
        }
    }

    /// The address of a message of the room, or of its open thread.
    pub(crate) fn link_to(self, room: RoomId, seq: Seq) -> Route {
        let root = self.root().filter(|root| self.in_thread() && *root != seq);
        root.map_or(Route::Room(room, Some(seq)), |root| {
            Route::Thread(room, root, Some(seq))
        })
    }
}

/// The thread that is open: drawing it, and whether one follows it. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct OpenThread(pub(super) Live);

impl OpenThread {
    /// Draws what changed of the open thread.
    pub(super) fn see(self, room: RoomId) {
        let beside = self.0.beside();
        let told = self.0.session().with_value(|session| {
            let view = beside.seen(session, room)?;
            let known = view.timeline().loaded.then(|| view.following());
            Some((known, view.typing()))
        });
        let (following, typing) = told.unwrap_or_default();
        set_if_new(self.0.following(), following);
        set_if_new(beside.typing(), typing);
        beside.view().see_timeline_soon();
    }

    /// Whether the first message of the open thread was deleted: then nothing is added to it.
    pub(crate) fn is_root_gone(self) -> bool {
        let root = self.0.route().get().thread();
        self.0.beside().timeline().rows.with(|rows| {
            rows.iter().take(3).any(|cell| {
                cell.kind.with(|kind| {
                    matches!(kind, RowKind::Message { message, .. } if message.deleted && message.seq == root)
                })
            })
        })
    }

    /// Follows the open thread, or not any more.
    pub(crate) fn follow(self, on: bool) {
        if let Route::Thread(room, root, _) = self.0.route().get_untracked() {
            self.0.driver().input(Input::Follow { room, root, on });
        }
    }
}

impl Navigation {
    /// Opens the thread of a message.
    pub(crate) fn to_thread(self, room: RoomId, root: Seq) {
        self.go(Route::Thread(room, root, None));
    }

    /// Away from the thread, back to its first message.
    pub(crate) fn close_thread(self) {
        let Route::Thread(room, root, _) = self.0.route().get_untracked() else {
            return;
        };
        self.go(Route::Room(room, None));
        let timeline = self.0.timeline();
        let row = timeline.key_of(root).map(|key| timeline.id(key));
        // What had the focus goes with the thread.
        self.0.ui().browser(|browser| {
            let drawn = move || {
                let row = row.as_deref().unwrap_or(TIMELINE);
                self.0.ui().browser(|browser| browser.focus(row));
            };
            browser.after(0, Box::new(drawn));
        });
    }

    /// Another thread is open than before, or none.
    pub(super) fn follow_thread(self, before: Route) {
        let now = self.0.route().get_untracked();
        if (before.room(), before.thread()) == (now.room(), now.thread()) {
            return;
        }
        let beside = self.0.beside();
        beside.timeline().reset();
        set_if_new(self.0.following(), None);
        set_if_new(beside.typing(), Vec::new());
        if now.thread().is_some() {
            self.open_thread();
        } else if before.thread().is_some() {
            self.0.driver().input(Input::CloseThread);
        }
    }

    /// Holds and draws the thread of the address.
    pub(super) fn open_thread(self) {
        let Route::Thread(room, root, at) = self.0.route().get_untracked() else {
            return;
        };
        let beside = self.0.beside();
        self.0.driver().input(Input::OpenThread { room, root });
        self.0.thread().see(room);
        match at {
            Some(seq) => beside.scroll().jump(room, seq),
            None => beside.scroll().begin_at_new(room),
        }
        // Its field is there once the page is drawn.
        self.0.ui().browser(|browser| {
            let turn = browser.focus_turn();
            let drawn = move || {
                beside.drafts().open_draft();
                beside.ui().browser(|browser| {
                    let beside_room = self.0.layout().get_untracked() == Layout::Three;
                    if at.is_some() {
                        // The message takes it, once it is there.
                        return;
                    }
                    if browser.has_mouse() {
                        browser.focus_since(turn, beside.own(FIELD));
                    } else if !beside_room {
                        browser.focus_since(turn, BACK);
                    }
                });
            };
            browser.after(0, Box::new(drawn));
        });
    }
}

/// The thread that the page was drawn with.
pub(super) fn snapshot(chat: &Chat, route: &Route) -> Option<ThreadSnapshot> {
    let around = match route {
        Route::Thread(.., at) => *at,
        _ => None,
    };
    let page = chat.open.as_ref()?.thread.as_deref()?.clone();
    Some(ThreadSnapshot { page, around })
}
