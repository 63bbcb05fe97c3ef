//! The one home of randomness: everything else takes bits as an argument.

use rand::{
    RngCore, SeedableRng as _, TryRngCore as _,
    rngs::{OsRng, StdRng},
};

/// Where random bits come from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entropy;

impl Entropy {
    /// 128 random bits from the operating system.
    ///
    /// # Panics
    /// When the operating system has none to give: nothing that needs a secret could go on.
    pub fn u128(self) -> u128 {
        let mut bytes = [0; 16];
        Self::fill(&mut bytes);
        u128::from_le_bytes(bytes)
    }

    /// 64 random bits.
    pub fn u64(self) -> u64 {
        let mut bytes = [0; 8];
        Self::fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A generator that starts from random bits.
    pub fn rng(self) -> impl RngCore {
        let mut seed = [0; 32];
        Self::fill(&mut seed);
        StdRng::from_seed(seed)
    }

    #[expect(
        clippy::expect_used,
        reason = "without random bits no token and no id is safe; there is nothing to fall back to"
    )]
    fn fill(bytes: &mut [u8]) {
        OsRng
            .try_fill_bytes(bytes)
            .expect("the operating system gives random bytes");
    }
}
