//! Messages as they stand now.

use protocol::{
    History, Page, RoomId,
    limits::{PAGE_BYTES, PAGE_MESSAGES, PAGE_MESSAGES_DEFAULT},
};

use super::room_for;
use crate::{auth::rights::Who, error::Refusal, state::Shared, store::PageAt};

/// Which messages are asked for: one of `before`, `after`, `around`, or the newest.
pub fn page_at(
    before: Option<u64>,
    after: Option<u64>,
    around: Option<u64>,
) -> Result<PageAt, Refusal> {
    match (before, after, around) {
        (None, None, None) => Ok(PageAt::Newest),
        (Some(seq), None, None) => Ok(PageAt::Before(seq)),
        (None, Some(seq), None) => Ok(PageAt::After(seq)),
        (None, None, Some(seq)) => Ok(PageAt::Around(seq)),
        _ => Err(Refusal::invalid(
            "before",
            "name one of before, after and around",
        )),
    }
}

/// How many: 1…100, larger is cut, smaller is refused.
pub fn page_limit(limit: Option<u32>) -> Result<u32, Refusal> {
    match limit {
        Some(0) => Err(Refusal::invalid("limit", "a limit is at least 1")),
        Some(limit) => Ok(limit.min(PAGE_MESSAGES)),
        None => Ok(PAGE_MESSAGES_DEFAULT),
    }
}

/// A page of a room that `who` may look at.
pub async fn page(
    state: &Shared,
    who: Who,
    room: RoomId,
    at: PageAt,
    limit: u32,
) -> Result<Page, Refusal> {
    room_for(state, who, room).await?;
    let page = state.store.history(room, who.id, at, limit).await?;
    let page = page.within(at, PAGE_BYTES);
    Ok(Page {
        req: None,
        room,
        messages: page.messages,
        more: page.more,
        more_after: page.more_after,
    })
}

/// The answer to a `history`.
pub async fn history(state: &Shared, who: Who, ask: History) -> Result<Page, Refusal> {
    let at = page_at(ask.before, ask.after, ask.around)?;
    let limit = page_limit(ask.limit)?;
    let page = page(state, who, ask.room, at, limit).await?;
    Ok(Page {
        req: Some(ask.req),
        ..page
    })
}
