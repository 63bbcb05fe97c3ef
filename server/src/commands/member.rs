//! Become a member, make somebody one, end a membership.

use protocol::{RoomId, UserId};

use super::{
    quota::{ChangeKind, give, has_place, spend},
    room_for,
};
use crate::{
    auth::rights::Who,
    error::Refusal,
    state::Shared,
    store::{Account, Reply, UserPage, Write},
};

/// Members that one page lists at most.
pub(crate) const PAGE: u32 = 200;

/// Makes `user` (oneself for none) a member; tells who it is, and whether they were none before.
pub(crate) async fn add(
    state: &Shared,
    who: Who,
    room: RoomId,
    user: Option<UserId>,
) -> Result<(Account, bool), Refusal> {
    let user = user.unwrap_or(who.id);
    spend(state, who.id, kind(who, user))?;
    has_place(state, who.id, user).await?;
    if user != who.id {
        give(state, who.id, user)?;
    }
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
        .cache
        .account(user)
        .await?
        .ok_or_else(|| Refusal::not_found("user"))?;
    Ok((account, changed))
}

/// What a change of `user`'s membership is to whoever makes it.
fn kind(who: Who, user: UserId) -> ChangeKind {
    if user == who.id {
        ChangeKind::Membership
    } else {
        ChangeKind::Members
    }
}

/// Ends a membership.
pub(crate) async fn remove(
    state: &Shared,
    who: Who,
    room: RoomId,
    user: UserId,
) -> Result<(), Refusal> {
    spend(state, who.id, kind(who, user))?;
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

/// Which members of a room are asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MembersAsked<'q> {
    /// Those after this id whose name or display name holds the query.
    Named(&'q str, u64),
    /// Those who are online or away: one page of them.
    Here,
}

/// Who is in a room that one may look at, and how many there are in all.
pub(crate) async fn list(
    state: &Shared,
    who: Who,
    room: RoomId,
    which: MembersAsked<'_>,
) -> Result<(UserPage, u64), Refusal> {
    room_for(state, who, room).await?;
    let page = match which {
        MembersAsked::Named(query, after) => state.cache.members(room, query, after, PAGE).await?,
        MembersAsked::Here => UserPage {
            users: here(state, room).await?,
            next: None,
        },
    };
    Ok((page, state.store.member_count(room).await?))
}

/// The members of a room who are online or away, at most a page of them, by id.
pub(crate) async fn here(state: &Shared, room: RoomId) -> Result<Vec<Account>, Refusal> {
    let online = state.hub.lanes.online_in([room].into_iter(), PAGE as usize);
    let mut users = state.cache.accounts(&online).await?;
    users.sort_by_key(|account| account.id);
    Ok(users)
}
