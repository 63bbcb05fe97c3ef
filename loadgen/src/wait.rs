//! Waiting with a time-out.

use std::time::Duration;

/// Waiting is rounded up to whole milliseconds, so the last of them are spent looking again and again.
const CLOSE_NS: u64 = 2_000_000;
const LONGEST: Duration = Duration::from_millis(50);

/// How long a `poll` may wait when something is due at `next_ns`.
pub fn until(next_ns: Option<u64>, now_ns: u64) -> Duration {
    let Some(next) = next_ns else {
        return LONGEST;
    };
    let left = next.saturating_sub(now_ns);
    if left <= CLOSE_NS {
        Duration::ZERO
    } else {
        Duration::from_nanos(left - CLOSE_NS).min(LONGEST)
    }
}

/// The same; one that spins never sleeps.
pub fn spinning(spin: bool, next_ns: Option<u64>, now_ns: u64) -> Duration {
    if spin {
        Duration::ZERO
    } else {
        until(next_ns, now_ns)
    }
}

/// Nanoseconds of so many seconds.
pub fn ns_of(seconds: f64) -> u64 {
    Duration::try_from_secs_f64(seconds).map_or(u64::MAX / 4, crate::clock::ns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_oversleeps() {
        assert_eq!(until(None, 5), LONGEST);
        assert_eq!(until(Some(1_000_000), 0), Duration::ZERO);
        assert_eq!(until(Some(1), 5), Duration::ZERO);
        assert_eq!(until(Some(12_000_000), 0), Duration::from_millis(10));
        assert_eq!(until(Some(u64::MAX), 0), LONGEST);
    }
}
