//! The disk of a memory store. How long it takes and what goes wrong there is a test's to say.

use std::time::Duration;

use server::store::{StoreError, Write, WriteOutcome};

/// The disk of a [`super::MemoryStore`].
pub trait MemoryDisk: Send + 'static {
    /// Asked before each commit: what it meets.
    fn write(&mut self, writes: &[Write]) -> Trip;

    /// Asked before each read: how long it takes, or why it fails.
    fn read(&mut self) -> Result<Duration, StoreError>;

    /// Told what is stored from now on, in order; also what a crash kept without anybody having heard of it.
    fn stored(&mut self, outcomes: &[WriteOutcome]);
}

/// What a commit meets.
#[derive(Debug)]
pub struct Trip {
    /// How long it takes until it is durable, or fails.
    pub takes: Duration,
    /// How it ends, unless a crash comes first.
    pub end: TripEnd,
}

/// How a commit ends.
#[derive(Debug)]
pub enum TripEnd {
    /// Stored, and told so.
    Stored,
    /// Nothing of it is stored.
    Failed(StoreError),
    /// Stored, and told that it failed: what a connection that is lost during a commit leaves behind.
    Unknown(StoreError),
}

/// Takes no time and never fails.
#[derive(Clone, Copy, Debug, Default)]
pub struct Perfect;

impl MemoryDisk for Perfect {
    fn write(&mut self, _: &[Write]) -> Trip {
        Trip {
            takes: Duration::ZERO,
            end: TripEnd::Stored,
        }
    }

    fn read(&mut self) -> Result<Duration, StoreError> {
        Ok(Duration::ZERO)
    }

    fn stored(&mut self, _: &[WriteOutcome]) {}
}
