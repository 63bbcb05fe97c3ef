//! Direct rooms.

use protocol::{NewDirect, RoomSummary, limits::DIRECT_OTHERS};

use super::room_for;
use crate::{
    auth::rights::Who,
    error::Refusal,
    state::Shared,
    store::{Reply, Write},
};

/// The direct room of exactly these people, made once; tells whether it is new.
pub async fn open(
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
