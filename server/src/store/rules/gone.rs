//! Rooms that are deleted: hidden at once, brought back within a while, then erased.

use protocol::{RoomId, RoomKind, limits::UNDELETE};

use super::{HiddenRoom, RuleResult, Transaction, allowed, rooms::free_name};
use crate::{
    auth::rights::{Right, Who, may},
    error::Refusal,
    store::{Done, Reply},
};

fn undelete_ms() -> u64 {
    u64::try_from(UNDELETE.as_millis()).unwrap_or(u64::MAX)
}

/// Nobody sees it from now on, and its name is free.
pub(super) async fn delete<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    now: u64,
) -> RuleResult<Done> {
    allowed(tx, who, room, Right::Govern).await?;
    let members = tx.members(room).await?;
    tx.hide_room(room, Some((now, who.id))).await?;
    Ok(Done::quiet(Reply::Room {
        room,
        members,
        created: false,
    }))
}

/// By who deleted it, whatever they may do now, and by who may delete it.
pub(super) async fn undelete<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    now: u64,
) -> RuleResult<Done> {
    let hidden = tx.hidden_room(room, who.id).await?;
    let hidden = hidden.filter(|hidden| now <= hidden.at.saturating_add(undelete_ms()));
    let HiddenRoom { seat, by, name, .. } = hidden.ok_or_else(|| Refusal::not_found("room"))?;
    if by != who.id {
        may(who, seat.place, Right::Govern)?;
    }
    if seat.place.kind == RoomKind::Public {
        free_name(tx, &name, Some(room)).await?;
    }
    tx.hide_room(room, None).await?;
    Ok(Done::quiet(Reply::RoomBack {
        members: tx.members(room).await?,
    }))
}

/// One at a time: a room may have millions of messages.
pub(super) async fn erase<T: Transaction>(tx: &mut T, now: u64) -> RuleResult<Done> {
    let before = now.saturating_sub(undelete_ms());
    if let Some(room) = tx.hidden_before(before).await? {
        tx.delete_room(room, now).await?;
    }
    Ok(Done::quiet(Reply::Stored))
}
