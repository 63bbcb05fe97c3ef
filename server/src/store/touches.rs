//! What a write may change: asked after a commit whose outcome is not known, and by what tells of one that is.

use protocol::{Act, RoomId, Seq, UserId};

use super::{UsedReset, Write};

impl Write {
    /// The thread whose followers, or what they have read of it, it may change: by its room and its first message.
    pub fn touches_thread(&self) -> Option<(RoomId, Seq)> {
        match self {
            Self::Command(one) => {
                let Act::Send { thread, .. } = &one.command.act else {
                    return None;
                };
                Some((one.command.room, thread.as_ref()?.root))
            }
            Self::Read { room, thread, .. } | Self::Unread { room, thread, .. } => {
                Some((*room, (*thread)?))
            }
            Self::Follow { room, root, .. } => Some((*room, *root)),
            _ => None,
        }
    }

    /// Whose account or sign-ins it may change.
    pub fn touches_account(&self) -> Option<UserId> {
        match *self {
            Self::SetProfile { user, .. }
            | Self::SetPassword { user, .. }
            | Self::SetRole { user, .. }
            | Self::UseReset(UsedReset { user, .. })
            | Self::Revoke { user, .. }
            | Self::Govern { user, .. } => Some(user),
            Self::SignIn(ref new) => Some(new.user),
            _ => None,
        }
    }

    /// Whose memberships or read positions, and which room's log, it may change.
    pub fn touches(&self) -> (Vec<UserId>, Option<RoomId>) {
        match self {
            Self::Command(one) => (vec![one.who.id], Some(one.command.room)),
            Self::ChangeRoom { who, room, .. }
            | Self::DeleteRoom { who, room, .. }
            | Self::UndeleteRoom { who, room, .. }
            | Self::Read { who, room, .. }
            | Self::Unread { who, room, .. }
            | Self::Follow { who, room, .. }
            | Self::Prefer { who, room, .. } => (vec![who.id], Some(*room)),
            Self::Join { room, user, .. } | Self::Leave { room, user, .. } => {
                (vec![*user], Some(*room))
            }
            Self::CreateRoom { who, .. } | Self::ReadAll { who, .. } => (vec![who.id], None),
            Self::CreateDirect { who, others, .. } => {
                (others.iter().copied().chain([who.id]).collect(), None)
            }
            Self::CreateAccount(_)
            | Self::Save(_)
            | Self::EraseRoom { .. }
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
            | Self::UseReset(_) => (Vec::new(), None),
        }
    }
}
