//! The state that every part of the server shares.

use std::sync::Arc;

use protocol::{Limits, UserId, limits};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    answers::Answers,
    auth::{CookieNames, Foreign, Passwords, SetupCode, Tokens, Tries},
    clock::Clock,
    commands::{quota::Quotas, read::Reads, using::Uses},
    config::Config,
    connection::Pages,
    entropy::Entropy,
    http::{assets::Assets, health::Readiness, limit::HttpLimits},
    hub::{Hub, Rate},
    network::Network,
    shares::Shares,
    store::{SharedStore, WriteQueue, cache::Cache},
    telemetry::Metrics,
    workers::Workers,
};

/// A handle to [`Shared`].
pub type State = Arc<Shared>;

/// Settings, clock, store, cache, hub and counters of one server.
pub struct Shared {
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// Random bits.
    pub entropy: Entropy,
    /// What is kept.
    pub store: SharedStore,
    /// What is remembered of it.
    pub cache: Arc<Cache>,
    /// The way into the logs.
    pub queue: WriteQueue,
    /// Who is here.
    pub hub: Arc<Hub>,
    /// What connections read of the logs.
    pub(crate) pages: Pages,
    /// How often one may send.
    pub rate: Rate<UserId>,
    /// How often one may change what, and how many rooms one may have.
    pub quotas: Quotas,
    /// Read positions that are not written yet.
    pub reads: Reads,
    /// Signs and reads tokens.
    pub tokens: Tokens,
    /// Uses of sign-ins that are to be noted.
    pub uses: Uses,
    /// What the browser calls its cookies.
    pub cookies: CookieNames,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// What makes the first account from another machine.
    pub setup_code: SetupCode,
    /// Counts wrong ones.
    pub tries: Tries,
    /// The memory of long answers.
    pub answers: Answers,
    /// Whether the operator was told of what was refused for its origin.
    pub foreign: Foreign,
    /// Draws pages.
    pub drawers: Workers,
    /// Requests by address and in all.
    pub http_limits: HttpLimits,
    /// Whether the store answers.
    pub(crate) readiness: Readiness,
    /// Live connections by address.
    pub(crate) sockets: Shares<Network>,
    /// What is measured.
    pub metrics: Arc<Metrics>,
    /// The page's files.
    pub assets: Assets,
    /// Every task that outlives a request.
    pub tasks: TaskTracker,
    /// Set once the server is going away.
    pub draining: CancellationToken,
}

impl Shared {
    /// Milliseconds since the epoch.
    pub fn now(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Milliseconds on the clock that never jumps.
    pub fn mono(&self) -> u64 {
        self.clock.mono_ms()
    }

    /// Whether the server is going away.
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }

    /// The numbers that `welcome` tells.
    pub fn limits(&self) -> Limits {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Limits {
            text: small(limits::TEXT_CHARS),
            frame: small(limits::FRAME_BYTES),
            send_per_s: self.config.limits.send_per_s,
        }
    }
}
