//! Which node a client comes to: as behind a balancer that knows nothing of them, any one each time.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// The nodes that a client may come to.
#[derive(Clone, Debug)]
pub struct Doors {
    names: Vec<String>,
    dice: StdRng,
}

impl Doors {
    /// The hosts of these names; which one is next follows the seed.
    pub fn new(names: Vec<String>, seed: u64) -> Self {
        Self {
            names,
            dice: StdRng::seed_from_u64(seed),
        }
    }

    /// The next one.
    pub(super) fn next(&mut self) -> String {
        match self.names.len() {
            1 => self.names[0].clone(),
            many => self.names[self.dice.random_range(0..many)].clone(),
        }
    }
}
