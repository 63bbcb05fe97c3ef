//! How long a COMMIT takes: what the disk takes, and the way to a database that is elsewhere.

use std::sync::Arc;

use tokio::time::Instant;

use crate::{clock::Clock, telemetry::Metrics};

/// Measures commits.
#[derive(Clone, Debug)]
pub(super) struct SyncMeter {
    clock: Clock,
    metrics: Arc<Metrics>,
}

impl SyncMeter {
    pub(super) fn new(clock: Clock, metrics: Arc<Metrics>) -> Self {
        Self { clock, metrics }
    }

    /// A COMMIT begins.
    pub(super) fn begin(&self) -> Instant {
        self.clock.instant()
    }

    /// The COMMIT that began then returned.
    pub(super) fn end(&self, began: Instant) {
        let took = self.clock.instant().duration_since(began);
        self.metrics.synced(took.as_secs_f64());
    }
}
