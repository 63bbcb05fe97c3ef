//! Waits between attempts to connect (contract, "Reconnecting").

use protocol::{
    CloseCode,
    limits::{PROBE_FAST_FOR, PROBE_SLOW, QUIET_PROBE, RECONNECT_TRIES, TOO_MANY_WAIT},
    retry_after_ms,
};

use crate::{
    backoff::{Backoff, MAX_ASKED_MS},
    ctx::Ctx,
};

/// Most of the first try's jitter, in milliseconds.
const AT_ONCE_MS: u64 = 250;
/// The waits after the first try.
const STEPS: Backoff = Backoff::new(1_000, 10_000, 20);
/// The wait between two probes of a server that is not ready, in milliseconds: less than the 3 s within which one is to be back.
const PROBE_MS: (u64, u64) = (1_500, 2_000);
/// A connection that ends sooner after its welcome, in milliseconds, is a sign that something is wrong.
const SHORT_LIVED_MS: u64 = 5_000;
/// So many short-lived connections in a row may come back at once; further ones climb the steps.
const SHORT_LIVED_FREE: u32 = 2;

/// How often it was tried.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Attempts {
    /// Tries since the last welcome.
    tries: u32,
    /// Connections in a row that ended right after their welcome.
    short_lived: u32,
}

/// A wait before the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    pub(crate) until_ms: u64,
    pub(crate) total_ms: u64,
    pub(crate) kind: PauseKind,
}

/// Why one waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PauseKind {
    /// A step of the backoff.
    Step,
    /// All tries failed.
    Quiet,
    /// The server is not ready; the next probe has its time.
    Probe {
        /// Whether it has been so for long, and probes are rare.
        slow: bool,
    },
    /// The server said when.
    Asked { restart: bool },
    /// The browser has no network.
    Offline,
}

impl Pause {
    fn new(ctx: &Ctx<'_>, total_ms: u64, kind: PauseKind) -> Self {
        Self {
            until_ms: ctx.after(total_ms),
            total_ms,
            kind,
        }
    }

    /// The server is not ready, and the outage has lasted for `down_ms`: a probe every 2 s at first, every 10 s after ten minutes.
    pub(crate) fn probe(ctx: &mut Ctx<'_>, down_ms: u64) -> Self {
        let slow = down_ms >= ms(PROBE_FAST_FOR);
        let wait_ms = if slow {
            ctx.around(ms(PROBE_SLOW), 20)
        } else {
            ctx.between(PROBE_MS.0, PROBE_MS.1)
        };
        Self::new(ctx, wait_ms, PauseKind::Probe { slow })
    }

    /// A try was given up without having failed: the next one comes soon.
    pub(crate) fn soon(ctx: &mut Ctx<'_>) -> Self {
        let wait_ms = STEPS.wait_ms(0, ctx);
        Self::new(ctx, wait_ms, PauseKind::Probe { slow: false })
    }

    /// No network: a look a minute, because browsers err.
    pub(crate) fn offline(ctx: &Ctx<'_>) -> Self {
        Self::new(ctx, ms(QUIET_PROBE), PauseKind::Offline)
    }
}

impl Attempts {
    /// Tries so far.
    pub(crate) const fn tries(self) -> u32 {
        self.tries
    }

    /// Whether all tries failed.
    pub(crate) const fn is_quiet(self) -> bool {
        self.tries >= RECONNECT_TRIES
    }

    pub(crate) const fn tried(&mut self) {
        self.tries = self.tries.saturating_add(1);
    }

    /// The last try was given up without having failed: it does not count.
    pub(crate) const fn given_up(&mut self) {
        self.tries = self.tries.saturating_sub(1);
    }

    /// A welcome, or a network that is back: from the beginning.
    pub(crate) const fn reset(&mut self) {
        self.tries = 0;
    }

    /// A connection that had its welcome ended after `lived_ms`.
    ///
    /// A welcome resets the count. One that is followed by a close again and again would make that a loop without a wait,
    /// so from the third one in a row the steps are climbed all the same.
    pub(crate) fn ended(&mut self, lived_ms: u64) {
        self.short_lived = if lived_ms < SHORT_LIVED_MS {
            self.short_lived.saturating_add(1)
        } else {
            0
        };
        let climbed = self.short_lived.saturating_sub(SHORT_LIVED_FREE);
        self.tries = climbed.min(RECONNECT_TRIES - 1);
    }

