//! Presence, as others see it.

use std::{collections::BTreeSet, sync::Arc};

use protocol::{PresenceState, RoomId, UserId};

use super::{Hub, Mailbox, lock, mailbox::Told};
use crate::bus::{Note, Tell as _};

impl Hub {
    /// Tells the people who share a room with `user` its state, if it changed; forgets users that are gone.
    pub(super) fn tell_presence(&self, user: UserId) {
        if let Some((state, rooms)) = self.people.settle_state(user)
            && !rooms.is_empty()
        {
            let rooms = &rooms;
            self.tell(&Note::Presence { user, state, rooms });
        }
    }

    /// Shows somebody's state to the connections that are in one of these rooms.
    pub(super) fn show_presence(&self, user: UserId, state: PresenceState, rooms: &[RoomId]) {
        let (mut told, mut late) = (BTreeSet::new(), Vec::<Arc<Mailbox>>::new());
        let now = self.clock.mono_ms();
        for &room in rooms {
            for mailbox in self.lanes.small_audience(room) {
                if mailbox.user() != user
                    && told.insert(mailbox.id())
                    && mailbox.presence(user, state, now) == Told::Late
                {
                    late.push(mailbox);
                }
            }
        }
        if !late.is_empty() {
            lock(&self.late).append(&mut late);
        }
    }

    /// Those who were not told at once are told now.
    pub(super) fn tell_late(&self) {
        let late = std::mem::take(&mut *lock(&self.late));
        for mailbox in late {
            mailbox.wake();
        }
    }
}
