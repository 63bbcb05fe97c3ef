//! Rights: may this user do this here? The server asks inside the transaction that acts on the answer; the page asks what to offer
//! (contract, "Rights").

use crate::{ActKind, Role, RoomKind, RoomSummary, UserId, UserSummary};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who {
    /// The user.
    pub id: UserId,
    /// Their role on the server.
    pub role: Role,
}

impl From<&UserSummary> for Who {
    fn from(user: &UserSummary) -> Self {
        Self {
            id: user.id,
            role: user.role,
        }
    }
}

/// The room that is asked about, as it is to the user who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The room's kind.
    pub kind: RoomKind,
    /// Who made it; none where the server does not say.
    pub created_by: Option<UserId>,
    /// Whether the asking user is a member.
    pub member: bool,
    /// Whether only its creator and admins write in it.
    pub read_only: bool,
    /// Whether nothing is said in it any more.
    pub archived: bool,
}

impl From<&RoomSummary> for Place {
    fn from(room: &RoomSummary) -> Self {
        Self {
            kind: room.kind,
            created_by: room.created_by,
            member: room.member,
            read_only: room.read_only,
            archived: room.archived,
        }
    }
}

/// What somebody may do in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Read history, log and members.
    Look,
    /// Move the read position.
    Read,
    /// Do such an act, whichever message it is about. To write, which shows that one is typing, is [`ActKind::Send`].
    Do(ActKind),
    /// Do this to a message of this author.
    Change(ActKind, UserId),
    /// Become a member oneself.
    Join,
    /// Make this user a member.
    Add(UserId),
    /// End this user's membership.
    Remove(UserId),
    /// Change name, topic or a setting, or delete the room.
    Govern,
}

/// What somebody may do on the server, in no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerRight {
    /// Make, see and revoke invites.
    Invite,
    /// Tell everybody something.
    Notify,
    /// Change what somebody may do, shut them out, or give them a way to a new password.
    Govern {
        /// Their role now.
        has: Role,
        /// The role that they are to have; the same for a ban or a reset.
        gets: Role,
    },
}

impl ServerRight {
    /// What whoever governs anybody may do: govern a plain member.
    pub const LEAST: Self = Self::Govern {
        has: Role::Member,
        gets: Role::Member,
    };
}

/// Which members of a room may do an act to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Every member.
    Member,
    /// Its author.
    Author,
    /// Its author, and moderators.
    AuthorOrModerator,
}

impl By {
    fn allows(self, who: Who, author: UserId) -> bool {
        match self {
            Self::Member => true,
            Self::Author => author == who.id,
            Self::AuthorOrModerator => author == who.id || who.role >= Role::Moderator,
        }
    }
}

/// What a room must be for an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it is done in archived rooms too.
    Any,
    /// It must not be archived.
    Unarchived,
    /// The same; where it is read only, the act is for its creator and admins.
    Writable,
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The room does not exist for them.
    NoRoom,
    /// They may not, for this reason.
    Because(&'static str),
    /// Nobody may: the room is archived.
    Archived,
}

/// The one answer. A private or direct room that the caller is not in does not exist for it, whatever its role.
pub fn may(who: Who, place: Place, right: Right) -> Result<(), Denied> {
    let Place {
        kind,
        created_by,
        member,
        read_only,
        archived,
    } = place;
    if kind != RoomKind::Public && !member {
        return Err(Denied::NoRoom);
    }
    if archived && ends_with_archiving(right, member) {
        return Err(Denied::Archived);
    }
    let made_it = created_by == Some(who.id);
    let governs = made_it || who.role >= Role::Admin;
    let allowed = match right {
        Right::Look => true,
        Right::Read => member,
        Right::Do(act) => member && (!read_only || governs || act.rules().needs != Needs::Writable),
        Right::Change(act, author) => member && act.rules().by.allows(who, author),
        Right::Join => kind == RoomKind::Public || (kind == RoomKind::Private && member),
        Right::Add(user) => {
            kind != RoomKind::Direct && (member || (kind == RoomKind::Public && user == who.id))
        }
        Right::Remove(user) => {
            kind != RoomKind::Direct && (user == who.id || made_it || who.role >= Role::Moderator)
        }
        Right::Govern => kind != RoomKind::Direct && governs,
    };
    if allowed {
        Ok(())
    } else {
        Err(Denied::Because(why(right, kind, member)))
    }
}

/// Whether this is not done in an archived room. It is read and left as before, and its creator and admins take it out again.
fn ends_with_archiving(right: Right, member: bool) -> bool {
    match right {
        Right::Do(act) | Right::Change(act, _) => act.rules().needs != Needs::Any,
        Right::Join => !member,
        Right::Add(_) => true,
        Right::Look | Right::Read | Right::Remove(_) | Right::Govern => false,
    }
}

/// [`may`] for what is done in no room. Owners govern everybody, admins everybody but owners.
pub fn may_on_server(who: Who, right: ServerRight) -> Result<(), Denied> {
    let why = match right {
        ServerRight::Invite if who.role < Role::Admin => "only owners and admins may invite people",
        ServerRight::Notify if who.role < Role::Admin => {
            "only owners and admins may tell everybody something"
        }
        ServerRight::Govern { .. } if who.role < Role::Admin => {
            "only owners and admins may change what people may do"
        }
        ServerRight::Govern { has, gets, .. }
            if who.role < Role::Owner && has.max(gets) == Role::Owner =>
        {
            "only an owner may do this to an owner, or make one"
        }
        ServerRight::Invite | ServerRight::Notify | ServerRight::Govern { .. } => return Ok(()),
    };
    Err(Denied::Because(why))
}

