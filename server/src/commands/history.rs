//! Messages as they stand now.

use protocol::{
    Event, FirstSince, History, Mentions, Message, Page, PinList, RoomCounts, RoomId, Seq, UserId,
    limits::{PAGE_BYTES, PAGE_MESSAGES, PAGE_MESSAGES_DEFAULT, PAGE_NOTES},
};

use super::room_for;
use crate::{
    auth::rights::Who,
    error::Refusal,
    state::Shared,
    store::{MessagePage, PageAt, StoreError, fitting},
};

/// Which messages are asked for: one of `before`, `after`, `around`, or the newest.
fn page_at(
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
pub(crate) fn page_limit(limit: Option<u32>) -> Result<u32, Refusal> {
    match limit {
        Some(0) => Err(Refusal::invalid("limit", "a limit is at least 1")),
        Some(limit) => Ok(limit.min(PAGE_MESSAGES)),
        None => Ok(PAGE_MESSAGES_DEFAULT),
    }
}

/// The answer to a `history`: a page of a room that `who` may look at. Its counts are of a moment of their own, which they tell.
pub(crate) async fn history(state: &Shared, who: Who, ask: History) -> Result<Page, Refusal> {
    let at = page_at(ask.before, ask.after, ask.around)?;
    let limit = page_limit(ask.limit)?;
    let summary = room_for(state, who, ask.room).await?;
    if let Some(root) = ask.thread {
        return thread(state, who, ask, root, PAGE_BYTES).await;
    }
    let page = state.cache.history(ask.room, who.id, at, limit).await?;
    let page = page.within(at, PAGE_BYTES);
    let notes = notes(state, ask.room, at, &page).await?;
    Ok(Page {
        req: Some(ask.req),
        room: ask.room,
        messages: page.messages,
        more: page.more,
        more_after: page.more_after,
        last_seq: Some(page.last_seq),
        notes,
        counts: ask.counts.then(|| RoomCounts::from(&summary)),
        root: None,
        thread: None,
    })
}

/// A page of a thread, with its first message, of at most `bytes` of replies. The room is one that `who` may look at.
pub(crate) async fn thread(
    state: &Shared,
    who: Who,
    ask: History,
    root: Seq,
    bytes: usize,
) -> Result<Page, Refusal> {
    let at = page_at(ask.before, ask.after, ask.around)?;
    let limit = page_limit(ask.limit)?;
    let found = state.store.thread((ask.room, root), who.id, at, limit);
    let found = found.await?;
    let found = found.ok_or_else(|| Refusal::not_found("message").on("thread"))?;
    if found.root.thread.is_some() {
        let why = "a reply has no thread of its own";
        return Err(Refusal::invalid("thread", why));
    }
    let page = found.replies.within(at, bytes);
    Ok(Page {
        req: Some(ask.req),
        room: ask.room,
        messages: page.messages,
        more: page.more,
        more_after: page.more_after,
        last_seq: Some(page.last_seq),
        notes: Vec::new(),
        counts: None,
        root: Some(Box::new(found.root)),
        thread: ask.counts.then_some(found.thread),
    })
}

/// Joins, leaves and topics among the entries that a page tells all messages of.
pub(crate) async fn notes(
    state: &Shared,
    room: RoomId,
    at: PageAt,
    page: &MessagePage,
) -> Result<Vec<Event>, StoreError> {
    let first = page.messages.first().map_or(0, |message| message.seq);
    let last = page.messages.last().map_or(Seq::MAX, |message| message.seq);
    let begin = if page.more { first } else { 0 };
    let (from, to) = match at {
        PageAt::Newest => (begin, Seq::MAX),
        PageAt::Before(before) => (begin, before.saturating_sub(1)),
        PageAt::After(after) => (
            after.saturating_add(1),
            if page.more { last } else { Seq::MAX },
        ),
        PageAt::Around(_) => (
            begin,
            if page.more_after == Some(false) {
                Seq::MAX
            } else {
                last
            },
        ),
    };
    state.store.notes(room, from, to, PAGE_NOTES).await
}

/// Messages by their places, in order, as many as fit into `bytes` on the wire.
async fn some(
    state: &Shared,
    user: UserId,
    room: RoomId,
    seqs: &[Seq],
    bytes: usize,
) -> Result<MessagePage, StoreError> {
    let page = MessagePage {
        messages: state.store.messages(room, user, seqs).await?,
        ..MessagePage::default()
    };
    Ok(page.within(PageAt::After(0), bytes))
}

/// Messages by their places, as they stand now: what others answer, for instance. `more` says that not all of them fitted.
pub(crate) async fn named(
    state: &Shared,
    who: Who,
    room: RoomId,
    seqs: &[Seq],
) -> Result<Page, Refusal> {
    room_for(state, who, room).await?;
    let page = some(state, who.id, room, seqs, PAGE_BYTES).await?;
    Ok(Page {
        req: None,
        room,
        messages: page.messages,
        more: page.more,
        more_after: None,
        last_seq: None,
        notes: Vec::new(),
        counts: None,
        root: None,
        thread: None,
    })
}

/// What messages of a page answer, as far as it is not in the page and fits into `bytes`.
pub(crate) async fn quoted(
    state: &Shared,
    room: RoomId,
    user: UserId,
    messages: &[Message],
    bytes: usize,
) -> Result<Vec<Message>, StoreError> {
    let elsewhere = |seq: &Seq| {
        messages
            .binary_search_by_key(seq, |message| message.seq)
            .is_err()
    };
    let mut seqs: Vec<Seq> = messages
        .iter()
        .filter_map(|message| message.reply_to)
        .filter(elsewhere)
        .collect();
    seqs.sort_unstable();
    seqs.dedup();
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    Ok(some(state, user, room, &seqs, bytes).await?.messages)
}

/// Places of messages that name `who` or everybody, after `after`, in order.
pub(crate) async fn mentions(
    state: &Shared,
    who: Who,
    room: RoomId,
    after: Seq,
    limit: u32,
) -> Result<Mentions, Refusal> {
    room_for(state, who, room).await?;
    let mentions = state.store.mentions(room, who.id, after, limit).await?;
    Ok(Mentions { mentions })
}

/// The first of a room's own messages that was stored at `at_ms` or later. Found by halving the log, as what comes later in it was not
/// stored before what comes earlier; where the server's clock was set back between two starts, one of the places that fit is told.
pub(crate) async fn first_since(
    state: &Shared,
    who: Who,
    room: RoomId,
    at_ms: u64,
) -> Result<FirstSince, Refusal> {
    let (mut before, mut end) = (0, room_for(state, who, room).await?.last_seq);
    while before < end {
        let middle = before + (end - before) / 2;
        let entry = state.store.log(room, middle, 1, 0).await?.pop();
        match entry {
            Some(entry) if entry.at < at_ms => before = entry.seq,
            _ => end = middle,
        }
    }
    let next = PageAt::After(before);
    let found = state.cache.history(room, who.id, next, 1).await?;
    let seq = found.messages.first().map(|message| message.seq);
    Ok(FirstSince { seq })
}

/// The pinned messages of a room that `who` may look at.
pub(crate) async fn pins(state: &Shared, who: Who, room: RoomId) -> Result<PinList, Refusal> {
    room_for(state, who, room).await?;
    let mut pins = state.store.pins(room, who.id).await?;
    let all = pins.len();
    pins.truncate(fitting(pins.iter().map(|pin| &pin.message), PAGE_BYTES));
    let more = pins.len() < all;
    Ok(PinList { pins, more })
}
