//! The making of accounts: the first is the owner's, the others come by invite, or without one where the server is open. No name may look like one of
//! somebody else.

use protocol::{Role, RoomId, RoomKind, UserId, name_looks, shown_looks};

use super::{NewRoom, NewUser, RuleResult, Transaction, rooms::add_member};
use crate::{
    error::Refusal,
    store::{Done, Reply, SignUp},
};

/// The room that the owner lands in, and everybody after.
const FIRST_ROOM: &str = "general";

pub(super) async fn create<T: Transaction>(tx: &mut T, new: &SignUp) -> RuleResult<Done> {
    let first = tx.is_empty().await?;
    let invited = if first {
        Vec::new()
    } else {
        entrance(tx, new).await?
    };
    free_name(tx, name_looks(&new.name), &new.name, "name", None).await?;
    let (shown, looks) = (&*new.display_name, shown_looks(&new.display_name));
    free_name(tx, looks, shown, "display_name", None).await?;
    if !first && let Some(code) = &new.invite {
        tx.spend_invite(code).await?;
    }
    let role = if first { Role::Owner } else { Role::Member };
    let user = NewUser {
        name: &new.name,
        display_name: &new.display_name,
        password: &new.password,
        role,
        at: new.now,
    };
    let user = tx.add_user(user).await?;
    let mut rooms = first_room(tx, first, user, new.now).await?;
    for room in open_rooms(tx, &invited, user).await? {
        if !rooms.contains(&room) {
            rooms.push(room);
        }
    }
    let mut events = Vec::with_capacity(rooms.len());
    for &room in &rooms {
        events.extend(add_member(tx, room, user, user, new.now).await?);
    }
    Ok(Done::of(Reply::Account { user, role, rooms }, events))
}

async fn free_name<T: Transaction>(
    tx: &mut T,
    looks: impl AsRef<[String]> + Send,
    name: &str,
    field: &'static str,
    except: Option<UserId>,
) -> RuleResult<()> {
    if tx.is_taken(looks.as_ref(), except).await? {
        return Err(Refusal::name_taken(name).on(field).into());
    }
    Ok(())
}

/// #general, under whatever name it has now: the oldest public room. The first account makes it.
async fn first_room<T: Transaction>(
    tx: &mut T,
    make: bool,
    by: UserId,
    now: u64,
) -> RuleResult<Vec<RoomId>> {
    if !make {
        return Ok(tx.first_room().await?.into_iter().collect());
    }
    let new = NewRoom {
        kind: RoomKind::Public,
        name: FIRST_ROOM,
        topic: "",
        people: &[],
        by,
        at: now,
    };
    Ok(vec![tx.add_room(new).await?])
}

/// The rooms that the invite opens; refused without a good one, unless the server is open to everybody and none is shown.
async fn entrance<T: Transaction>(tx: &mut T, new: &SignUp) -> RuleResult<Vec<RoomId>> {
    let Some(code) = &new.invite else {
        if new.open {
            return Ok(Vec::new());
        }
        return Err(Refusal::needs_invite().into());
    };
    match tx.invite(code).await? {
        Some(invite) if invite.is_good(new.now) => Ok(invite.rooms),
        _ => Err(Refusal::bad_invite().into()),
    }
}

/// Those of an invite's rooms that still exist, in their order. The people of a direct room are fixed.
async fn open_rooms<T: Transaction>(
    tx: &mut T,
    rooms: &[RoomId],
    user: UserId,
) -> RuleResult<Vec<RoomId>> {
    let asked: Vec<_> = rooms.iter().map(|&room| (room, user)).collect();
    let seats = tx.seats(&asked).await?;
    let is_open = |room: &&RoomId| {
        let seat = seats.get(&(**room, user));
        seat.is_some_and(|seat| seat.place.kind != RoomKind::Direct)
    };
    Ok(rooms.iter().filter(is_open).copied().collect())
}

pub(super) async fn set_display_name<T: Transaction>(
    tx: &mut T,
    user: UserId,
    display_name: &str,
) -> RuleResult<Done> {
    let looks = shown_looks(display_name);
    free_name(tx, looks, display_name, "display_name", Some(user)).await?;
    tx.set_display_name(user, display_name).await?;
    Ok(Done::quiet(Reply::Stored))
}
