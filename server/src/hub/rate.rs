//! How often one user may send (contract, `HUBBUB_SEND_PER_S`). A repeat of an acked id gives its token back, which is why
//! this is not a ready-made limiter.

use std::{collections::HashMap, sync::Mutex};

use protocol::{ErrorCode, UserId};

use super::lock;
use crate::error::Refusal;

/// Users that are remembered; those with a full bucket are forgotten first, at no loss.
const MOST: usize = 100_000;

struct Bucket {
    /// Thousandths of a send.
    level: u64,
    at: u64,
}

/// Token buckets by user.
pub struct SendRate {
    per_s: u64,
    burst: u64,
    buckets: Mutex<HashMap<UserId, Bucket>>,
}

impl SendRate {
    /// So many sends a second, so many at once; 0 a second is no limit.
    pub fn new(per_s: u32, burst: u32) -> Self {
        Self {
            per_s: per_s.into(),
            burst: u64::from(burst.max(1)) * 1_000,
            buckets: Mutex::default(),
        }
    }

    /// Takes a token, or says how long to wait for one. `now` is of the monotonic clock.
    pub fn take(&self, user: UserId, now: u64) -> Result<(), Refusal> {
        if self.per_s == 0 {
            return Ok(());
        }
        let mut buckets = lock(&self.buckets);
        if buckets.len() >= MOST {
            buckets.retain(|_, bucket| {
                bucket.level + now.saturating_sub(bucket.at) * self.per_s < self.burst
            });
        }
        let bucket = buckets.entry(user).or_insert(Bucket {
            level: self.burst,
            at: now,
        });
        let since = now.saturating_sub(bucket.at);
        bucket.level = bucket
            .level
            .saturating_add(since.saturating_mul(self.per_s))
            .min(self.burst);
        bucket.at = now;
        if bucket.level >= 1_000 {
            bucket.level -= 1_000;
            return Ok(());
        }
        let wait = (1_000 - bucket.level).div_ceil(self.per_s);
        Err(Refusal::later(
            ErrorCode::RateLimited,
            "too many messages at once; it may go out again shortly",
            wait,
        ))
    }

    /// Gives a token back.
    pub fn refund(&self, user: UserId) {
        if let Some(bucket) = lock(&self.buckets).get_mut(&user) {
            bucket.level = (bucket.level + 1_000).min(self.burst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_and_then_a_steady_rate() {
        let rate = SendRate::new(10, 3);
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
        assert!(SendRate::new(0, 0).take(ada, 0).is_ok());
    }
}
