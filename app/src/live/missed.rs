//! Missed messages of a room: told over its timeline when it begins farther up than is in view.

use client::{Input, rows::RowKey};
use leptos::prelude::*;
use protocol::{Mentions, RoomId, Seq};

use super::{drive::set_if_new, scrolling::Scroller, timeline::TIMELINE};

/// What was missed of the open room. It stays until all of it was seen or is marked as read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Missed {
    /// When the first of it was said, in milliseconds since the epoch; none until that is loaded.
    pub(crate) since_ms: Option<u64>,
    /// The mention that was gone to last.
    pub(crate) mention: Option<Seq>,
}

impl Scroller {
    /// Tells what was missed, where the "New" line is not in view.
    pub(super) fn see_missed(self, room: RoomId) {
        let marked = self.0.session().with_value(|session| {
            self.0
                .seen(session, room)
                .is_some_and(|view| view.new_mark().is_some() && view.summary().unread > 0)
        });
        let new = self.0.timeline().id(RowKey::New);
        let place = self
            .0
            .ui()
            .browser(|browser| browser.place(&new, self.0.own(TIMELINE)))
            .flatten();
        let in_view = place.is_some_and(|place| place.bottom > 0.0);
        if self.0.in_thread() || !marked || in_view || self.0.missed().get_untracked().is_some() {
            return;
        }
        self.0.missed().set(Some(Missed::default()));
        self.0.driver().input(Input::LoadNew(room));
        self.see_since(room);
    }

    /// When it began, once that is known; nothing once nothing is unread.
    pub(super) fn see_since(self, room: RoomId) {
        let Some(missed) = self.0.missed().get_untracked() else {
            return;
        };
        let told = self.0.session().with_value(|session| {
            let view = self.0.seen(session, room)?;
            let left = view.new_mark().is_some() && view.summary().unread > 0;
            left.then(|| Missed {
                since_ms: missed
                    .since_ms
                    .or_else(|| view.first_new().map(|first| first.at)),
                ..missed
            })
        });
        set_if_new(self.0.missed(), told);
    }

    /// To the first message that was missed and is not read yet.
    pub(crate) fn to_missed(self) {
        let Some(room) = self.0.route().get_untracked().room() else {
            return;
        };
        let first = self.0.session().with_value(|session| {
            let view = self.0.seen(session, room)?;
            view.first_new()?.seq
        });
        match first {
            Some(seq) => self.jump(room, seq),
            None => {
                self.0.driver().input(Input::LoadNew(room));
            }
        }
    }

    /// To the next message that is new and names one, or everybody; after the last one to the first again.
    pub(crate) fn next_mention(self) {
        let Some(room) = self.0.route().get_untracked().room() else {
            return;
        };
        let new = self
            .0
            .session()
            .with_value(|session| Some(self.0.seen(session, room)?.new_mark()?.after));
        let Some(new) = new else { return };
        let last = self
            .0
            .missed()
            .with_untracked(|missed| missed.and_then(|missed| missed.mention));
        self.mention_after(room, last.unwrap_or(new), new);
    }

    fn mention_after(self, room: RoomId, after: Seq, new: Seq) {
        let path = format!("/rooms/{room}/mentions?after={after}&limit=1");
        self.0.api().get(&path, move |answer: Result<Mentions, _>| {
            if self.0.route().get_untracked().room() != Some(room) {
                return;
            }
            match answer.map(|found| found.mentions.first().copied()) {
                Ok(Some(seq)) => {
                    self.0.missed().update(|missed| {
                        if let Some(missed) = missed {
                            missed.mention = Some(seq);
                        }
                    });
                    self.jump(room, seq);
                }
                Ok(None) if after > new => self.mention_after(room, new, new),
                Ok(None) => self
                    .0
                    .announcements()
                    .toast_bad(self.0.ui().words.message.gone),
                Err(_) => self.0.api().complain(),
            }
        });
    }

    /// Everything of the open room is read, seen or not.
    pub(crate) fn mark_read(self) {
        let last = self
            .0
            .open()
            .with_untracked(|open| open.as_ref().map(|open| (open.id, open.last_seq)));
        if let Some((room, seq)) = last {
            self.0.driver().input(Input::Read { room, seq });
            self.0.driver().input(Input::ClearNew);
        }
    }

    /// The page is seen again: what came meanwhile may be out of view.
    pub(crate) fn back_at_page(self) {
        self.look_around();
        if let Some(room) = self.0.route().get_untracked().room() {
            self.see_missed(room);
        }
    }
}