    /// The wait after a close with this code and reason, which is one to come back after.
    pub(crate) fn pause(self, ctx: &mut Ctx<'_>, code: u16, reason: &str) -> Pause {
        if let Some(asked_ms) = retry_after_ms(reason) {
            let wait_ms = ctx.around(asked_ms.min(MAX_ASKED_MS), 50);
            let restart = code == CloseCode::Restart.code();
            return Pause::new(ctx, wait_ms, PauseKind::Asked { restart });
        }
        if code == CloseCode::TooMany.code() {
            return Pause::new(ctx, ms(TOO_MANY_WAIT), PauseKind::Asked { restart: false });
        }
        if self.is_quiet() {
            return Pause::new(ctx, ms(QUIET_PROBE), PauseKind::Quiet);
        }
        let flood = code == CloseCode::Flood.code();
        match (if flood { self.tries.max(1) } else { self.tries }).checked_sub(1) {
            None => {
                let wait_ms = ctx.between(0, AT_ONCE_MS);
                Pause::new(ctx, wait_ms, PauseKind::Step)
            }
            Some(step) => {
                let wait_ms = STEPS.wait_ms(step, ctx);
                Pause::new(ctx, wait_ms, PauseKind::Step)
            }
        }
    }
}

pub(crate) fn ms(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Now, Seeded};

    fn waits(seed: u64, code: u16, reason: &str) -> Vec<Pause> {
        let mut rng = Seeded::new(seed);
        let mut ctx = Ctx::new(Now::default(), &mut rng);
        let mut attempts = Attempts::default();
        let draw = |_| {
            let pause = attempts.pause(&mut ctx, code, reason);
            attempts.tried();
            pause
        };
        (0..13).map(draw).collect()
    }

    #[test]
    fn steps_and_their_jitter() {
        let mut sums = [0; 13];
        for seed in 0..500 {
            for (at, pause) in waits(seed, 1006, "").iter().enumerate() {
                sums[at] += pause.total_ms;
                let (low, high) = match at {
                    0 => (0, 250),
                    1 => (800, 1_200),
                    2 => (1_600, 2_400),
                    3 => (3_200, 4_800),
                    4 => (6_400, 9_600),
                    5..=9 => (8_000, 12_000),
                    _ => (60_000, 60_000),
                };
                assert!(
                    (low..=high).contains(&pause.total_ms),
                    "wait {at}: {pause:?}"
                );
                assert_eq!(pause.kind == PauseKind::Quiet, at >= 10);
            }
        }
        let means = [125, 1_000, 2_000, 4_000, 8_000, 10_000];
        for (sum, mean) in sums.iter().zip(means) {
            let got: u64 = sum / 500;
            assert!(
                got.abs_diff(mean) * 20 < mean + 200,
                "mean {got}, not {mean}"
            );
        }
    }

    #[test]
    fn the_server_says_when() {
        let all: Vec<u64> = (0..500)
            .flat_map(|seed| waits(seed, 1012, "bye; retry_after_ms=4000"))
            .map(|p| p.total_ms)
            .collect();
        assert!(all.iter().all(|ms| (2_000..=6_000).contains(ms)));
        assert!(all.iter().any(|&ms| ms < 2_200) && all.iter().any(|&ms| ms > 5_800));
        assert!(
            waits(1, 1012, "retry_after_ms=18446744073709551615")
                .iter()
                .all(|p| p.total_ms <= 900_000)
        );
        assert!(waits(1, 4504, "").iter().all(|p| p.total_ms == 60_000));
        assert!(waits(1, 4003, "")[0].total_ms >= 800);
    }

    #[test]
    fn welcomes_that_do_not_last_climb_the_steps() {
        let mut rng = Seeded::new(3);
        let mut ctx = Ctx::new(Now::default(), &mut rng);
        let mut attempts = Attempts::default();
        let mut next = |lived_ms| {
            attempts.ended(lived_ms);
            attempts.pause(&mut ctx, 1006, "").total_ms
        };
        assert!(next(10) <= 250 && next(10) <= 250);
        assert!((800..=1_200).contains(&next(10)));
        assert!((1_600..=2_400).contains(&next(10)));
        assert!(next(60_000) <= 250);
    }
}
