//! The one home of randomness: everything else takes bits as an argument.

use std::sync::{Mutex, PoisonError};

use rand::{
    RngCore, SeedableRng as _, TryRngCore as _,
    rngs::{OsRng, StdRng},
};

/// Where random bits come from.
#[derive(Clone, Copy, Debug)]
pub struct Entropy(EntropySource);

#[derive(Clone, Copy, Debug)]
enum EntropySource {
    System,
    Seeded(&'static Mutex<StdRng>),
}

impl Entropy {
    /// The operating system's.
    pub const fn system() -> Self {
        Self(EntropySource::System)
    }

    /// The same bits for the same seed, for simulations: a generator that is never freed.
    pub fn seeded(seed: u64) -> Self {
        let rng = Mutex::new(StdRng::seed_from_u64(seed));
        Self(EntropySource::Seeded(Box::leak(Box::new(rng))))
    }

    /// 128 random bits.
    ///
    /// # Panics
    /// When the operating system has none to give: nothing that needs a secret could go on.
    pub(crate) fn u128(self) -> u128 {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        u128::from_le_bytes(bytes)
    }

    /// 64 random bits.
    pub(crate) fn u64(self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A generator that starts from random bits.
    pub fn rng(self) -> impl RngCore {
        let mut seed = [0; 32];
        self.fill(&mut seed);
        StdRng::from_seed(seed)
    }

    #[expect(
        clippy::expect_used,
        reason = "without random bits no token and no id is safe; there is nothing to fall back to"
    )]
    fn fill(self, bytes: &mut [u8]) {
        match self.0 {
            EntropySource::System => OsRng
                .try_fill_bytes(bytes)
                .expect("the operating system gives random bytes"),
            EntropySource::Seeded(rng) => rng
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill_bytes(bytes),
        }
    }
}
