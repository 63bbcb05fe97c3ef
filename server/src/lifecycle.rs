//! Starting and stopping: every task has an owner, and a stop loses nothing (contract, SIGTERM).

use std::{sync::Arc, time::Duration};

use protocol::{CloseCode, limits};
use tokio::{
    task::JoinHandle,
    time::{interval, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    commands::{read, room, using},
    hub::Goodbye,
    state::{Shared, State},
};

/// Connections that are closed in one go.
const DRAIN_BATCH: usize = 500;
/// Between two goes: 10,000 connections in 2 s.
const DRAIN_PAUSE: Duration = Duration::from_millis(100);
/// The herd comes back over at least this long.
const SPREAD_MIN_MS: u64 = 500;
/// How long connections may take to end.
const CONNECTIONS_END: Duration = Duration::from_secs(12);
/// How long requests may take to end.
const REQUESTS_END: Duration = Duration::from_secs(3);
/// How long the queue may take to empty.
const QUEUE_END: Duration = Duration::from_secs(5);

/// Looks after sessions, lanes and limits until the server stops.
pub(crate) async fn sweep(state: State, stop: CancellationToken) {
    let mut tick = interval(sweep_every(&state));
    let mut ticks = 0u64;
    loop {
        tokio::select! {
            biased;
            _ = tick.tick() => {}
            () = stop.cancelled() => return,
        }
        state.hub.sweep(state.now(), state.mono());
        state.hub.lanes.rest(state.mono());
        state.pages.sweep(state.clock.instant());
        read::write_due(&state);
        ticks += 1;
        if ticks.is_multiple_of(60) {
            state.hub.lanes.sweep();
            state.http_limits.sweep();
            state.answers.sweep();
        }
    }
}

/// How often uses of sign-ins are noted.
const NOTE_EVERY: Duration = Duration::from_secs(1);

/// Notes the uses of sign-ins until the server stops.
pub(crate) async fn note_uses(state: State, stop: CancellationToken) {
    let mut tick = interval(NOTE_EVERY);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        using::live(&state);
        let noted = tokio::select! {
            // What is in the queue is written all the same: an end does not wait here for a store that is busy.
            () = stop.cancelled() => return,
            noted = using::note(&state) => noted,
        };
        if let Err(why) = noted {
            tracing::warn!(%why, "uses of sign-ins were not noted");
        }
    }
}

/// How often it is looked for rooms that are to be erased.
const ERASE_EVERY: Duration = Duration::from_secs(5);

/// Erases rooms that were deleted, once they cannot be brought back, until the server stops.
pub(crate) async fn erase_rooms(state: State, stop: CancellationToken) {
    let mut tick = interval(ERASE_EVERY);
    loop {
        let erased = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            erased = async {
                tick.tick().await;
                room::erase(&state).await
            } => erased,
        };
        if let Err(why) = erased {
            tracing::warn!(%why, "a deleted room was not erased yet");
        }
    }
}

/// Often enough for the shortest time that it keeps.
fn sweep_every(state: &Shared) -> Duration {
    let live = &state.config.live;
    let shortest = live
        .heartbeat()
        .min(live.offline_grace().max(Duration::from_secs(1)));
    (shortest / 4).clamp(Duration::from_millis(100), Duration::from_secs(1))
}

/// How long a connection may be silent: two heartbeats, and what jitter and the way may add.
pub(crate) fn silence_ms(heartbeat: Duration) -> u64 {
    let allowed = heartbeat * limits::HEARTBEATS_MISSED + heartbeat / 5;
    u64::try_from(allowed.as_millis()).unwrap_or(u64::MAX)
}

/// Closes every connection with 1012, in batches; each is asked to come back at a time of its own.
pub(crate) async fn drain(state: &State) {
    state.draining.cancel();
    if let Some(nodes) = &state.nodes {
        nodes.leave();
    }
    let mailboxes = state.hub.people.mailboxes();
    let spread_ms = SPREAD_MIN_MS.max(mailboxes.len() as u64 / 5);
    tracing::info!(connections = mailboxes.len(), "draining");
    for batch in mailboxes.chunks(DRAIN_BATCH) {
        for mailbox in batch {
            let wait = SPREAD_MIN_MS + state.entropy.u64() % spread_ms;
            mailbox.close(Goodbye {
                code: CloseCode::Restart,
                reason: protocol::retry_after_reason(wait),
            });
        }
        if batch.len() == DRAIN_BATCH {
            sleep(DRAIN_PAUSE).await;
        }
    }
    state.tasks.close();
    if timeout(CONNECTIONS_END, state.tasks.wait()).await.is_err() {
        tracing::warn!(left = state.tasks.len(), "connections did not end in time");
    }
}

/// Waits for the requests that are under way.
pub(crate) async fn end_requests(requests: &TaskTracker) {
    requests.close();
    if timeout(REQUESTS_END, requests.wait()).await.is_err() {
        tracing::warn!(left = requests.len(), "requests did not end in time");
    }
}

/// Lets the queue commit what it accepted, then closes the store. The last handle to the state is dropped here.
pub(crate) async fn finish(state: State, writer: JoinHandle<()>) {
    read::write_all(&state);
    let store = Arc::clone(&state.store);
    drop(state);
    if timeout(QUEUE_END, writer).await.is_err() {
        tracing::warn!("the write queue did not empty in time");
    }
    store.close().await;
}
