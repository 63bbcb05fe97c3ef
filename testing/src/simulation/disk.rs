//! The disk under the server's store, and its faults.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::memory::{MemoryDisk, Trip, TripEnd};
use rand::{Rng as _, rngs::StdRng};
use server::store::{StoreError, Write, WriteOutcome};

use super::ledger::Ledger;

/// The faults of a disk. Chances are in 1,000.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiskFaults {
    /// How long a commit takes at most, in milliseconds.
    pub commit_ms: u64,
    /// How long a read takes at most, in milliseconds.
    pub read_ms: u64,
    /// The chance that a commit fails and stores nothing.
    pub fails: u32,
    /// The chance that a commit stores and reports that it failed.
    pub unknown: u32,
    /// The chance that a commit finds the database busy.
    pub busy: u32,
    /// The chance that a read fails.
    pub unreadable: u32,
}

/// A disk of a memory store whose faults a scenario changes.
pub struct FaultyDisk {
    /// Its faults of now.
    pub faults: Arc<Mutex<DiskFaults>>,
    /// What chances are drawn from.
    pub dice: StdRng,
    /// Where its operations are noted.
    pub ledger: Ledger,
}

impl FaultyDisk {
    fn takes(&mut self, most_ms: u64) -> Duration {
        Duration::from_millis(self.dice.random_range(0..=most_ms))
    }
}

fn full() -> StoreError {
    StoreError::Unavailable("the disk is full".to_owned())
}

impl MemoryDisk for FaultyDisk {
    fn write(&mut self, writes: &[Write]) -> Trip {
        let faults = *self.faults.lock().unwrap();
        let takes = self.takes(faults.commit_ms);
        let roll = self.dice.random_range(0..1_000);
        let (fails, unknown) = (faults.fails, faults.fails + faults.unknown);
        let end = match roll {
            _ if roll < fails => TripEnd::Failed(full()),
            _ if roll < unknown => TripEnd::Unknown(full()),
            _ if roll < unknown + faults.busy => TripEnd::Failed(StoreError::Busy),
            _ => TripEnd::Stored,
        };
        self.ledger.note(
            "disk",
            &format_args!("{} writes, {takes:?}, {end:?}", writes.len()),
        );
        Trip { takes, end }
    }

    fn read(&mut self) -> Result<Duration, StoreError> {
        let faults = *self.faults.lock().unwrap();
        if self.dice.random_range(0..1_000) < faults.unreadable {
            return Err(full());
        }
        Ok(self.takes(faults.read_ms))
    }

    fn stored(&mut self, outcomes: &[WriteOutcome]) {
        self.ledger.note("store", &outcomes);
        for event in outcomes.iter().flatten().flat_map(|done| &done.events) {
            self.ledger.stored(event);
        }
    }
}
