//! The threads that somebody follows.

use protocol::{
    RoomId, Seq, ThreadList, ThreadRow,
    limits::{PAGE_BYTES, THREADS_PAGE},
};

use super::personal::{cursor, messages, moment};
use crate::{
    auth::rights::Who,
    error::Refusal,
    state::Shared,
    store::{Moment, fitting},
};

/// Where a list goes on: among the threads in which something is unread, or behind them.
#[derive(Clone, Copy)]
struct ListPlace {
    unread: bool,
    before: Option<Moment>,
}

impl ListPlace {
    fn of(cursor: Option<&str>) -> Result<Self, Refusal> {
        let Some(cursor) = cursor else {
            return Ok(Self {
                unread: true,
                before: None,
            });
        };
        let read = || {
            let (part, at) = cursor.split_once('-')?;
            let unread = match part {
                "unread" => true,
                "read" => false,
                _ => return None,
            };
            let before = Some(moment(at)?);
            Some(Self { unread, before })
        };
        let wrong = || Refusal::invalid("cursor", "a cursor is the `next` of the page before");
        read().ok_or_else(wrong)
    }
}

/// A page of the threads that somebody follows: those with something unread first, of each kind the one with the newest reply first.
pub(crate) async fn list(
    state: &Shared,
    who: Who,
    only_unread: bool,
    after: Option<&str>,
) -> Result<ThreadList, Refusal> {
    let mut place = ListPlace::of(after)?;
    let most = THREADS_PAGE as usize;
    let mut found = Vec::new();
    loop {
        let ListPlace { unread, before } = place;
        let limit = THREADS_PAGE + 1;
        let some = state.store.threads(who.id, unread, before, limit).await?;
        found.extend(some.into_iter().map(|one| (unread, one)));
        if found.len() > most || !unread || only_unread {
            break;
        }
        place = ListPlace {
            unread: false,
            before: None,
        };
    }
    let mut more = found.len() > most;
    found.truncate(most);
    let places = found
        .iter()
        .map(|(_, one)| (one.thread.room, one.thread.root));
    let places: Vec<(RoomId, Seq)> = places.collect();
    let mut first = messages(state, who.id, &places).await?;
    let mut rows = Vec::with_capacity(found.len());
    for (unread, one) in found {
        // A message stays where it was, deleted or not; only its room can be gone by now.
        if let Some(message) = first.remove(&(one.thread.room, one.thread.root)) {
            let thread = one.thread;
            rows.push((unread, one.moment(), ThreadRow { thread, message }));
        }
    }
    let fit = fitting(rows.iter().map(|(.., row)| &row.message), PAGE_BYTES);
    more |= rows.len() > fit;
    rows.truncate(fit);
    let last = rows.last().filter(|_| more);
    let next = last.map(|(unread, at, _)| {
        let part = if *unread { "unread" } else { "read" };
        format!("{part}-{}", cursor(*at))
    });
    Ok(ThreadList {
        threads: rows.into_iter().map(|(.., row)| row).collect(),
        next,
    })
}
