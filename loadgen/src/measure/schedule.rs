//! A schedule at a fixed rate. What is late is late against the schedule and does not move it: a server that stands still for a
//! second makes all that was due in that second late, as it would for people.

/// Due times at a fixed rate.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    from_ns: u64,
    every_ns: f64,
    told: u64,
}

impl Schedule {
    /// `per_s` times a second, the first at `from_ns`.
    pub fn new(from_ns: u64, per_s: f64) -> Self {
        Self {
            from_ns,
            every_ns: 1e9 / per_s.max(1e-9),
            told: 0,
        }
    }

    /// When the next one is due.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a run is far shorter than 2^53 ns, and nothing here is negative"
    )]
    pub fn next_ns(&self) -> u64 {
        self.from_ns
            .saturating_add((self.told as f64 * self.every_ns) as u64)
    }

    /// The time that the next one was due at, if it is now; call until there is none.
    pub fn due(&mut self, now_ns: u64) -> Option<u64> {
        let next = self.next_ns();
        (next <= now_ns).then(|| {
            self.told += 1;
            next
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Latency;

    #[test]
    fn a_stall_is_seen_in_all_that_was_due_in_it() {
        let mut schedule = Schedule::new(0, 100.0);
        let mut latency = Latency::new();
        let mut now = 0;
        while now < 10_000_000_000 {
            while let Some(due) = schedule.due(now) {
                latency.record(now - due);
            }
            // One second of ten is lost.
            now += if now == 5_000_000_000 {
                1_000_000_000
            } else {
                1_000_000
            };
        }
        assert_eq!(latency.count(), 1_000);
        assert!(
            (latency.ms(95.0) - 500.0).abs() < 20.0,
            "{}",
            latency.ms(95.0)
        );
    }
}
