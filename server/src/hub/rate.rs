//! Rate limits (contract, `HUBBUB_SEND_PER_S`): token buckets by person, or by whatever else does it. What turns out to
//! change nothing gives its token back, which is why this is not a ready-made limiter.

use std::{collections::HashMap, hash::Hash, sync::Mutex, time::Duration};

use protocol::ErrorCode;

use super::lock;
use crate::error::Refusal;

/// Keys that are remembered; those with a full bucket are forgotten first, at no loss.
const MAX_KEYS: usize = 100_000;

struct Bucket {
    /// One is a token divided by the milliseconds of the period.
    level: u64,
    at: u64,
}

/// Token buckets by key.
pub(crate) struct Rate<K> {
    count: u64,
    period_ms: u64,
    burst: u64,
    words: &'static str,
    buckets: Mutex<HashMap<K, Bucket>>,
}

impl<K: Copy + Eq + Hash> Rate<K> {
    /// So many in each period, so many at once; a count of 0 is no limit. `words` tell who is refused why.
    pub(crate) fn new(count: u32, period: Duration, burst: u32, words: &'static str) -> Self {
        let period_ms = u64::try_from(period.as_millis()).unwrap_or(u64::MAX).max(1);
        Self {
            count: count.into(),
            period_ms,
            burst: u64::from(burst.max(1)).saturating_mul(period_ms),
            words,
            buckets: Mutex::default(),
        }
    }

    /// Takes a token, or says how long to wait for one. `now` is of the monotonic clock.
    pub(crate) fn take(&self, key: K, now: u64) -> Result<(), Refusal> {
        if self.count == 0 {
            return Ok(());
        }
        let level = |bucket: &Bucket| {
            let since = now.saturating_sub(bucket.at);
            let level = bucket
                .level
                .saturating_add(since.saturating_mul(self.count));
            level.min(self.burst)
        };
        let mut buckets = lock(&self.buckets);
        if buckets.len() >= MAX_KEYS {
            buckets.retain(|_, bucket| level(bucket) < self.burst);
        }
        let bucket = buckets.entry(key).or_insert(Bucket {
            level: self.burst,
            at: now,
        });
        bucket.level = level(bucket);
        bucket.at = now;
        if let Some(left) = bucket.level.checked_sub(self.period_ms) {
            bucket.level = left;
            return Ok(());
        }
        let wait = (self.period_ms - bucket.level).div_ceil(self.count);
        Err(Refusal::later(ErrorCode::RateLimited, self.words, wait))
    }

    /// Gives a token back.
    pub(crate) fn refund(&self, key: K) {
        if let Some(bucket) = lock(&self.buckets).get_mut(&key) {
            bucket.level = bucket.level.saturating_add(self.period_ms).min(self.burst);
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::UserId;

    use super::*;

    #[test]
    fn a_burst_and_then_a_steady_rate() {
        let rate = Rate::new(10, Duration::from_secs(1), 3, "");
        let ada = UserId::new(1).unwrap();
        for _ in 0..3 {
            rate.take(ada, 1_000).unwrap();
        }
        assert_eq!(rate.take(ada, 1_000).unwrap_err().retry_after_ms, Some(100));
        assert!(rate.take(ada, 1_099).is_err());
        rate.take(ada, 1_100).unwrap();
        rate.refund(ada);
        rate.take(ada, 1_100).unwrap();
        assert!(rate.take(UserId::new(2).unwrap(), 1_100).is_ok());
        assert!(
            Rate::new(0, Duration::from_secs(1), 0, "")
                .take(ada, 0)
                .is_ok()
        );
    }

    #[test]
    fn a_day_is_a_period_as_well() {
        const DAY_MS: u64 = 86_400_000;
        let rate = Rate::new(100, Duration::from_secs(86_400), 100, "");
        for _ in 0..100 {
            rate.take(1, 5).unwrap();
        }
        let wait = rate.take(1, 5).unwrap_err().retry_after_ms;
        assert_eq!(wait, Some(DAY_MS / 100));
        rate.take(1, 5 + DAY_MS / 100).unwrap();
    }
}
