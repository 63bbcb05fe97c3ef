//! Everything that can be written, and what becomes of it.

use protocol::{Ack, Command, Event, Role, RoomId, RoomKind, Seq, UserId};

use super::{
    Authored, Begun, InviteRecord, Named, NewSignIn, Rotated, Rotation, Use, UseRule, Used,
};
use crate::{auth::rights::Who, error::Refusal};

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
        /// Up to and with this.
        seq: Seq,
        /// The connection that said so, which is not told again.
        from: Option<u64>,
    },
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
    /// Change name or topic.
    ChangeRoom {
        /// The user who asks, with their role.
        who: Who,
        /// The room.
        room: RoomId,
        /// Its new name; already valid.
        name: Option<String>,
        /// Its new topic; already valid.
        topic: Option<String>,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Make it gone for everybody.
    DeleteRoom {
        /// The user who asks, with their role.
        who: Who,
        /// The room.
        room: RoomId,
        /// The time, in milliseconds since the epoch.
        now: u64,
    },
    /// Make an account. The first one is the owner's and makes #general; later ones join #general and their invite's rooms.
    CreateAccount(SignUp),
    /// Change what is shown of somebody.
    SetDisplayName {
        /// The user.
        user: UserId,
        /// Their display name from now on; already valid.
        display_name: String,
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
            | Self::Join { now, .. }
            | Self::Leave { now, .. }
            | Self::CreateRoom { now, .. }
            | Self::CreateDirect { now, .. }
            | Self::ChangeRoom { now, .. }
            | Self::DeleteRoom { now, .. }
            | Self::CreateAccount(SignUp { now, .. }) => *now = at,
            Self::Read { .. }
            | Self::SetDisplayName { .. }
            | Self::SetPassword { .. }
            | Self::SignIn(_)
            | Self::Rotate(_)
            | Self::Revoke { .. }
            | Self::Use { .. }
            | Self::Invite(_) => {}
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
                | Self::SetPassword { .. }
                | Self::SignIn(_)
                | Self::Rotate(_)
                | Self::Revoke { .. }
        )
    }

    /// Whose memberships or read positions, and which room's log, it may change.
    pub fn touches(&self) -> (Vec<UserId>, Option<RoomId>) {
        match self {
            Self::Command(one) => (vec![one.who.id], Some(one.command.room)),
            Self::ChangeRoom { who, room, .. }
            | Self::DeleteRoom { who, room, .. }
            | Self::Read { who, room, .. } => (vec![who.id], Some(*room)),
            Self::Join { room, user, .. } | Self::Leave { room, user, .. } => {
                (vec![*user], Some(*room))
            }
            Self::CreateRoom { who, .. } => (vec![who.id], None),
            Self::CreateDirect { who, others, .. } => {
                (others.iter().copied().chain([who.id]).collect(), None)
            }
            Self::CreateAccount(_)
            | Self::SetDisplayName { .. }
            | Self::SetPassword { .. }
            | Self::SignIn(_)
            | Self::Rotate(_)
            | Self::Revoke { .. }
            | Self::Use { .. }
            | Self::Invite(_) => (Vec::new(), None),
        }
    }
}

/// What became of one write.
pub type Outcome = Result<Done, Refusal>;

/// A write that was stored, or was stored before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What to tell who asked.
    pub reply: Reply,
    /// The entries that it made, in the order of their places. None for a repeat.
    pub events: Vec<Event>,
    /// Whom a message that was sent names.
    pub named: Named,
}

/// What to tell who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A command with an id.
    Ack {
        /// The ack, the same for ever.
        ack: Ack,
        /// Whether the id was acked before.
        repeat: bool,
    },
    /// A read position.
    Read {
        /// Where it is now.
        seq: Seq,
        /// Whether it moved.
        moved: bool,
    },
    /// A room was made, found or changed.
    Room {
        /// The room.
        room: RoomId,
        /// Its people, where the hub must tell them.
        members: Vec<UserId>,
        /// Whether it is new.
        created: bool,
    },
    /// A membership began, ended, or was so already.
    Member {
        /// The user.
        user: UserId,
        /// Whether something changed.
        changed: bool,
    },
    /// An account was made.
    Account {
        /// The user.
        user: UserId,
        /// The first one is the owner's.
        role: Role,
        /// The rooms that it joined.
        rooms: Vec<RoomId>,
    },
    /// A display name, or an invite.
    Stored,
    /// These sign-ins are over.
    Ended(Vec<u64>),
    /// A sign-in began.
    SignedIn(Begun),
    /// What became of a refresh token.
    Rotated(Rotated),
    /// The uses that were noted.
    Used(Vec<Used>),
}

impl Done {
    /// A reply with entries that name nobody.
    pub fn of(reply: Reply, events: Vec<Event>) -> Self {
        Self {
            reply,
            events,
            named: Named::default(),
        }
    }

    /// A reply without entries.
    pub fn quiet(reply: Reply) -> Self {
        Self::of(reply, Vec::new())
    }
}
