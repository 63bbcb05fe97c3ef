//! Direct rooms.

use protocol::{NewDirect, RoomKind, RoomSummary, UserId, limits::DIRECT_OTHERS};

use super::{
    quota::{ChangeKind, give, has_place, make, spend},
    room_for,
};
use crate::{
    auth::rights::Who,
    error::Refusal,
    state::Shared,
    store::{Reply, Write},
};

/// Whether a room is the direct one of `me` and these others, which are in order.
fn is_of(room: &RoomSummary, me: UserId, others: &[UserId]) -> bool {
    let mut users: Vec<UserId> = room
        .users
        .iter()
        .copied()
        .filter(|one| *one != me)
        .collect();
    users.sort_unstable();
    room.kind == RoomKind::Direct && users == others
}

/// The direct room of exactly these people, made once; tells whether it is new.
pub(crate) async fn open(
    state: &Shared,
    who: Who,
    ask: NewDirect,
) -> Result<(RoomSummary, bool), Refusal> {
    let mut others = ask.users;
    others.sort_unstable();
    others.dedup();
    others.retain(|user| *user != who.id);
    if others.is_empty() || others.len() > DIRECT_OTHERS {
        return Err(Refusal::invalid(
            "users",
            format!("a direct room has 1 to {DIRECT_OTHERS} others"),
        ));
    }
    spend(state, who.id, ChangeKind::Members)?;
    let known = state.cache.rooms_of(who.id).await?;
    if !known.iter().any(|room| is_of(room, who.id, &others)) {
        has_place(state, who.id, who.id).await?;
        for &other in &others {
            has_place(state, who.id, other).await?;
            give(state, who.id, other)?;
        }
        make(state, who.id)?;
    }
    let write = Write::CreateDirect {
        who,
        others,
        now: state.now(),
    };
    match state.queue.write(write).await?.reply {
        Reply::Room { room, created, .. } => Ok((room_for(state, who, room).await?, created)),
        _ => Err(Refusal::unavailable()),
    }
}
