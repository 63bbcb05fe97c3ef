//! Who may do what in rooms that are read only or archived.

use protocol::{
    ActKind, Role, RoomKind, UserId,
    rights::{Denied, Place, Right, Who, may},
};

const MAKER: u64 = 9;

fn user(n: u64) -> UserId {
    UserId::new(n).unwrap()
}

fn room(kind: RoomKind, member: bool) -> Place {
    Place {
        kind,
        created_by: UserId::new(MAKER),
        member,
        read_only: false,
        archived: false,
    }
}

fn everybody() -> impl Iterator<Item = Who> {
    let roles = [Role::Member, Role::Moderator, Role::Admin, Role::Owner];
    roles
        .into_iter()
        .flat_map(|role| [1, MAKER].map(|id| Who { id: user(id), role }))
}

#[test]
fn a_read_only_room_is_written_by_its_creator_and_admins_who_are_in_it() {
    for who in everybody() {
        for member in [true, false] {
            let place = Place {
                read_only: true,
                ..room(RoomKind::Public, member)
            };
            let governs = who.id == user(MAKER) || who.role >= Role::Admin;
            for act in ActKind::ALL {
                let allowed = member && (act != ActKind::Send || governs);
                let answer = may(who, place, Right::Do(act));
                assert_eq!(answer.is_ok(), allowed, "{who:?} {member} {act:?}");
                assert!(!matches!(answer, Err(Denied::Archived | Denied::NoRoom)));
            }
            let own = Right::Change(ActKind::Edit, who.id);
            assert_eq!(may(who, place, own).is_ok(), member);
            assert_eq!(may(who, place, Right::Read).is_ok(), member);
            assert_eq!(may(who, place, Right::Govern).is_ok(), governs);
        }
    }
}

#[test]
fn in_an_archived_room_messages_are_read_and_deleted() {
    for who in everybody() {
        for member in [true, false] {
            let open = room(RoomKind::Public, member);
            let place = Place {
                archived: true,
                ..open
            };
            for act in ActKind::ALL {
                for right in [Right::Do(act), Right::Change(act, who.id)] {
                    let answer = may(who, place, right);
                    if act == ActKind::Delete {
                        assert_eq!(answer, may(who, open, right), "{who:?} {right:?}");
                    } else {
                        assert_eq!(answer, Err(Denied::Archived), "{who:?} {right:?}");
                    }
                }
            }
            for right in [
                Right::Look,
                Right::Read,
                Right::Remove(who.id),
                Right::Govern,
            ] {
                assert_eq!(may(who, place, right), may(who, open, right), "{right:?}");
            }
            assert_eq!(may(who, place, Right::Join).is_ok(), member);
            assert_eq!(may(who, place, Right::Add(user(2))), Err(Denied::Archived));
        }
        // Whoever may not know that it exists is not told that it is archived.
        let hidden = Place {
            archived: true,
            read_only: true,
            ..room(RoomKind::Private, false)
        };
        for right in [Right::Do(ActKind::Send), Right::Join, Right::Govern] {
            assert_eq!(may(who, hidden, right), Err(Denied::NoRoom));
        }
    }
}
