//! Commands, one verb a file (what a member does with messages is one: [`act`]): check, authorise, store, publish, reply. The live connection and the HTTP API call the
//! same ones.

pub(crate) mod account;
pub(crate) mod act;
pub(crate) mod direct;
pub(crate) mod govern;
pub(crate) mod history;
pub(crate) mod invite;
pub(crate) mod log;
pub(crate) mod member;
pub(crate) mod message;
pub(crate) mod notice;
pub(crate) mod personal;
pub(crate) mod profile;
pub(crate) mod quota;
pub(crate) mod read;
pub(crate) mod refresh;
pub(crate) mod reset;
pub(crate) mod room;
pub(crate) mod sign_in;
pub(crate) mod threads;
pub(crate) mod typing;
pub(crate) mod using;

use protocol::{RoomId, RoomSummary};

use crate::{
    auth::rights::{Right, Who, may},
    error::Refusal,
    state::Shared,
    store::StoreError,
};

impl From<StoreError> for Refusal {
    fn from(why: StoreError) -> Self {
        tracing::warn!(%why, "the store failed a command");
        Self::unavailable()
    }
}

/// A room that `who` may look at, as it sees it.
pub(crate) async fn room_for(
    state: &Shared,
    who: Who,
    room: RoomId,
) -> Result<RoomSummary, Refusal> {
    let found = state.store.room(room, who.id).await?;
    let (summary, place) = found.ok_or_else(|| Refusal::not_found("room"))?;
    may(who, place, Right::Look)?;
    Ok(summary)
}
