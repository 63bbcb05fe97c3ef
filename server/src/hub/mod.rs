//! The hub: live sessions, room lanes, presence. No lock is held across an `.await`, an event is encoded once,
//! and its bytes are shared by every member's connection.

mod frame;
mod lane;
mod lanes;
mod mailbox;
mod memory;
mod people;
mod presence;
mod rate;
mod session;
mod subscribers;
mod telling;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use protocol::{
    Event, EventKind, ReadEcho, RoomId, SavedChange, ServerFrame, SessionId, ThreadChange,
    UserChange, UserId, UserSummary,
};

pub use frame::{Frame, encode};
pub use lane::Lane;
pub use mailbox::{Goodbye, Mailbox};
pub use subscribers::{Batch, LaneListener};

pub(crate) use frame::encode_long;
pub(crate) use lane::LaneRead;
pub use lanes::Lanes;
pub(crate) use mailbox::{Instruction, Mail};
pub(crate) use people::{Census, ConnectedPeople};
pub(crate) use rate::Rate;
pub(crate) use session::{Attached, LiveSession, Newcomer};

use crate::{
    bus::{Note, Tell},
    clock::Clock,
    telemetry::Metrics,
};

/// The connections of this node, and the way to those of others.
pub struct Hub {
    /// The other nodes.
    bus: Box<dyn Tell>,
    /// The lanes of rooms.
    pub lanes: Lanes,
    pub(crate) people: ConnectedPeople,
    /// Connections that wait to be told of people's states. One may be here twice for a second, which does no harm.
    late: Mutex<Vec<Arc<Mailbox>>>,
    next_session: AtomicU64,
    next_mailbox: AtomicU64,
    limits: HubLimits,
    clock: Clock,
}

/// What bounds the hub.
#[derive(Clone, Copy, Debug)]
pub struct HubLimits {
    /// Live connections of one user; 0 is no limit.
    pub sockets_per_user: u32,
    /// Memory of all lanes together, in bytes; 0 is no limit.
    pub lane_bytes: usize,
    /// How long a session without a connection is kept, in milliseconds.
    pub grace_ms: u64,
    /// A connection that was silent for longer missed its heartbeats, in milliseconds.
    pub silence_ms: u64,
}

