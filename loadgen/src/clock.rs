//! The one home of the time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A clock that began when it was made. All spans of a run are told by one, so that they can be compared.
#[derive(Clone, Copy, Debug)]
pub struct RunClock {
    began: Instant,
    wall_ms: u64,
}

impl RunClock {
    /// Begins now.
    pub fn start() -> Self {
        Self {
            began: now(),
            wall_ms: wall_ms(),
        }
    }

    /// Nanoseconds since it began.
    pub fn ns(&self) -> u64 {
        u64::try_from(self.since().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Time since it began.
    pub fn since(&self) -> Duration {
        now().duration_since(self.began)
    }

    /// Both times that a session wants.
    pub fn both(&self) -> client::Now {
        let mono_ms = u64::try_from(self.since().as_millis()).unwrap_or(u64::MAX);
        client::Now {
            mono_ms,
            wall_ms: self.wall_ms.saturating_add(mono_ms),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one home of the time; everybody else is handed a clock"
)]
fn now() -> Instant {
    Instant::now()
}

/// Milliseconds since the Unix epoch, UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the one home of the time; everybody else is handed a clock"
)]
pub fn wall_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
        })
}

/// Nanoseconds of a duration; the greatest number for one that does not fit (585 years).
pub fn ns(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// Lets the thread rest.
#[expect(
    clippy::disallowed_methods,
    reason = "load keeps a schedule of its own, on threads of its own"
)]
pub fn rest(duration: Duration) {
    std::thread::sleep(duration);
}
