//! Unsent messages of rooms that one is no longer in: they are kept, and can be copied, sent elsewhere or discarded.

use client::Input;
use leptos::prelude::*;
use protocol::{Act, MessageId, RoomId};

use super::drafts::Drafts;
use crate::route::Route;

/// What could not be sent to one room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unsent {
    /// The room.
    pub(crate) room: RoomId,
    /// Each message, the oldest first: its id, when it was written, and its text.
    pub(crate) messages: Vec<(MessageId, u64, String)>,
}

impl Drafts {
    /// What was refused for good by rooms that one is not in; looked up when the outbox or the rooms change.
    pub(crate) fn unsent(self) -> Vec<Unsent> {
        self.0.outbox_version().track();
        if self.0.driver().is_over() {
            return Vec::new();
        }
        self.0.session().with_value(|session| {
            let mut found: Vec<Unsent> = Vec::new();
            for entry in session.outbox().filter(|entry| entry.is_shut_out()) {
                let mine = session
                    .room(entry.command.room)
                    .is_some_and(|room| room.summary().member);
                let Act::Send { text, .. } = &entry.command.act else {
                    continue;
                };
                if mine {
                    continue;
                }
                let message = (entry.command.id, entry.at, text.clone());
                match found.iter_mut().find(|one| one.room == entry.command.room) {
                    Some(one) => one.messages.push(message),
                    None => found.push(Unsent {
                        room: entry.command.room,
                        messages: vec![message],
                    }),
                }
            }
            found
        })
    }

    /// The outbox or the rooms changed.
    pub(super) fn see_unsent(self) {
        self.0
            .outbox_version()
            .update(|version| *version = version.wrapping_add(1));
    }

    /// What could not be sent to a room, if anything.
    pub(crate) fn unsent_to(self, room: RoomId) -> Option<Unsent> {
        self.unsent().into_iter().find(|one| one.room == room)
    }

    /// What a room is called, as far as it is known: `#schedule`.
    pub(crate) fn room_name(self, room: RoomId) -> Option<String> {
        let known = self
            .0
            .session()
            .with_value(|session| Some(session.room(room)?.summary().clone()))
            .map(|room| super::rooms::room_label(&self.0.room_actions().named(room)));
        known.or_else(|| {
            self.0.open().with(|open| {
                let open = open.as_ref().filter(|open| open.id == room)?;
                Some(super::rooms::room_label(open))
            })
        })
    }

    /// Throws it away.
    pub(crate) fn discard_unsent(self, unsent: &Unsent) {
        for (id, ..) in &unsent.messages {
            self.0.driver().input(Input::Discard(*id));
        }
        self.0.dialog().set(None);
    }

    /// Sends it to another room, in its order, and goes there. What is not taken stays.
    pub(crate) fn send_elsewhere(self, unsent: &Unsent, room: RoomId) {
        for (id, _, text) in &unsent.messages {
            let said = Input::Act {
                room,
                act: Act::Send {
                    text: text.clone(),
                    reply_to: None,
                    thread: None,
                },
            };
            if let Some(why) = self.0.driver().input(said) {
                return self.0.composer().not_taken(why);
            }
            self.0.driver().input(Input::Discard(*id));
        }
        self.0.dialog().set(None);
        self.0.navigation().go(Route::Room(room, None));
    }
}
