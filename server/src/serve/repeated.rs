//! Log lines of what happens over and over: once in a while, with how often it happened.

use tokio::time::{Duration, Instant};

/// Between two lines about the same.
const EVERY: Duration = Duration::from_secs(10);

/// Counts what a log line is about.
#[derive(Default)]
pub(super) struct Repeated {
    told: Option<Instant>,
    count: u64,
}

impl Repeated {
    /// It happened again: how often since it was told last, if it is time to tell it.
    pub(super) fn again(&mut self, now: Instant) -> Option<u64> {
        self.count += 1;
        let soon = |told: Instant| now.saturating_duration_since(told) < EVERY;
        if self.told.is_some_and(soon) {
            return None;
        }
        self.told = Some(now);
        Some(std::mem::take(&mut self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_first_is_told_at_once_and_the_rest_together() {
        let mut repeated = Repeated::default();
        let begun = Instant::now();
        assert_eq!(repeated.again(begun), Some(1));
        for _ in 0..600 {
            assert_eq!(repeated.again(begun + EVERY / 2), None);
        }
        assert_eq!(repeated.again(begun + EVERY), Some(601));
        assert_eq!(repeated.again(begun + EVERY), None);
    }
}
