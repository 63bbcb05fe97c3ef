//! Commands, one verb a file (what a member does with messages is one: [`act`]): check, authorise, store, publish, reply. The live connection and the HTTP API call the
//! same ones.

pub mod account;
pub mod act;
pub mod direct;
pub mod history;
pub mod invite;
pub mod log;
pub mod member;
pub mod notice;
pub mod profile;
pub mod quota;
pub mod read;
pub mod refresh;
pub mod room;
pub mod sign_in;
pub mod typing;
pub mod using;

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
pub async fn room_for(state: &Shared, who: Who, room: RoomId) -> Result<RoomSummary, Refusal> {
    let found = state.store.room(room, who.id).await?;
    let (summary, place) = found.ok_or_else(|| Refusal::not_found("room"))?;
    may(who, place, Right::Look)?;
    Ok(summary)
}
