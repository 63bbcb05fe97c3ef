//! More than 100 frames a second for 5 s end a connection with 4003.

use std::time::Duration;

use protocol::limits::{FLOOD_WINDOW, FRAMES_PER_S};
use tokio::time::Instant;

/// Counts a connection's frames by the second.
#[derive(Debug)]
pub(super) struct Flood {
    second: Instant,
    frames: u32,
    over: u64,
}

impl Flood {
    pub(super) const fn new(now: Instant) -> Self {
        Self {
            second: now,
            frames: 0,
            over: 0,
        }
    }

    /// Counts a frame; true once every one of the last 5 seconds had too many.
    pub(super) fn frame(&mut self, now: Instant) -> bool {
        let passed = now.duration_since(self.second);
        if passed >= Duration::from_secs(1) {
            let quiet_between = passed >= Duration::from_secs(2);
            self.over = if self.frames > FRAMES_PER_S && !quiet_between {
                self.over + 1
            } else {
                0
            };
            self.second = now;
            self.frames = 0;
        }
        self.frames += 1;
        self.over + u64::from(self.frames > FRAMES_PER_S) > FLOOD_WINDOW.as_secs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(per_s: u32, seconds: u32) -> bool {
        let start = Instant::now();
        let mut flood = Flood::new(start);
        let mut tripped = false;
        for n in 0..per_s * seconds {
            tripped |= flood.frame(start + Duration::from_secs(1) * n / per_s);
        }
        tripped
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_steady_flood_trips() {
        assert!(!run(100, 60));
        assert!(!run(1_000, 4), "a burst of 4 s is allowed");
        assert!(run(130, 8));
        assert!(run(1_000, 7));
    }
}
