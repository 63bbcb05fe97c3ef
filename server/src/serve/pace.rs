//! The pace at which a peer must send and take bytes. One that stops has a time of grace. One that trickles has the same and more
//! for each byte that moved, or it would hold what it was given for hours.

use std::{
    future::Future as _,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::time::{Duration, Instant, Sleep, sleep_until};

use crate::clock::Clock;

/// The time that is waited for a peer; what we need ourselves does not count.
pub(super) struct PeerPace {
    clock: Clock,
    /// How long nothing may move.
    grace: Duration,
    /// What is left of it before a byte has moved.
    left: Duration,
    /// What each byte adds.
    per_byte: Duration,
    /// Since when it is waited for.
    since: Option<Instant>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl PeerPace {
    /// `grace` at a time, and in all a second more for each `bytes_per_s` bytes.
    pub(super) fn new(clock: Clock, grace: Duration, bytes_per_s: u32) -> Self {
        Self {
            clock,
            grace,
            left: grace,
            per_byte: Duration::from_secs(1) / bytes_per_s.max(1),
            since: None,
            sleep: None,
        }
    }

    /// So many bytes moved.
    pub(super) fn moved(&mut self, bytes: usize) {
        if let Some(since) = self.since.take() {
            let waited = self.clock.instant().saturating_duration_since(since);
            self.left = self.left.saturating_sub(waited);
        }
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.left = self.left.saturating_add(self.per_byte * bytes);
    }

    /// The peer is waited for; ready once that took too long.
    pub(super) fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let since = *self.since.get_or_insert_with(|| self.clock.instant());
        let deadline = since + self.left.min(self.grace);
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if sleep.deadline() != deadline {
            sleep.as_mut().reset(deadline);
        }
        sleep.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn bytes_buy_time_and_our_own_costs_none() {
        let clock = Clock::system();
        let mut pace = PeerPace::new(clock, Duration::from_secs(10), 4_096);
        sleep(Duration::from_secs(60)).await;
        let begun = clock.instant();
        for _ in 0..3 {
            let wait = poll_fn(|cx| pace.poll_over(cx));
            let over = tokio::time::timeout(Duration::from_secs(3), wait).await;
            assert!(over.is_err());
            pace.moved(4_096);
        }
        // 10 s and three more, of which nine are gone.
        poll_fn(|cx| pace.poll_over(cx)).await;
        let took = clock.instant() - begun;
        assert!(
            took.abs_diff(Duration::from_secs(13)) < Duration::from_millis(10),
            "{took:?}"
        );
    }
}
