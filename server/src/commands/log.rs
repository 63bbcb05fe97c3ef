//! Raw entries of a room's log.

use protocol::{
    Entries, Log,
    limits::{LOG_BYTES, LOG_ENTRIES},
};

use super::room_for;
use crate::{auth::rights::Who, error::Refusal, state::Shared};

/// The answer to a `log`.
pub(crate) async fn log(state: &Shared, who: Who, ask: Log) -> Result<Entries, Refusal> {
    let limit = match ask.limit {
        Some(0) => return Err(Refusal::invalid("limit", "a limit is at least 1")),
        Some(limit) => limit.min(LOG_ENTRIES),
        None => LOG_ENTRIES,
    };
    let room = room_for(state, who, ask.room).await?;
    let events = state
        .store
        .log(ask.room, ask.after, limit, LOG_BYTES)
        .await?;
    // An entry may have come between the two reads.
    let last_seq = events
        .last()
        .map_or(room.last_seq, |last| room.last_seq.max(last.seq));
    Ok(Entries {
        req: ask.req,
        room: ask.room,
        events,
        last_seq,
    })
}
