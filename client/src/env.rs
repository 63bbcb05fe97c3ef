//! Time and randomness, which a session is given and never takes.

/// The time, twice. Both are the driver's to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// A clock that never goes back (such as `performance.now()`), in milliseconds: for timers.
    pub mono_ms: u64,
    /// Milliseconds since the Unix epoch, UTC: for ids and for what is shown.
    pub wall_ms: u64,
}

/// A source of randomness: for jitter and for the ids of messages, so it should not repeat between devices.
pub trait Rng {
    /// The next 64 bits.
    fn next_u64(&mut self) -> u64;
}

/// A source that repeats: the same seed gives the same numbers (`SplitMix64`). For tests, simulations and load, whose runs can be
/// played again. A page takes its bits from the browser instead.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// From a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }
}

impl Rng for Seeded {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// A number in `low..=high`; `low` when the range is empty. The bias of the remainder is below 2⁻⁴⁰ for the waits it is used for.
pub(crate) fn between(rng: &mut dyn Rng, low: u64, high: u64) -> u64 {
    match high.checked_sub(low) {
        None | Some(0) => low,
        Some(u64::MAX) => rng.next_u64(),
        Some(span) => low + rng.next_u64() % (span + 1),
    }
}

/// `value` ± `percent` %.
pub(crate) fn around(rng: &mut dyn Rng, value: u64, percent: u64) -> u64 {
    let off = value / 100 * percent + value % 100 * percent / 100;
    between(rng, value - off.min(value), value.saturating_add(off))
}

/// 128 bits, for an id.
pub(crate) fn bits(rng: &mut dyn Rng) -> u128 {
    (u128::from(rng.next_u64()) << 64) | u128::from(rng.next_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_in_its_bounds_and_uses_them() {
        let mut rng = Seeded::new(1);
        let drawn: Vec<u64> = (0..10_000).map(|_| around(&mut rng, 1_000, 20)).collect();
        assert!(drawn.iter().all(|ms| (800..=1_200).contains(ms)));
        assert!(drawn.iter().any(|&ms| ms < 810) && drawn.iter().any(|&ms| ms > 1_190));
        assert_eq!(around(&mut rng, 0, 50), 0);
        assert_eq!(between(&mut rng, 7, 7), 7);
        assert!(around(&mut rng, u64::MAX, 50) >= u64::MAX / 2);
    }

    #[test]
    fn the_same_seed_repeats() {
        let draw = |seed| {
            let mut rng = Seeded::new(seed);
            (0..5).map(|_| rng.next_u64()).collect::<Vec<_>>()
        };
        assert_eq!(draw(9), draw(9));
        assert_ne!(draw(9), draw(10));
        assert_ne!(bits(&mut Seeded::new(1)), bits(&mut Seeded::new(2)));
    }
}
