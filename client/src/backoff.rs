//! Backoff: waits before something is tried again.

use crate::ctx::Ctx;

/// The longest wait that a server can ask for, in milliseconds: a mistyped number must not end a session.
pub(crate) const MAX_ASKED_MS: u64 = 600_000;

/// How much longer than asked for one waits at most, in percent.
const ASKED_JITTER: u64 = 20;

/// Waits that double, with jitter, so that not everybody comes back at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    /// The first wait, in milliseconds.
    first_ms: u64,
    /// The longest, in milliseconds.
    max_ms: u64,
    /// How far a wait may lie from these, in percent.
    jitter: u64,
}

impl Backoff {
    pub(crate) const fn new(first_ms: u64, max_ms: u64, jitter: u64) -> Self {
        Self {
            first_ms,
            max_ms,
            jitter,
        }
    }

    /// The wait after so many tries that failed beside the first.
    pub(crate) fn wait_ms(self, failed: u32, ctx: &mut Ctx<'_>) -> u64 {
        let wait_ms = (self.first_ms << failed.min(16)).min(self.max_ms);
        ctx.around(wait_ms, self.jitter)
    }

    /// The wait that a server asked for, and no less; without that, as [`Backoff::wait_ms`].
    pub(crate) fn asked_or(self, asked_ms: Option<u64>, failed: u32, ctx: &mut Ctx<'_>) -> u64 {
        match asked_ms {
            Some(asked_ms) => {
                let wait_ms = asked_ms.min(MAX_ASKED_MS);
                wait_ms + ctx.between(0, wait_ms * ASKED_JITTER / 100)
            }
            None => self.wait_ms(failed, ctx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Now, Seeded};

    #[test]
    fn waits_double_up_to_the_longest_and_spread() {
        let backoff = Backoff::new(1_000, 10_000, 20);
        for (failed, wait_ms) in [
            (0, 1_000),
            (1, 2_000),
            (3, 8_000),
            (4, 10_000),
            (99, 10_000),
        ] {
            let mut rng = Seeded::new(u64::from(failed));
            let mut ctx = Ctx::new(Now::default(), &mut rng);
            let waits: Vec<u64> = (0..500)
                .map(|_| backoff.wait_ms(failed, &mut ctx))
                .collect();
            let (low, high) = (wait_ms * 8 / 10, wait_ms * 12 / 10);
            assert!(waits.iter().all(|wait| (low..=high).contains(wait)));
            assert!(waits.iter().any(|wait| *wait < low + low / 20));
            assert!(waits.iter().any(|wait| *wait > high - high / 20));
        }
    }

    #[test]
    fn what_is_asked_for_is_waited_and_no_more_than_ten_minutes() {
        let backoff = Backoff::new(1_000, 10_000, 20);
        let mut rng = Seeded::new(1);
        let mut ctx = Ctx::new(Now::default(), &mut rng);
        for (asked_ms, wait_ms) in [(0, 0), (500, 500), (90_000, 90_000), (u64::MAX, 600_000)] {
            let waits: Vec<u64> = (0..500)
                .map(|_| backoff.asked_or(Some(asked_ms), 7, &mut ctx))
                .collect();
            let most = wait_ms + wait_ms * ASKED_JITTER / 100;
            assert!(waits.iter().all(|wait| (wait_ms..=most).contains(wait)));
            let spread = waits.iter().max().unwrap() - waits.iter().min().unwrap();
            assert!(spread >= wait_ms * (ASKED_JITTER - 1) / 100, "{spread}");
        }
        let waits: Vec<u64> = (0..500)
            .map(|_| backoff.asked_or(None, 2, &mut ctx))
            .collect();
        assert!(waits.iter().all(|wait| (3_200..=4_800).contains(wait)));
    }
}
