//! The one home of time. Everything else takes it as an argument.

use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Where the server's time comes from. Timers run on tokio's clock, so that tests can pause them.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Added to the system's time, in milliseconds: how tests let the wall clock jump.
    skew_ms: i64,
}

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self { skew_ms: 0 }
    }

    /// The system's clock, `skew_ms` ahead (or behind).
    pub const fn skewed(skew_ms: i64) -> Self {
        Self { skew_ms }
    }

    /// Milliseconds since the Unix epoch, UTC.
    pub fn now_ms(self) -> u64 {
        #[expect(clippy::disallowed_methods, reason = "this is the home of time")]
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        ms.saturating_add_signed(self.skew_ms)
    }

    /// A point on the monotonic clock, for measuring and for timers.
    pub fn instant(self) -> Instant {
        Instant::now()
    }
}
