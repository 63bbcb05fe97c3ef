//! Everything that can be written.

use protocol::{Command, PreferencesPatch, Role, RoomId, RoomKind, RoomPatch, Seq, UserId};

use super::{Authored, InviteRecord, NewSignIn, ProfilePatch, ResetRecord, Rotation, Use, UseRule};
use crate::auth::rights::Who;

/// One change. Each is authorised and deduplicated in the transaction that stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Say something, or change how a message stands.
    Command(Authored),
    /// Move a read position.
    Read {
        /// The user who asks, with their role.
        who: Who,
        /// The room.
        room: RoomId,
        /// The thread whose position it is, by its first message; the room's if none.
        thread: Option<Seq>,
        /// Up to where.
        to: ReadTo,
        /// The connection that said so, which is not told again.
        from: Option<u64>,
    },
    /// Set a read position back: an entry and what follows it is unread.
    Unread {
        /// The user who asks, with their role.
        who: Who,
        /// The room.
        room: RoomId,
        /// The thread whose position it is, by its first message; the room's if none.
        thread: Option<Seq>,
        /// The first entry that is unread.
        seq: Seq,
        /// The connection that said so, which is not told again.
        from: Option<u64>,
    },
    /// Follow a thread, or not any more.
    Follow {
        /// The user who asks, with their role.
        who: Who,
        /// The room.
        room: RoomId,
        /// The thread's first message.
        root: Seq,
        /// Whether to follow it.
        on: bool,
    },
    /// Read to their ends the rooms that somebody is in: so many of those after one, by id.
    ReadAll {
        /// The user who asks, with their role.
        who: Who,
        /// The last room that was read so; 0 for none.
        after: u64,
        /// How many rooms at most.
        limit: u32,
    },
    /// Change what somebody wants of a room.
    Prefer {
        /// The user who asks, with their role.
        who: Who,
        /// The room.
        room: RoomId,
        /// What changes.
        patch: PreferencesPatch,
    },
    /// Save a message for oneself, or let go of it.
    Save(Saving),
    /// Make somebody a member.
    Join {
        /// Who asks.
        who: Who,
        /// The room.
        room: RoomId,
        /// Who becomes a member.
        user: UserId,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// End a membership.
    Leave {
        /// Who asks.
        who: Who,
        /// The room.
        room: RoomId,
        /// Whose membership.
        user: UserId,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Make a public or private room; its creator becomes a member.
    CreateRoom {
        /// The user who asks, with their role.
        who: Who,
        /// Public or private.
        kind: RoomKind,
        /// Its name; already valid.
        name: String,
        /// Its topic; already valid.
        topic: String,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Make or find the direct room of exactly these people.
    CreateDirect {
        /// The user who asks, with their role.
        who: Who,
        /// The others, 1 to 9, without repeats.
        others: Vec<UserId>,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Change name, topic or settings.
    ChangeRoom {
        /// The user who asks, with their role.
        who: Who,
        /// The room.
        room: RoomId,
        /// What to change; already valid.
        patch: RoomPatch,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Make it gone for everybody; for a while it can be brought back.
    DeleteRoom {
        /// The user who asks, with their role.
        who: Who,
        /// The room.
        room: RoomId,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Bring a deleted room back.
    UndeleteRoom {
        /// The user who asks, with their role.
        who: Who,
        /// The room.
        room: RoomId,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Of the rooms that cannot be brought back any more, erase one with all that was said in it.
    EraseRoom {
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Make an account. The first one is the owner's and makes #general; later ones join #general and their invite's rooms.
    CreateAccount(SignUp),
    /// Change what is shown of somebody.
    SetProfile {
        /// The user.
        user: UserId,
        /// What is changed.
        patch: ProfilePatch,
    },
    /// Change a password, and end all sign-ins but one.
    SetPassword {
        /// The user.
        user: UserId,
        /// The password's hash.
        hash: String,
        /// The sign-in that goes on.
        keep: u64,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Change what somebody may do on the whole server, or shut them out, which ends their sign-ins.
    Govern {
        /// The user who asks.
        who: UserId,
        /// About whom.
        user: UserId,
        /// Their role from now on.
        role: Option<Role>,
        /// Whether they are shut out.
        banned: Option<bool>,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// As an operator: change what somebody may do on the whole server.
    SetRole {
        /// The user.
        user: UserId,
        /// Their role from now on.
        role: Role,
    },
    /// Begin a sign-in, and end those that the user has on the same device. The hash of its refresh token follows with a [`Write::Rotate`].
    SignIn(NewSignIn),
    /// Spend a refresh token for the next one.
    Rotate(Rotation),
    /// End a sign-in.
    Revoke {
        /// The user.
        user: UserId,
        /// Its id.
        id: u64,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Note that sign-ins are used: it puts off their end.
    Use {
        /// Which, and when.
        uses: Vec<Use>,
        /// What a use does.
        rule: UseRule,
    },
    /// Keep an invite.
    Invite(InviteRecord),
    /// Make an invite worth nothing.
    RevokeInvite {
        /// Its code.
        code: String,
    },
    /// Keep a link by which somebody chooses a new password, in place of the one before.
    Reset(ResetRecord),
    /// Use it: a new password, and the end of all sign-ins.
    UseReset(UsedReset),
}

/// A link to a new password that is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedReset {
    /// Whose password.
    pub user: UserId,
    /// The hash of the link's code.
    pub code: Vec<u8>,
    /// The password's hash.
    pub hash: String,
    /// The time, in milliseconds since the epoch.
    pub now: u64,
}

/// Up to where somebody read, as they tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadTo {
    /// Up to and with this.
    pub seq: Seq,
    /// The generation of the position that it moves; none for the present one.
    pub generation: Option<u64>,
}

/// A message to be saved, or to be let go of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saving {
    /// The user who asks, with their role.
    pub who: Who,
    /// The room.
    pub room: RoomId,
    /// The message.
    pub seq: Seq,
    /// Whether it is saved from now on.
    pub on: bool,
    /// The time, in milliseconds since the epoch.
    pub now: u64,
}

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignUp {
    /// Its name; already valid.
    pub name: String,
    /// What is shown; already valid.
    pub display_name: String,
    /// The password's hash.
    pub password: String,
    /// The invite's code.
    pub invite: Option<String>,
    /// Whether it needs none.
    pub open: bool,
    /// The time, in milliseconds since the epoch.
    pub now: u64,
}

impl Write {
    /// A member's command; its text and emoji are valid.
    pub fn command(who: Who, command: Command, now: u64) -> Self {
        Self::Command(Authored::new(who, command, now))
    }

    /// Says when it is stored. The queue stamps a whole batch just before it commits it, so that times never run backwards
    /// within a log, whatever the clock does and however long somebody waited in line. What is in no log keeps its own time: tokens are
    /// made from it.
    pub const fn stamp(&mut self, at: u64) {
        match self {
            Self::Command(Authored { now, .. })
            | Self::Save(Saving { now, .. })
            | Self::Join { now, .. }
            | Self::Leave { now, .. }
            | Self::CreateRoom { now, .. }
            | Self::CreateDirect { now, .. }
            | Self::ChangeRoom { now, .. }
            | Self::DeleteRoom { now, .. }
            | Self::UndeleteRoom { now, .. }
            | Self::EraseRoom { now }
            | Self::CreateAccount(SignUp { now, .. }) => *now = at,
            Self::Read { .. }
            | Self::Unread { .. }
            | Self::Follow { .. }
            | Self::ReadAll { .. }
            | Self::Prefer { .. }
            | Self::SetProfile { .. }
            | Self::SetPassword { .. }
            | Self::SetRole { .. }
            | Self::Govern { .. }
            | Self::SignIn(_)
            | Self::Rotate(_)
            | Self::Revoke { .. }
            | Self::Use { .. }
            | Self::Invite(_)
            | Self::RevokeInvite { .. }
            | Self::Reset(_)
            | Self::UseReset(_) => {}
        }
    }

    /// Whether it may be tried again where it may be stored already without anybody having heard of it. What makes something does not: it
    /// would make another, or find its own name taken. What ends sign-ins does not either: who is signed out is told once.
    pub const fn may_be_repeated(&self) -> bool {
        !matches!(
            self,
            Self::CreateAccount(_)
                | Self::CreateRoom { .. }
                | Self::Invite(_)
                | Self::RevokeInvite { .. }
                | Self::Reset(_)
                | Self::UseReset(_)
                | Self::SetPassword { .. }
                | Self::Govern { .. }
                | Self::SignIn(_)
                | Self::Rotate(_)
                | Self::Revoke { .. }
        )
    }
}
