//! The next event of a connection: one biased `select!` with nothing to write, and one with something.

use std::{future::poll_fn, task::Poll};

use futures_util::{
    StreamExt as _,
    future::{BoxFuture, pending},
    stream::FuturesUnordered,
};
use tokio::time::{Instant, sleep_until};

use super::{
    actor::Actor,
    cursors::FetchedLog,
    outgoing::Lost,
    output::Output,
    wire::{Incoming, WireEvent},
};
use crate::hub::Frame;

/// Answers that may be under way; with more, the connection stops reading until one is out.
const MAX_ANSWERS: usize = 4;
/// Commands that may be in line; with more, the connection stops reading until some are settled.
const MAX_UNDER_WAY: usize = 128;
/// Bytes that may wait to be written; with more, the connection neither reads nor takes answers.
const MAX_WAITING: usize = 1024 * 1024;

/// What is asked for besides the line of commands; each is given when it is there. Nearly always there is none, and then it holds no memory.
#[derive(Default)]
pub(super) struct PendingAnswers(Option<FuturesUnordered<BoxFuture<'static, Option<Frame>>>>);

impl PendingAnswers {
    pub(super) fn push(&mut self, answer: BoxFuture<'static, Option<Frame>>) {
        self.0.get_or_insert_default().push(answer);
    }

    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, FuturesUnordered::len)
    }

    /// The next answer that is there. No `async fn`, which would keep a place for an answer in each connection that waits.
    pub(super) fn next(&mut self) -> impl Future<Output = Option<Frame>> + '_ {
        poll_fn(|cx| {
            let next = self.0.as_mut().map(|some| some.poll_next_unpin(cx));
            let Some(Poll::Ready(Some(answer))) = next else {
                return Poll::Pending;
            };
            if self.len() == 0 {
                self.0 = None;
            }
            Poll::Ready(answer)
        })
    }
}

async fn page_of(fetch: &mut Option<BoxFuture<'static, FetchedLog>>) -> FetchedLog {
    let page = match fetch {
        Some(fetch) => fetch.await,
        None => pending().await,
    };
    *fetch = None;
    page
}

/// What a connection does next.
pub(super) enum NextEvent {
    Answer(Option<Frame>),
    Page(FetchedLog),
    Moved(Moved),
    Woken,
    Ended,
    Stuck,
}

/// What one of the two halves of a socket did.
pub(super) enum Moved {
    Written(Result<(), Lost>),
    Read(WireEvent),
}

/// Writes what waits, or reads a message if `reads`, whichever can be done; where both can, `read_first` decides. Neither a busy room
/// nor a busy writer may starve the other half, so the caller lets them take turns.
async fn half(output: &Output, incoming: &mut Incoming, reads: bool, read_first: bool) -> Moved {
    if read_first {
        tokio::select! {
            biased;
            heard = incoming.next(), if reads => Moved::Read(heard),
            done = output.pump() => Moved::Written(done),
        }
    } else {
        tokio::select! {
            biased;
            done = output.pump() => Moved::Written(done),
            heard = incoming.next(), if reads => Moved::Read(heard),
        }
    }
}

impl Actor {
    /// Whether more may be heard: what was heard before is bounded.
    fn reads(&self) -> bool {
        self.answers.len() < MAX_ANSWERS && self.under_way < MAX_UNDER_WAY
    }

    // Both are biased, because tokio seeds the choice of an unbiased select at random, and a simulation must replay. What stands first is
    // bounded and cannot starve what follows; the two halves of the socket, which are not, take turns.

    /// With nothing to write.
    pub(super) async fn next_event(&mut self) -> NextEvent {
        let reads = self.reads();
        tokio::select! {
            biased;
            answer = self.answers.next() => NextEvent::Answer(answer),
            page = page_of(&mut self.fetch) => NextEvent::Page(page),
            heard = self.incoming.next(), if reads => NextEvent::Moved(Moved::Read(heard)),
            // After reading: what arrived before a goodbye is still taken. The mail is looked at in every turn anyway.
            () = self.mailbox.woken() => NextEvent::Woken,
        }
    }

    /// With something to write, of which the peer must have taken a part until `deadline`.
    pub(super) async fn busy_turn(&mut self, deadline: Instant, read_first: bool) -> NextEvent {
        let room_for_more = self.output.bytes() < MAX_WAITING;
        let reads = room_for_more && self.reads();
        tokio::select! {
            biased;
            () = self.mailbox.ended() => NextEvent::Ended,
            answer = self.answers.next(), if room_for_more => NextEvent::Answer(answer),
            moved = half(&self.output, &mut self.incoming, reads, read_first) => NextEvent::Moved(moved),
            () = sleep_until(deadline), if !self.output.is_replaying() => NextEvent::Stuck,
        }
    }
}
