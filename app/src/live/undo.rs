//! A room is deleted, and brought back.

use leptos::prelude::*;
use protocol::{ErrorCode, RoomBody, RoomId};
use serde::de::IgnoredAny;

use super::{
    api::{ApiRefusal, bare},
    rooms::RoomActions,
};
use crate::{components::toasts::undo_id, route::Route};

impl RoomActions {
    /// Deletes a room; `says` is told then, with the way back, which has the focus.
    pub(crate) fn delete(self, room: RoomId, says: String) {
        self.0.dialog().set(None);
        let turn = self.0.ui().focus_turn();
        self.0.ui().ask(
            bare("DELETE", &format!("/rooms/{room}")),
            move |answer: Result<IgnoredAny, _>| {
                if answer.is_err() {
                    return self.0.api().complain();
                }
                if self.0.route().get_untracked().room() == Some(room) {
                    self.0.navigation().go(Route::Rooms);
                }
                self.0.announcements().toast_undo(says, room);
                self.0
                    .ui()
                    .browser(|browser| browser.focus_since(turn, &undo_id(room)));
            },
        );
    }

    /// Brings a room back that was deleted just now, and goes there.
    pub(crate) fn undelete(self, room: RoomId) {
        let words = &self.0.ui().words.dialog;
        let request = bare("POST", &format!("/rooms/{room}/undelete"));
        self.0
            .ui()
            .ask(request, move |answer: Result<RoomBody, ApiRefusal>| {
                let says = match answer.map_err(|why| why.code) {
                    Ok(back) => return self.enter(back.room),
                    Err(ErrorCode::NotFound) => {
                        return self.0.announcements().toast_bad(words.undo_late);
                    }
                    Err(ErrorCode::Conflict) => words.undo_taken,
                    Err(_) => words.undo_failed,
                };
                // It may still be done: the way stays.
                self.0.announcements().toast_undo(says.to_owned(), room);
            });
    }
}
