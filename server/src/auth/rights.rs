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
pub enum Act {
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
pub fn may(who: Who, place: Place, act: Act) -> Result<(), Refusal> {
    let Place {
        kind,
        created_by,
        member,
    } = place;
    if kind != RoomKind::Public && !member {
        return Err(Refusal::not_found("room"));
    }
    let allowed = match act {
        Act::Look => true,
        Act::Write => member,
        Act::Edit(author) => member && author == who.id,
        Act::Delete(author) => member && (author == who.id || who.role >= Role::Moderator),
        Act::Join => kind == RoomKind::Public || (kind == RoomKind::Private && member),
        Act::Add(user) => {
            kind != RoomKind::Direct && (member || (kind == RoomKind::Public && user == who.id))
        }
        Act::Remove(user) => {
            kind != RoomKind::Direct
                && (user == who.id || created_by == who.id || who.role >= Role::Moderator)
        }
        Act::Govern => {
            kind != RoomKind::Direct && (created_by == who.id || who.role >= Role::Admin)
        }
    };
    if allowed {
        Ok(())
    } else {
        Err(Refusal::forbidden(why(act, kind, member)))
    }
}

const fn why(act: Act, kind: RoomKind, member: bool) -> &'static str {
    match act {
        Act::Edit(_) if member => "only its author may change a message",
        Act::Delete(_) if member => "only its author or a moderator may delete a message",
        Act::Look | Act::Write | Act::Edit(_) | Act::Delete(_) => {
            "you may read this room but not write in it; join it first"
        }
        Act::Join | Act::Add(_) | Act::Remove(_) if matches!(kind, RoomKind::Direct) => {
            "the people of a direct room are fixed"
        }
        Act::Join | Act::Add(_) => "only members may add people to this room",
        Act::Remove(_) => "only the room's creator or a moderator may remove somebody else",
        Act::Govern => "only the room's creator or an admin may do this",
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

    fn code(who: (u64, Role), place: Place, act: Act) -> Option<ErrorCode> {
        may(
            Who {
                id: user(who.0),
                role: who.1,
            },
            place,
            act,
        )
        .err()
        .map(|refusal| refusal.code)
    }

    #[test]
    fn nobody_sees_a_private_room_without_being_in_it() {
        for kind in [RoomKind::Private, RoomKind::Direct] {
            for act in [
                Act::Look,
                Act::Write,
                Act::Join,
                Act::Govern,
                Act::Add(user(1)),
                Act::Remove(user(2)),
                Act::Delete(user(1)),
            ] {
                assert_eq!(
                    code((1, Role::Owner), place(kind, false), act),
                    Some(ErrorCode::NotFound),
                    "{act:?}"
                );
            }
        }
    }

    #[test]
    fn a_public_room_is_read_before_it_is_joined() {
        let outside = place(RoomKind::Public, false);
        assert_eq!(code((1, Role::Member), outside, Act::Look), None);
        assert_eq!(code((1, Role::Member), outside, Act::Join), None);
        assert_eq!(code((1, Role::Member), outside, Act::Add(user(1))), None);
        assert_eq!(
            code((1, Role::Member), outside, Act::Add(user(2))),
            Some(ErrorCode::Forbidden)
        );
        assert_eq!(
            code((1, Role::Owner), outside, Act::Write),
            Some(ErrorCode::Forbidden)
        );
    }

    #[test]
    fn messages_belong_to_their_authors() {
        let inside = place(RoomKind::Public, true);
        assert_eq!(code((1, Role::Member), inside, Act::Edit(user(1))), None);
        assert_eq!(
            code((1, Role::Owner), inside, Act::Edit(user(2))),
            Some(ErrorCode::Forbidden)
        );
        assert_eq!(
            code((1, Role::Member), inside, Act::Delete(user(2))),
            Some(ErrorCode::Forbidden)
        );
        assert_eq!(
            code((1, Role::Moderator), inside, Act::Delete(user(2))),
            None
        );
    }

    #[test]
    fn direct_rooms_are_fixed() {
        let direct = place(RoomKind::Direct, true);
        for act in [
            Act::Add(user(2)),
            Act::Remove(user(1)),
            Act::Govern,
            Act::Join,
        ] {
            assert_eq!(
                code((9, Role::Owner), direct, act),
                Some(ErrorCode::Forbidden),
                "{act:?}"
            );
        }
    }

    #[test]
    fn rooms_are_governed_by_creator_and_admins() {
        let inside = place(RoomKind::Private, true);
        assert_eq!(code((9, Role::Member), inside, Act::Govern), None);
        assert_eq!(
            code((1, Role::Moderator), inside, Act::Govern),
            Some(ErrorCode::Forbidden)
        );
        assert_eq!(code((1, Role::Admin), inside, Act::Govern), None);
        assert_eq!(
            code((1, Role::Member), inside, Act::Remove(user(2))),
            Some(ErrorCode::Forbidden)
        );
        assert_eq!(code((9, Role::Member), inside, Act::Remove(user(2))), None);
        assert_eq!(code((1, Role::Member), inside, Act::Remove(user(1))), None);
    }
}