const fn why(right: Right, kind: RoomKind, member: bool) -> &'static str {
    match right {
        Right::Change(act, _) if member => match act.rules().by {
            By::Author => "only its author may change a message",
            By::AuthorOrModerator => "only its author or a moderator may delete a message",
            By::Member => "you may not do this",
        },
        Right::Do(_) if member => "this room is read only: its creator and admins write in it",
        Right::Look | Right::Read | Right::Do(_) | Right::Change(..) => {
            "you may read this room but not write in it; join it first"
        }
        Right::Join | Right::Add(_) | Right::Remove(_) if matches!(kind, RoomKind::Direct) => {
            "the people of a direct room are fixed"
        }
        Right::Join | Right::Add(_) => "only members may add people to this room",
        Right::Remove(_) => "only the room's creator or a moderator may remove somebody else",
        Right::Govern => "only the room's creator or an admin may do this",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(n: u64) -> UserId {
        UserId::new(n).unwrap()
    }

    fn place(kind: RoomKind, member: bool) -> Place {
        Place {
            kind,
            created_by: Some(user(9)),
            member,
            read_only: false,
            archived: false,
        }
    }

    fn denied(who: (u64, Role), place: Place, right: Right) -> Option<Denied> {
        may(
            Who {
                id: user(who.0),
                role: who.1,
            },
            place,
            right,
        )
        .err()
    }

    #[test]
    fn nobody_sees_a_private_room_without_being_in_it() {
        for kind in [RoomKind::Private, RoomKind::Direct] {
            for right in [
                Right::Look,
                Right::Do(ActKind::Send),
                Right::Join,
                Right::Govern,
                Right::Add(user(1)),
                Right::Remove(user(2)),
                Right::Change(ActKind::Delete, user(1)),
            ] {
                assert_eq!(
                    denied((1, Role::Owner), place(kind, false), right),
                    Some(Denied::NoRoom),
                    "{right:?}"
                );
            }
        }
    }

    #[test]
    fn owners_govern_everybody_and_admins_those_below_them() {
        let all = [Role::Member, Role::Moderator, Role::Admin, Role::Owner];
        for by in all {
            for has in all {
                for gets in all {
                    let who = Who {
                        id: user(1),
                        role: by,
                    };
                    let may = may_on_server(who, ServerRight::Govern { has, gets }).is_ok();
                    let below = has < Role::Owner && gets < Role::Owner;
                    let expected = by == Role::Owner || (by == Role::Admin && below);
                    assert_eq!(may, expected, "{by:?} makes {has:?} {gets:?}");
                }
            }
        }
    }

    #[test]
    fn a_public_room_is_read_before_it_is_joined() {
        let outside = place(RoomKind::Public, false);
        assert_eq!(denied((1, Role::Member), outside, Right::Look), None);
        assert_eq!(denied((1, Role::Member), outside, Right::Join), None);
        assert_eq!(
            denied((1, Role::Member), outside, Right::Add(user(1))),
            None
        );
        assert!(matches!(
            denied((1, Role::Member), outside, Right::Add(user(2))),
            Some(Denied::Because(_))
        ));
        assert!(matches!(
            denied((1, Role::Owner), outside, Right::Do(ActKind::Send)),
            Some(Denied::Because(_))
        ));
    }

    #[test]
    fn messages_belong_to_their_authors() {
        let inside = place(RoomKind::Public, true);
        assert_eq!(
            denied(
                (1, Role::Member),
                inside,
                Right::Change(ActKind::Edit, user(1))
            ),
            None
        );
        assert!(matches!(
            denied(
                (1, Role::Owner),
                inside,
                Right::Change(ActKind::Edit, user(2))
            ),
            Some(Denied::Because(_))
        ));
        assert!(matches!(
            denied(
                (1, Role::Member),
                inside,
                Right::Change(ActKind::Delete, user(2))
            ),
            Some(Denied::Because(_))
        ));
        assert_eq!(
            denied(
                (1, Role::Moderator),
                inside,
                Right::Change(ActKind::Delete, user(2))
            ),
            None
        );
    }

    #[test]
    fn direct_rooms_are_fixed() {
        let direct = place(RoomKind::Direct, true);
        for right in [
            Right::Add(user(2)),
            Right::Remove(user(1)),
            Right::Govern,
            Right::Join,
        ] {
            assert!(
                matches!(
                    denied((9, Role::Owner), direct, right),
                    Some(Denied::Because(_))
                ),
                "{right:?}"
            );
        }
    }

    #[test]
    fn rooms_are_governed_by_creator_and_admins() {
        let inside = place(RoomKind::Private, true);
        assert_eq!(denied((9, Role::Member), inside, Right::Govern), None);
        assert!(matches!(
            denied((1, Role::Moderator), inside, Right::Govern),
            Some(Denied::Because(_))
        ));
        assert_eq!(denied((1, Role::Admin), inside, Right::Govern), None);
        assert!(matches!(
            denied((1, Role::Member), inside, Right::Remove(user(2))),
            Some(Denied::Because(_))
        ));
        assert_eq!(
            denied((9, Role::Member), inside, Right::Remove(user(2))),
            None
        );
        assert_eq!(
            denied((1, Role::Member), inside, Right::Remove(user(1))),
            None
        );
    }
}
