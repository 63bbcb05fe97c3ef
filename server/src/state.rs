//! The state that every part of the server shares.

use std::sync::Arc;

use protocol::{Limits, UserId, limits};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    answers::AnswerBudget,
    auth::{CookieNames, Foreign, Passwords, SetupCode, Tokens, Tries},
    clock::Clock,
    commands::{quota::Quotas, read::Reads, using::Uses},
    config::Config,
    connection::LogPages,
    entropy::Entropy,
    http::{assets::Assets, health::Readiness, limit::HttpLimits},
    hub::{Hub, Rate},
    network::Network,
    nodes::Nodes,
    shares::Shares,
    store::{SharedStore, WriteQueue, cache::Cache},
    telemetry::Metrics,
    workers::Workers,
};

/// A handle to [`Shared`].
pub(crate) type State = Arc<Shared>;

/// Settings, clock, store, cache, hub and counters of one server.
pub(crate) struct Shared {
    /// The settings.
    pub(crate) config: Config,
    /// The time.
    pub(crate) clock: Clock,
    /// Random bits.
    pub(crate) entropy: Entropy,
    /// What is kept.
    pub(crate) store: SharedStore,
    /// What is remembered of it.
    pub(crate) cache: Arc<Cache>,
    /// The way into the logs.
    pub(crate) queue: WriteQueue,
    /// Who is here.
    pub(crate) hub: Arc<Hub>,
    /// The other nodes; none for a server that is alone.
    pub(crate) nodes: Option<Arc<Nodes>>,
    /// What connections read of the logs.
    pub(crate) pages: LogPages,
    /// How often one may send.
    pub(crate) rate: Rate<UserId>,
    /// How often one may change what, and how many rooms one may have.
    pub(crate) quotas: Quotas,
    /// Read positions that are not written yet.
    pub(crate) reads: Reads,
    /// Signs and reads tokens.
    pub(crate) tokens: Tokens,
    /// Uses of sign-ins that are to be noted.
    pub(crate) uses: Uses,
    /// What the browser calls its cookies.
    pub(crate) cookies: CookieNames,
    /// Hashes and checks passwords.
    pub(crate) passwords: Passwords,
    /// What makes the first account from another machine.
    pub(crate) setup_code: SetupCode,
    /// Counts wrong ones.
    pub(crate) tries: Tries,
    /// The memory of long answers.
    pub(crate) answers: AnswerBudget,
    /// Whether the operator was told of what was refused for its origin.
    pub(crate) foreign: Foreign,
    /// Draws pages.
    pub(crate) drawers: Workers,
    /// Requests by address and in all.
    pub(crate) http_limits: HttpLimits,
    /// Whether the store answers.
    pub(crate) readiness: Readiness,
    /// Live connections by address.
    pub(crate) sockets: Shares<Network>,
    /// What is measured.
    pub(crate) metrics: Arc<Metrics>,
    /// The page's files.
    pub(crate) assets: Assets,
    /// Every task that outlives a request.
    pub(crate) tasks: TaskTracker,
    /// Set once the server is going away.
    pub(crate) draining: CancellationToken,
}

impl Shared {
    /// Milliseconds since the epoch.
    pub(crate) fn now(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Milliseconds on the clock that never jumps.
    pub(crate) fn mono(&self) -> u64 {
        self.clock.mono_ms()
    }

    /// Whether the server is going away.
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }

    /// The numbers that `welcome` tells.
    pub(crate) fn limits(&self) -> Limits {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Limits {
            text: small(limits::TEXT_CHARS),
            frame: small(limits::FRAME_BYTES),
            send_per_s: self.config.limits.send_per_s,
        }
    }
}
