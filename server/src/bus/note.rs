//! The notes.

use protocol::{Event, Notice, PresenceState, RoomId, RoomSummary, Seq, UserId};

use crate::store::{Done, Named, Reply, Rotated, Used, Write};

/// Something that happened, for everybody whom it concerns, on whatever node. It says how things are now, so that hearing it twice
/// changes nothing; and a note that is lost is made up for, as rooms' heads are compared and what is remembered is read again.
#[derive(Clone, Copy, Debug)]
pub enum Note<'a> {
    /// An entry was stored. Those of a room come in the order of their `seq`.
    Entry {
        /// The entry.
        event: &'a Event,
        /// Whom it names.
        named: &'a Named,
    },
    /// Somebody read a room up to `seq`.
    Read {
        /// The user whose position it is.
        user: UserId,
        /// The room.
        room: RoomId,
        /// Their read position.
        seq: Seq,
        /// The connection that said so, which is not told again.
        from: Option<u64>,
    },
    /// A room's name or topic changed.
    RoomChanged {
        /// The room.
        room: RoomId,
        /// Its members.
        members: &'a [UserId],
    },
    /// A room is gone.
    RoomGone {
        /// The room.
        room: RoomId,
        /// Who was a member.
        members: &'a [UserId],
    },
    /// A room's log ends at `seq`, whatever was told of it: a commit whose outcome was unknown.
    Head {
        /// The room.
        room: RoomId,
        /// The newest entry.
        seq: Seq,
    },
    /// A user is a member of just these rooms, whatever was told of it: a commit whose outcome was unknown.
    Rooms {
        /// The user.
        user: UserId,
        /// Their rooms.
        rooms: &'a [RoomSummary],
    },
    /// What was stored is not known: nothing that is remembered of the store holds.
    Unsure,
    /// Somebody's display name or password changed.
    AccountChanged {
        /// The user whose account it is.
        user: UserId,
    },
    /// A sign-in is over.
    SignedOut {
        /// The user whose sign-in it is.
        user: UserId,
        /// The sign-in.
        sign_in: u64,
    },
    /// A sign-in was used or refreshed, and ends later.
    Prolonged {
        /// The user whose sign-in it is.
        user: UserId,
        /// The sign-in.
        sign_in: u64,
        /// When it ends now, in milliseconds since the epoch.
        ends: u64,
    },
    /// Somebody came, went, or is away.
    Presence {
        /// The user who came, went or is away.
        user: UserId,
        /// Their state.
        state: PresenceState,
        /// The rooms whose people see it.
        rooms: &'a [RoomId],
    },
    /// Somebody writes in a room.
    Typing {
        /// The user who writes.
        user: UserId,
        /// The room.
        room: RoomId,
    },
    /// For everybody on the server.
    Notice(&'a Notice),
}

impl<'a> Note<'a> {
    /// What a write that was stored tells, in order: its entries, then what else became of rooms, people and sign-ins.
    pub fn of(write: &Write, done: &'a Done) -> impl Iterator<Item = Self> {
        let named = &done.named;
        let entries = done.events.iter();
        let entries = entries.map(move |event| Self::Entry { event, named });
        let other = match (write, &done.reply) {
            (&Write::ChangeRoom { room, .. }, Reply::Room { members, .. }) => {
                Some(Self::RoomChanged { room, members })
            }
            (&Write::DeleteRoom { room, .. }, Reply::Room { members, .. }) => {
                Some(Self::RoomGone { room, members })
            }
            (
                &Write::Read {
                    who, room, from, ..
                },
                &Reply::Read { seq, moved: true },
            ) => Some(Self::Read {
                user: who.id,
                room,
                seq,
                from,
            }),
            (&Write::SetDisplayName { user, .. } | &Write::SetPassword { user, .. }, _) => {
                Some(Self::AccountChanged { user })
            }
            (Write::Rotate(rotation), &Reply::Rotated(Rotated::Done { user })) => {
                Some(Self::Prolonged {
                    user,
                    sign_in: rotation.id,
                    ends: rotation.expires_at,
                })
            }
            _ => None,
        };
        let user = match *write {
            Write::SetPassword { user, .. } | Write::Revoke { user, .. } => Some(user),
            Write::SignIn(ref new) => Some(new.user),
            _ => None,
        };
        let ended: &[u64] = match &done.reply {
            Reply::Ended(ended) => ended,
            Reply::SignedIn(begun) => &begun.replaced,
            _ => &[],
        };
        let ended = ended.iter().filter_map(move |&sign_in| {
            Some(Self::SignedOut {
                user: user?,
                sign_in,
            })
        });
        let used: &[Used] = match &done.reply {
            Reply::Used(used) => used,
            _ => &[],
        };
        let used = used.iter().map(|one| Self::Prolonged {
            user: one.user,
            sign_in: one.id,
            ends: one.expires_at,
        });
        entries.chain(other).chain(ended).chain(used)
    }
}
