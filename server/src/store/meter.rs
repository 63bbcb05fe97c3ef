//! How long a COMMIT takes (what the disk takes, and the way to a database that is elsewhere), and how long readers wait for a connection.

use std::sync::Arc;

use tokio::time::Instant;

use crate::{clock::Clock, telemetry::Metrics};

/// Measures a store.
#[derive(Clone, Debug)]
pub(super) struct StoreMeter {
    clock: Clock,
    metrics: Arc<Metrics>,
}

impl StoreMeter {
    pub(super) fn new(clock: Clock, metrics: Arc<Metrics>) -> Self {
        Self { clock, metrics }
    }

    /// A COMMIT begins, or somebody wants a connection.
    pub(super) fn begin(&self) -> Instant {
        self.clock.instant()
    }

    /// The COMMIT that began then returned.
    pub(super) fn end(&self, began: Instant) {
        let took = self.clock.instant().duration_since(began);
        self.metrics.synced(took.as_secs_f64());
    }

    /// Whoever wanted a connection then has one, or was told that none came free.
    pub(super) fn waited(&self, began: Instant) {
        let took = self.clock.instant().duration_since(began);
        self.metrics.waited(took.as_secs_f64());
    }
}
