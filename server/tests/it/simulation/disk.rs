//! The disk under the server's store, and the weather that it stands in.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use rand::{Rng as _, rngs::StdRng};
use server::store::{Outcome, StoreError, Write};
use testing::memory::{Disk, Trip, TripEnd};

use super::ledger::Ledger;

/// How the disk is just now. Chances are in 1,000.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weather {
    /// Most milliseconds that a commit takes.
    pub(super) commit_ms: u64,
    /// Most milliseconds that a read takes.
    pub(super) read_ms: u64,
    /// Commits that store nothing.
    pub(super) fails: u32,
    /// Commits that store and tell that they failed.
    pub(super) unknown: u32,
    /// Commits that find the database busy.
    pub(super) busy: u32,
    /// Reads that fail.
    pub(super) unreadable: u32,
}

/// A disk whose weather others change.
pub(super) struct Weathered {
    pub(super) weather: Arc<Mutex<Weather>>,
    pub(super) dice: StdRng,
    pub(super) ledger: Ledger,
}

impl Weathered {
    fn takes(&mut self, most_ms: u64) -> Duration {
        Duration::from_millis(self.dice.random_range(0..=most_ms))
    }
}

fn full() -> StoreError {
    StoreError::Unavailable("the disk is full".to_owned())
}

impl Disk for Weathered {
    fn write(&mut self, writes: &[Write]) -> Trip {
        let weather = *self.weather.lock().unwrap();
        let takes = self.takes(weather.commit_ms);
        let roll = self.dice.random_range(0..1_000);
        let (fails, unknown) = (weather.fails, weather.fails + weather.unknown);
        let end = match roll {
            _ if roll < fails => TripEnd::Failed(full()),
            _ if roll < unknown => TripEnd::Unknown(full()),
            _ if roll < unknown + weather.busy => TripEnd::Failed(StoreError::Busy),
            _ => TripEnd::Stored,
        };
        self.ledger.note(
            "disk",
            &format_args!("{} writes, {takes:?}, {end:?}", writes.len()),
        );
        Trip { takes, end }
    }

    fn read(&mut self) -> Result<Duration, StoreError> {
        let weather = *self.weather.lock().unwrap();
        if self.dice.random_range(0..1_000) < weather.unreadable {
            return Err(full());
        }
        Ok(self.takes(weather.read_ms))
    }

    fn stored(&mut self, outcomes: &[Outcome]) {
        self.ledger.note("store", &outcomes);
        for event in outcomes.iter().flatten().flat_map(|done| &done.events) {
            self.ledger.stored(event);
        }
    }
}
