//! The one home of time. Everything else takes it as an argument.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::time::Instant;

/// Where the server's time comes from. Timers run on tokio's clock, so that tests can pause them.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Source);

#[derive(Clone, Copy, Debug)]
enum Source {
    System,
    /// The system's time, and what is added to it, in milliseconds.
    Jumping(&'static AtomicI64),
    /// The wall follows tokio's clock, from this moment on.
    Following {
        epoch_ms: u64,
        began: Instant,
    },
}

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// The system's clock, ahead (or behind) by what `skew_ms` holds just now: how tests let the wall clock jump.
    pub const fn jumping(skew_ms: &'static AtomicI64) -> Self {
        Self(Source::Jumping(skew_ms))
    }

    /// A wall clock that shows `epoch_ms` now and moves as tokio's clock does, which a simulation can pause and run ahead.
    pub fn following(epoch_ms: u64) -> Self {
        Self(Source::Following {
            epoch_ms,
            began: now(),
        })
    }

    /// Milliseconds since the Unix epoch, UTC.
    pub fn now_ms(self) -> u64 {
        match self.0 {
            Source::System => system_ms(),
            Source::Jumping(skew_ms) => {
                system_ms().saturating_add_signed(skew_ms.load(Ordering::Relaxed))
            }
            Source::Following { epoch_ms, began } => {
                let passed = now().saturating_duration_since(began).as_millis();
                epoch_ms.saturating_add(u64::try_from(passed).unwrap_or(u64::MAX))
            }
        }
    }

    /// A point on the monotonic clock, for measuring and for timers.
    pub fn instant(self) -> Instant {
        now()
    }
}

fn now() -> Instant {
    Instant::now()
}

fn system_ms() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "this is the home of time")]
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
