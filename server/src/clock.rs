//! The one home of time. Everything else takes it as an argument.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::time::Instant;

/// Where the server's time comes from. The wall says when something happened, and may jump either way; how long something
/// takes is the monotonic clock's to say. Timers run on tokio's clock, so that tests can pause them.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall: Wall,
    began: Instant,
}

#[derive(Clone, Copy, Debug)]
enum Wall {
    System,
    /// The system's time, and what is added to it, in milliseconds.
    Jumping(&'static AtomicI64),
    /// As the monotonic clock goes, from this moment on.
    Following(u64),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::with(Wall::System)
    }

    /// The system's clock, ahead (or behind) by what `skew_ms` holds just now: how tests let the wall clock jump.
    pub fn jumping(skew_ms: &'static AtomicI64) -> Self {
        Self::with(Wall::Jumping(skew_ms))
    }

    /// A wall clock that shows `epoch_ms` now and moves as tokio's clock does, which a simulation can pause and run ahead.
    pub fn following(epoch_ms: u64) -> Self {
        Self::with(Wall::Following(epoch_ms))
    }

    fn with(wall: Wall) -> Self {
        Self {
            wall,
            began: Instant::now(),
        }
    }

    /// Milliseconds since the Unix epoch, UTC.
    pub fn now_ms(self) -> u64 {
        match self.wall {
            Wall::System => system_ms(),
            Wall::Jumping(skew_ms) => {
                system_ms().saturating_add_signed(skew_ms.load(Ordering::Relaxed))
            }
            Wall::Following(epoch_ms) => epoch_ms.saturating_add(self.mono_ms()),
        }
    }

    /// Milliseconds since this clock was made, which never run backwards or jump: for silence, grace and limits.
    pub fn mono_ms(self) -> u64 {
        let passed = self.instant().saturating_duration_since(self.began);
        u64::try_from(passed.as_millis()).unwrap_or(u64::MAX)
    }

    /// A point on the monotonic clock, for measuring and for timers.
    pub fn instant(self) -> Instant {
        Instant::now()
    }
}

fn system_ms() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "this is the home of time")]
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