/// A lock that a panicking thread left is taken over: each change to what it guards is made in one piece.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// An empty hub; its sessions are numbered from `first_session` on. `bus` tells the other nodes what is told to it.
    pub fn new(
        first_session: u64,
        limits: HubLimits,
        clock: Clock,
        metrics: Arc<Metrics>,
        bus: impl Tell,
    ) -> Self {
        Self {
            bus: Box::new(bus),
            lanes: Lanes::new(limits.lane_bytes, clock, metrics),
            people: ConnectedPeople::default(),
            late: Mutex::default(),
            next_session: AtomicU64::new(first_session),
            next_mailbox: AtomicU64::new(1),
            limits,
            clock,
        }
    }

    /// Something happened, on this node or another: the connections of this node hear what they must know of it.
    pub fn hear(&self, note: &Note<'_>) {
        match *note {
            Note::Entry { event, .. } => self.publish(event),
            Note::Read { .. } | Note::Replied { .. } | Note::Thread { .. } | Note::Saved { .. } => {
                self.hear_own(note);
            }
            Note::PreferencesChanged { user, room } => self.people.room_changed(room, &[user]),
            Note::RoomChanged { room, members } => self.people.room_changed(room, members),
            Note::RoomGone { room, members } => self.room_gone(room, members),
            Note::RoomBack { room, members } => {
                // Their connections hear of the room as it is, and then what follows.
                for &user in members {
                    self.people.joined(user, room, None);
                }
            }
            Note::Head { room, seq } => self.lanes.ends_at(room, seq),
            Note::Rooms { user, rooms, left } => {
                for room in rooms {
                    self.lanes.ends_at(room.id, room.last_seq);
                }
                self.people.is_in(user, rooms, left);
            }
            Note::UserChanged { user, rooms } => self.show_user(user, rooms),
            Note::Banned { user } => self.shut_out(user),
            Note::AccountIs {
                user,
                role,
                sign_ins,
            } => self.account_is(user, role, sign_ins),
            Note::SignedOut { user, sign_in } => self.sign_out(user, sign_in),
            Note::SessionMoved {
                user,
                sign_in,
                session,
            } => self.session_moved(user, sign_in, session),
            Note::Prolonged {
                user,
                sign_in,
                ends,
            } => self.prolong(user, sign_in, ends),
            Note::Presence { user, state, rooms } => self.show_presence(user, state, rooms),
            Note::Typing { user, room, thread } => self.lanes.typing((room, thread), user),
            Note::Notice(notice) => self.people.broadcast(&ServerFrame::Notice(notice.clone())),
            // Names are asked for when they are needed; what is remembered of the store is the cache's.
            Note::AccountChanged { .. } | Note::Unsure => {}
        }
    }

    /// Something of one person's own: all their connections know.
    fn hear_own(&self, note: &Note<'_>) {
        match *note {
            Note::Read {
                user,
                room,
                position,
                from,
            } => {
                let echo = ServerFrame::Read(ReadEcho {
                    room,
                    seq: position.seq,
                    generation: position.generation,
                });
                self.people.unicast(user, &echo, from);
            }
            Note::Replied {
                room,
                root,
                seq: Some(seq),
                by,
                followers,
            } => self.people.replied((room, root), seq, by, followers),
            Note::Thread {
                user,
                room,
                root,
                follow,
                from,
            } => {
                let change = ThreadChange {
                    room,
                    root,
                    seq: None,
                    following: Some(follow.on),
                    read_seq: Some(follow.read.seq),
                    generation: follow.read.generation,
                };
                self.people
                    .unicast(user, &ServerFrame::Thread(change), from);
            }
            Note::Saved {
                user,
                room,
                seq,
                on,
            } => {
                let saved = ServerFrame::Saved(SavedChange { room, seq, on });
                self.people.unicast(user, &saved, None);
            }
            _ => {}
        }
    }

    /// An entry was stored: its room's lane has it, and who came or went follows the room from now on, or no longer.
    fn publish(&self, event: &Event) {
        self.lanes.publish(event);
        match event.kind {
            EventKind::Join { user } => {
                self.people
                    .joined(user, event.room, Some(event.seq.saturating_sub(1)));
            }
            EventKind::Leave { user } => self.people.left(user, event.room),
            _ => {}
        }
    }

    /// Ends a room for these people: their connections hear `gone`.
    fn room_gone(&self, room: RoomId, members: &[UserId]) {
        for &user in members {
            self.people.left(user, room);
        }
        self.lanes.remove(room);
    }

    /// Shows somebody as they are now to the connections of these rooms, and to their own; to each once.
    fn show_user(&self, user: &UserSummary, rooms: &[RoomId]) {
        let frame = encode(&ServerFrame::User(UserChange { user: user.clone() }));
        let mut told = BTreeSet::new();
        let own = self.people.mailboxes_of(user.id);
        self.people.set_role(user.id, user.role);
        let others = rooms
            .iter()
            .flat_map(|&room| self.lanes.listening(room, usize::MAX));
        for mailbox in own.into_iter().chain(others) {
            if told.insert(mailbox.id()) {
                mailbox.push(frame.clone());
            }
        }
    }

    fn mint_session(&self) -> SessionId {
        loop {
            let number =
                self.next_session.fetch_add(1, Ordering::Relaxed) & protocol::limits::MAX_ID;
            if let Some(id) = SessionId::new(number) {
                return id;
            }
        }
    }

    /// A mailbox for a new connection of `user`.
    pub fn mailbox(&self, user: UserId, now: u64) -> Arc<Mailbox> {
        Arc::new(Mailbox::new(
            self.next_mailbox.fetch_add(1, Ordering::Relaxed),
            user,
            now,
        ))
    }
}

impl Tell for Hub {
    fn tell(&self, note: &Note<'_>) {
        self.hear(note);
        self.bus.tell(note);
    }
}
