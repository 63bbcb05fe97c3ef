//! The notes.

use protocol::{
    Event, Notice, PresenceState, ReadPosition, Role, RoomId, RoomSummary, Seq, SessionId, UserId,
    UserSummary,
};

use crate::store::{Done, Named, Reply, Rotated, Saving, Used, UsedReset, Write, rules::FollowRow};

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
    /// Somebody read a room up to a place, or set it back to one.
    Read {
        /// The user whose position it is.
        user: UserId,
        /// The room.
        room: RoomId,
        /// Their read position.
        position: ReadPosition,
        /// The connection that said so, which is not told again.
        from: Option<u64>,
    },
    /// There is a reply in a thread, or one was changed.
    Replied {
        /// The room.
        room: RoomId,
        /// The thread's first message.
        root: Seq,
        /// The reply, where it is new.
        seq: Option<Seq>,
        /// Who made the entry that says so.
        by: UserId,
        /// Who follows the thread, the one who made the entry among them.
        followers: &'a [UserId],
    },
    /// Somebody follows a thread, or not any more, or has read it up to a place.
    Thread {
        /// The user.
        user: UserId,
        /// The room.
        room: RoomId,
        /// The thread's first message.
        root: Seq,
        /// How they follow it now.
        follow: FollowRow,
        /// The connection that said so, which is not told again.
        from: Option<u64>,
    },
    /// Somebody wants something else of a room.
    PreferencesChanged {
        /// The user.
        user: UserId,
        /// The room.
        room: RoomId,
    },
    /// Somebody saved a message, or let go of it.
    Saved {
        /// The user.
        user: UserId,
        /// The room.
        room: RoomId,
        /// The message.
        seq: Seq,
        /// Whether it is saved.
        on: bool,
    },
    /// A room's name, topic or settings changed.
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
    /// A room that was gone is back.
    RoomBack {
        /// The room.
        room: RoomId,
        /// Its members.
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
        /// Rooms that they may have left, and are in again: what their connections know of these is of before, such as the threads that they follow.
        left: &'a [RoomId],
    },
    /// What was stored is not known: nothing that is remembered of the store holds.
    Unsure,
    /// Somebody's display name, password or role changed.
    AccountChanged {
        /// The user whose account it is.
        user: UserId,
    },
    /// Somebody may do this, with these sign-ins and no others, whatever was told of it: a commit whose outcome was unknown.
    AccountIs {
        /// The user.
        user: UserId,
        /// What they may do; none if they are shut out.
        role: Option<Role>,
        /// Their sign-ins that are good, ascending.
        sign_ins: &'a [u64],
    },
    /// Somebody is called otherwise, for the people of these rooms and their own connections.
    UserChanged {
        /// The person as they are now.
        user: &'a UserSummary,
        /// Their rooms.
        rooms: &'a [RoomId],
    },
    /// Somebody is shut out.
    Banned {
        /// The user.
        user: UserId,
    },
    /// A sign-in is over.
    SignedOut {
        /// The user whose sign-in it is.
        user: UserId,
        /// The sign-in.
        sign_in: u64,
    },
    /// A connection took over a live session that another node may keep.
    SessionMoved {
        /// The user whose session it is.
        user: UserId,
        /// Its sign-in.
        sign_in: u64,
        /// The session.
        session: SessionId,
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
        /// The thread that they write in, by its first message.
        thread: Option<Seq>,
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
        let threads = Self::of_threads(done);
        let other = Self::of_room(write, &done.reply)
            .or_else(|| Self::of_position(write, &done.reply))
            .or_else(|| Self::of_account(write, done));
        let user = write.touches_account();
        let reader = match *write {
            Write::ReadAll { who, .. } => Some(who.id),
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
        let read: &[(RoomId, ReadPosition)] = match &done.reply {
            Reply::ReadAll(read) => read,
            _ => &[],
        };
        let read = read.iter().filter_map(move |&(room, position)| {
            Some(Self::Read {
                user: reader?,
                room,
                position,
                from: None,
            })
        });
        entries
            .chain(threads)
            .chain(other)
            .chain(read)
            .chain(ended)
            .chain(used)
    }

    /// What an entry means for those who follow its thread.
    fn of_threads(done: &'a Done) -> impl Iterator<Item = Self> {
        let news = done.thread.as_deref().zip(done.events.first());
        news.into_iter().flat_map(|(news, event)| {
            let (room, root) = (event.room, news.root);
            let replied = Self::Replied {
                room,
                root,
                seq: event.kind.thread().map(|_| event.seq),
                by: event.by,
                followers: &news.followers,
            };
            let followed = news.followed.iter();
            let followed = followed.map(move |&(user, follow)| Self::Thread {
                user,
                room,
                root,
                follow,
                from: None,
            });
            [replied].into_iter().chain(followed)
        })
    }

    /// What became of a room, or of somebody's place in one.
    fn of_room(write: &Write, reply: &'a Reply) -> Option<Self> {
        match (write, reply) {
            (&Write::ChangeRoom { room, .. }, Reply::Room { members, .. }) => {
                Some(Self::RoomChanged { room, members })
            }
            (&Write::Prefer { who, room, .. }, Reply::Stored) => {
                Some(Self::PreferencesChanged { user: who.id, room })
            }
            // Also where it was so before: who asks again may not have heard the answer, and others may not have been told.
            (
                &Write::Save(Saving {
                    who, room, seq, on, ..
                }),
                Reply::Stored,
            ) => Some(Self::Saved {
                user: who.id,
                room,
                seq,
                on,
            }),
            (&Write::DeleteRoom { room, .. }, Reply::Room { members, .. }) => {
                Some(Self::RoomGone { room, members })
            }
            (&Write::UndeleteRoom { room, .. }, Reply::RoomBack { members }) => {
                Some(Self::RoomBack { room, members })
            }
            _ => None,
        }
    }

    /// Where a read position is now, and whether a thread is followed. The latter is told to the connection that said so, too: a reply that was
    /// stored before may have made them follow, and was told meanwhile.
    fn of_position(write: &Write, reply: &Reply) -> Option<Self> {
        let from = match *write {
            Write::Read { from, .. } | Write::Unread { from, .. } => from,
            _ => None,
        };
        match (write, reply) {
            (
                &(Write::Read { who, room, .. } | Write::Unread { who, room, .. }),
                &Reply::Read {
                    position,
                    moved: true,
                },
            ) => Some(Self::Read {
                user: who.id,
                room,
                position,
                from,
            }),
            (
                &(Write::Read {
                    who,
                    room,
                    thread: Some(root),
                    ..
                }
                | Write::Unread {
                    who,
                    room,
                    thread: Some(root),
                    ..
                }
                | Write::Follow {
                    who, room, root, ..
                }),
                &Reply::Thread {
                    follow,
                    changed: true,
                },
            ) => Some(Self::Thread {
                user: who.id,
                room,
                root,
                follow,
                from,
            }),
            _ => None,
        }
    }

    /// What became of an account, or of a sign-in that goes on.
    fn of_account(write: &Write, done: &Done) -> Option<Self> {
        match (write, &done.reply) {
            (
                &Write::Govern {
                    user,
                    banned: Some(true),
                    ..
                },
                _,
            ) => Some(Self::Banned { user }),
            (
                &Write::SetProfile { user, .. }
                | &Write::SetPassword { user, .. }
                | &Write::UseReset(UsedReset { user, .. })
                | &Write::SetRole { user, .. }
                | &Write::Govern { user, .. },
                _,
            ) => Some(Self::AccountChanged { user }),
            (Write::Rotate(rotation), &Reply::Rotated(Rotated::Done { user })) => {
                Some(Self::Prolonged {
                    user,
                    sign_in: rotation.id,
                    ends: rotation.expires_at,
                })
            }
            _ => None,
        }
    }
}
