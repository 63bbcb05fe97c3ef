//! May this user do this here? Asked inside the transaction that acts on the answer (contract, "Rights").

use protocol::{Role, RoomKind, UserId};

use crate::error::Refusal;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who {
    /// The user.
    pub id: UserId,
    /// Their role on the server.
    pub role: Role,
}

/// Where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The room's kind.
    pub kind: RoomKind,
    /// Who made it.
    pub created_by: UserId,
    /// Whether the asking user is a member.
    pub member: bool,
}

/// What.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Read history, log and members.
    Look,
    /// Send, react, move the read position, show that one is typing.
    Write,
    /// Change a message of this author.
    Edit(UserId),
    /// Take back a message of this author.
    Delete(UserId),
    /// Become a member oneself.
    Join,
    /// Make this user a member.
    Add(UserId),
    /// End this user's membership.
    Remove(UserId),
    /// Change name or topic, or delete the room.
    Govern,
}

/// The one answer. A private or direct room that the caller is not in does not exist for it, whatever its role.
pub fn may(who: Who, place: Place, right: Right) -> Result<(), Refusal> {
    let Place {
        kind,
        created_by,
        member,
    } = place;
    if kind != RoomKind::Public && !member {
        return Err(Refusal::not_found("room"));
    }
    let allowed = match right {
        Right::Look => true,
        Right::Write => member,
        Right::Edit(author) => member && author == who.id,
        Right::Delete(author) => member && (author == who.id || who.role >= Role::Moderator),
        Right::Join => kind == RoomKind::Public || (kind == RoomKind::Private && member),
        Right::Add(user) => {
            kind != RoomKind::Direct && (member || (kind == RoomKind::Public && user == who.id))
        }
        Right::Remove(user) => {
            kind != RoomKind::Direct
                && (user == who.id || created_by == who.id || who.role >= Role::Moderator)
        }
        Right::Govern => {
            kind != RoomKind::Direct && (created_by == who.id || who.role >= Role::Admin)
        }
    };
    if allowed {
        Ok(())
    } else {
        Err(Refusal::forbidden(why(right, kind, member)))
    }
}

const fn why(right: Right, kind: RoomKind, member: bool) -> &'static str {
    match right {
        Right::Edit(_) if member => "only its author may change a message",
        Right::Delete(_) if member => "only its author or a moderator may delete a message",
        Right::Look | Right::Write | Right::Edit(_) | Right::Delete(_) => {
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
    use protocol::ErrorCode;

    fn user(n: u64) -> UserId {
        UserId::new(n).unwrap()
    }

    fn place(kind: RoomKind, member: bool) -> Place {
        Place {
            kind,
            created_by: user(9),
            member,
        }
    }

    fn code(who: (u64, Role), place: Place, right: Right) -> Option<ErrorCode> {
        may(
            Who {
                id: user(who.0),
                role: who.1,
            },
            place,
            right,
        )
        .err()
        .map(|refusal| refusal.code)
    }

    #[test]
    fn nobody_sees_a_private_room_without_being_in_it() {
        for kind in [RoomKind::Private, RoomKind::Direct] {
            for right in [
                Right::Look,
                Right::Write,
                Right::Join,
                Right::Govern,
                Right::Add(user(1)),
                Right::Remove(user(2)),
                Right::Delete(user(1)),
            ] {
                assert_eq!(
                    code((1, Role::Owner), place(kind, false), right),
                    Some(ErrorCode::NotFound),
                    "{right:?}"
                );
            }
        }
    }

    #[test]
    fn a_public_room_is_read_before_it_is_joined() {
        let outside = place(RoomKind::Public, false);
        assert_eq!(code((1, Role::Member), outside, Right::Look), None);
        assert_eq!(code((1, Role::Member), outside, Right::Join), None);
        assert_eq!(code((1, Role::Member), outside, Right::Add(user(1))), None);
        assert_eq!(
            code((1, Role::Member), outside, Right::Add(user(2))),
            Some(ErrorCode::Forbidden)
        );
        assert_eq!(
            code((1, Role::Owner), outside, Right::Write),
            Some(ErrorCode::Forbidden)
        );
    }

    #[test]
    fn messages_belong_to_their_authors() {
        let inside = place(RoomKind::Public, true);
        assert_eq!(code((1, Role::Member), inside, Right::Edit(user(1))), None);
        assert_eq!(
            code((1, Role::Owner), inside, Right::Edit(user(2))),
            Some(ErrorCode::Forbidden)
        );
        assert_eq!(
            code((1, Role::Member), inside, Right::Delete(user(2))),
            Some(ErrorCode::Forbidden)
        );
        assert_eq!(
            code((1, Role::Moderator), inside, Right::Delete(user(2))),
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
            assert_eq!(
                code((9, Role::Owner), direct, right),
                Some(ErrorCode::Forbidden),
                "{right:?}"
            );
        }
    }

    #[test]
    fn rooms_are_governed_by_creator_and_admins() {
        let inside = place(RoomKind::Private, true);
        assert_eq!(code((9, Role::Member), inside, Right::Govern), None);
        assert_eq!(
            code((1, Role::Moderator), inside, Right::Govern),
            Some(ErrorCode::Forbidden)
        );
        assert_eq!(code((1, Role::Admin), inside, Right::Govern), None);
        assert_eq!(
            code((1, Role::Member), inside, Right::Remove(user(2))),
            Some(ErrorCode::Forbidden)
        );
        assert_eq!(
            code((9, Role::Member), inside, Right::Remove(user(2))),
            None
        );
        assert_eq!(
            code((1, Role::Member), inside, Right::Remove(user(1))),
            None
        );
    }
}
