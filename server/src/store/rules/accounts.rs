//! The making of accounts: the first is the owner's, the others come by invite, or without one where the server is open. No name may look like one of
//! somebody else.

use protocol::{Role, RoomId, RoomKind, UserId, name_looks, shown_looks};

use super::{NewUser, RoomRow, RuleResult, Transaction, rooms::add_member};
use crate::{
    auth::rights::{ServerRight, Who, may_on_server},
    error::Refusal,
    store::{Done, ProfilePatch, Reply, SignUp},
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

/// What `who` changes of what `user` may do. Both roles are read here: what `who` was told of theirs may be from before.
pub(super) async fn govern<T: Transaction>(
    tx: &mut T,
    (who, user): (UserId, UserId),
    role: Option<Role>,
    banned: Option<bool>,
    now: u64,
) -> RuleResult<Done> {
    let has = tx.role(user).await?;
    let has = has.ok_or_else(|| Refusal::not_found("user"))?;
    let gets = role.unwrap_or(has);
    let by = Who {
        id: who,
        role: tx.role(who).await?.unwrap_or_default(),
    };
    may_on_server(by, ServerRight::Govern { has, gets })?;
    if banned == Some(true) && who == user {
        return Err(Refusal::conflict("you cannot shut yourself out")
            .on("banned")
            .into());
    }
    if banned == Some(true) && has == Role::Owner && !tx.has_other_owner(user).await? {
        return Err(no_owner("banned").into());
    }
    if role.is_some() {
        set_role(tx, user, gets).await?;
    }
    let Some(banned) = banned else {
        return Ok(Done::quiet(Reply::Ended(Vec::new())));
    };
    tx.set_banned(user, banned.then_some(now)).await?;
    let ended = if banned {
        tx.revoke_others(user, 0, now).await?
    } else {
        Vec::new()
    };
    Ok(Done::quiet(Reply::Ended(ended)))
}

fn no_owner(field: &'static str) -> Refusal {
    Refusal::conflict("somebody must be the owner: make somebody else the owner first").on(field)
}

/// Whoever it is, somebody stays the owner.
pub(super) async fn set_role<T: Transaction>(
    tx: &mut T,
    user: UserId,
    role: Role,
) -> RuleResult<Done> {
    let before = tx.role(user).await?;
    let before = before.ok_or_else(|| Refusal::not_found("user"))?;
    if before == Role::Owner && role != Role::Owner && !tx.has_other_owner(user).await? {
        return Err(no_owner("role").into());
    }
    tx.set_role(user, role).await?;
    Ok(Done::quiet(Reply::Stored))
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

/// #general, under whatever name it has now: the oldest public room that is not archived. The first account makes it.
async fn first_room<T: Transaction>(
    tx: &mut T,
    make: bool,
    by: UserId,
    now: u64,
) -> RuleResult<Vec<RoomId>> {
    if !make {
        return Ok(tx.first_room().await?.into_iter().collect());
    }
    let new = RoomRow {
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

/// Those of an invite's rooms that still exist, in their order. The people of a direct room are fixed, and nobody comes into an archived one.
async fn open_rooms<T: Transaction>(
    tx: &mut T,
    rooms: &[RoomId],
    user: UserId,
) -> RuleResult<Vec<RoomId>> {
    let asked: Vec<_> = rooms.iter().map(|&room| (room, user)).collect();
    let seats = tx.seats(&asked).await?;
    let is_open = |room: &&RoomId| {
        let seat = seats.get(&(**room, user));
        seat.is_some_and(|seat| seat.place.kind != RoomKind::Direct && !seat.place.archived)
    };
    Ok(rooms.iter().filter(is_open).copied().collect())
}

pub(super) async fn set_profile<T: Transaction>(
    tx: &mut T,
    user: UserId,
    patch: &ProfilePatch,
) -> RuleResult<Done> {
    if let Some(display_name) = &patch.display_name {
        let looks = shown_looks(display_name);
        free_name(tx, looks, display_name, "display_name", Some(user)).await?;
        tx.set_display_name(user, display_name).await?;
    }
    if let Some(tz) = &patch.tz {
        tx.set_zone(user, tz.as_deref()).await?;
    }
    Ok(Done::quiet(Reply::Stored))
}
