//! The cache follows what is written, by the notes that it hears.

use std::sync::Arc;

use protocol::{Event, EventKind, RoomId, Seq, UserId};

use super::{Cache, recent::RecentFull};
use crate::{bus::Note, store::Named, telemetry::Limit};

impl Cache {
    /// Something happened, on this node or another: what is remembered follows it.
    pub fn hear(&self, note: &Note<'_>) {
        match *note {
            Note::Entry { event, named } => self.follow(event, named),
            Note::Read {
                user,
                room,
                position,
                ..
            } => self
                .people
                .change(&user, |counted| Arc::make_mut(counted).read(room, position)),
            Note::Replied { followers, .. } => {
                for user in followers {
                    self.threads.forget(user);
                }
            }
            Note::Thread { user, .. } => self.threads.forget(&user),
            Note::PreferencesChanged { user, .. } => self.people.forget(&user),
            // Rare; every member's counts hold the name, so all are cleared.
            Note::RoomChanged { .. } => self.people.clear(),
            Note::RoomBack { .. } => {
                self.people.clear();
                self.threads.clear();
            }
            Note::RoomGone { room, .. } => {
                self.people.clear();
                self.threads.clear();
                self.authors.forget(&room);
                self.newest.forget(&room);
                self.members.forget(&room);
            }
            Note::AccountChanged { user } | Note::Banned { user } => {
                self.accounts.forget(&user);
                // Direct rooms bear the names of the others in them.
                self.people.clear();
            }
            Note::SignedOut { sign_in, .. } | Note::Prolonged { sign_in, .. } => {
                self.sign_ins.forget(&sign_in);
            }
            Note::Unsure => self.forget_all(),
            // What is remembered was read from the store, or followed the log.
            Note::Head { .. }
            | Note::Rooms { .. }
            | Note::AccountIs { .. }
            | Note::Saved { .. }
            | Note::SessionMoved { .. }
            | Note::UserChanged { .. }
            | Note::Presence { .. }
            | Note::Typing { .. }
            | Note::Notice(_) => {}
        }
    }

    /// An entry was stored that does not go on to the cache yet, or never will: who joined or left is not remembered as if they had not.
    pub(crate) fn passes_by(&self, event: &Event) {
        self.newest.forget(&event.room);
        if let EventKind::Join { user } | EventKind::Leave { user } = event.kind {
            self.people.forget(&user);
            self.members.forget(&event.room);
        }
    }

    /// What happened in a room up to `seq` was not heard: what is remembered of it is read again.
    pub(crate) fn missed(&self, room: RoomId, seq: Seq) {
        let mut recent = self.recent();
        if recent.missed(room, seq).is_err() {
            self.people.clear();
        }
        drop(recent);
        self.authors.forget(&room);
        self.newest.forget(&room);
        self.members.forget(&room);
    }

    /// What is one person's own changed, in whatever way.
    pub(crate) fn forget_person(&self, user: UserId) {
        self.people.forget(&user);
        self.accounts.forget(&user);
    }

    /// Where other nodes write, passes are remembered for a moment only: an end that nobody hears of must count all the same.
    pub(crate) fn forget_passes(&self) {
        self.sign_ins.clear();
    }

    /// As [`Self::forget_passes`], for accounts and for how direct rooms are called after them.
    pub(crate) fn forget_accounts(&self) {
        self.accounts.clear();
    }

    fn follow(&self, event: &Event, named: &Named) {
        let mut recent = self.recent();
        match recent.push(event, named) {
            Ok(()) => {}
            Err(RecentFull::Rooms) => self.people.clear(),
            Err(RecentFull::Memory) => self.metrics.hit(Limit::Counts),
        }
        drop(recent);
        self.authors.change(&event.room, |authors| {
            Arc::make_mut(authors).follow(event);
            true
        });
        self.newest
            .change(&event.room, |page| Arc::make_mut(page).follow(event));
        if let EventKind::Join { user } | EventKind::Leave { user } = event.kind {
            self.people.forget(&user);
            self.threads.forget(&user);
            self.members.forget(&event.room);
        }
    }
}
