//! Become a member, make somebody one, end a membership.

use protocol::{RoomId, UserId};

use super::room_for;
use crate::{
    auth::rights::Who,
    error::Refusal,
    state::Shared,
    store::{Account, Reply, UserPage, Write},
};

/// Members that one page lists at most.
pub const PAGE: u32 = 200;

/// Makes `user` (oneself for none) a member; tells who it is, and whether they were none before.
pub async fn add(
    state: &Shared,
    who: Who,
    room: RoomId,
    user: Option<UserId>,
) -> Result<(Account, bool), Refusal> {
    let user = user.unwrap_or(who.id);
    let write = Write::Join {
        who,
        room,
        user,
        now: state.now(),
    };
    let Reply::Member { changed, .. } = state.queue.write(write).await?.reply else {
        return Err(Refusal::unavailable());
    };
    let account = state
        .store
        .account(user)
        .await?
        .ok_or_else(|| Refusal::not_found("user"))?;
    Ok((account, changed))
}

/// Ends a membership.
pub async fn remove(state: &Shared, who: Who, room: RoomId, user: UserId) -> Result<(), Refusal> {
    state
        .queue
        .write(Write::Leave {
            who,
            room,
            user,
            now: state.now(),
        })
        .await?;
    Ok(())
}

/// Who is in a room that one may look at.
pub async fn list(state: &Shared, who: Who, room: RoomId, after: u64) -> Result<UserPage, Refusal> {
    room_for(state, who, room).await?;
    Ok(state.store.members(room, after, PAGE).await?)
}
