//! What a person's connections are told: rooms that they are in, frames, and what they may do. `Hub::hear` decides what is told to whom.

use std::sync::Arc;

use protocol::{Role, RoomId, RoomSummary, Seq, ServerFrame, ThreadChange, UserId};

use super::{
    LiveSession, encode,
    mailbox::Instruction,
    people::{ConnectedPeople, Person, PersonRooms},
};

impl ConnectedPeople {
    /// Somebody is in a room from now on, and hears what follows `after`; its end, if none.
    pub(super) fn joined(&self, user: UserId, room: RoomId, after: Option<Seq>) {
        self.with(user, |person| {
            person.changes += 1;
            person.rooms.add(std::iter::once(room));
            for mailbox in person.mailboxes() {
                mailbox.control(Instruction::Subscribe { room, after });
            }
        });
    }

    /// Somebody is in a room no longer.
    pub(super) fn left(&self, user: UserId, room: RoomId) {
        self.with(user, |person| {
            person.changes += 1;
            person.rooms.remove(room);
            for mailbox in person.mailboxes() {
                mailbox.control(Instruction::Unsubscribe { room });
            }
        });
    }

    /// Somebody is in these rooms, of which they may have `left` some and come back, and in no others.
    pub(super) fn is_in(&self, user: UserId, rooms: &[RoomSummary], left: &[RoomId]) {
        self.with(user, |person| person.is_in(rooms, left));
    }

    /// As [`Self::is_in`], unless a membership was heard of since [`Self::changes_of`] was `changes`. False then.
    pub(crate) fn is_in_as_of(&self, user: UserId, rooms: &[RoomSummary], changes: u64) -> bool {
        let told = self.with(user, |person| {
            let holds = person.changes == changes;
            if holds {
                person.is_in(rooms, &[]);
            }
            holds
        });
        told.unwrap_or(true)
    }

    /// A room changed for these people: their connections hear `room`.
    pub(super) fn room_changed(&self, room: RoomId, members: &[UserId]) {
        for &user in members {
            for mailbox in self.mailboxes_of(user) {
                mailbox.control(Instruction::Refresh { room });
            }
        }
    }

    /// A unicast: to every connection of one user, but `except`.
    pub(super) fn unicast(&self, user: UserId, frame: &ServerFrame, except: Option<u64>) {
        let bytes = encode(frame);
        for mailbox in self.mailboxes_of(user) {
            if Some(mailbox.id()) != except {
                mailbox.push(bytes.clone());
            }
        }
    }

    /// There is a reply in a thread: those who follow it know, but for its author, whose connections know.
    pub(super) fn replied(
        &self,
        (room, root): (RoomId, Seq),
        seq: Seq,
        by: UserId,
        followers: &[UserId],
    ) {
        let frame = encode(&ServerFrame::Thread(ThreadChange {
            room,
            root,
            seq: Some(seq),
            following: Some(true),
            read_seq: None,
            generation: 0,
        }));
        for &user in followers.iter().filter(|user| **user != by) {
            for mailbox in self.mailboxes_of(user) {
                mailbox.push(frame.clone());
            }
        }
    }

    /// A broadcast: to every connection of this node.
    pub(super) fn broadcast(&self, frame: &ServerFrame) {
        let bytes = encode(frame);
        for mailbox in self.mailboxes() {
            mailbox.push(bytes.clone());
        }
    }

    /// What somebody may do from now on, over whatever connection.
    pub(crate) fn set_role(&self, user: UserId, role: Role) {
        for session in self.sessions_of(user) {
            session.set_role(role);
        }
    }

    /// The sessions of somebody.
    pub(crate) fn sessions_of(&self, user: UserId) -> Vec<Arc<LiveSession>> {
        self.with(user, |person| person.sessions.clone())
            .unwrap_or_default()
    }

    /// The sessions of a sign-in.
    pub(super) fn signed_in(&self, user: UserId, sign_in: u64) -> Vec<Arc<LiveSession>> {
        let mut sessions = self.sessions_of(user);
        sessions.retain(|session| session.sign_in == sign_in);
        sessions
    }

    /// The sign-ins that have a connection, each once in `every_ms` for each of them, whichever way the wall clock jumps.
    pub(crate) fn used(&self, wall: u64, every_ms: u64) -> Vec<u64> {
        let sessions = self.sessions().into_iter();
        let due = sessions.filter(|session| session.is_used(wall, every_ms));
        due.map(|session| session.sign_in).collect()
    }
}

impl Person {
    fn is_in(&mut self, rooms: &[RoomSummary], left: &[RoomId]) {
        self.rooms = PersonRooms::default();
        self.rooms.add(rooms.iter().map(|room| room.id));
        // Nobody read yet where they are new, so the read position still is where the membership began.
        let rooms: Arc<[_]> = rooms
            .iter()
            .map(|room| (room.id, room.read_seq.saturating_sub(1)))
            .collect();
        for mailbox in self.mailboxes() {
            mailbox.control(Instruction::Rooms(Arc::clone(&rooms)));
            for &(room, _) in rooms.iter().filter(|(room, _)| left.contains(room)) {
                mailbox.control(Instruction::Resubscribe { room, after: None });
            }
        }
    }
}
