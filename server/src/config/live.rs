//! Live sessions and their times.

use std::time::Duration;

use clap::Args;

/// Live sessions and their times (contract, "Connecting").
#[derive(Args, Clone, Copy, Debug)]
#[expect(
    clippy::struct_field_names,
    reason = "a field is named as its flag is, with its unit"
)]
pub(crate) struct LiveConfig {
    /// Seconds between two heartbeats; two missed end a connection.
    #[arg(long, env = "HUBBUB_HEARTBEAT_S", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3_600), value_name = "SECONDS")]
    pub(crate) heartbeat_s: u64,
    /// Seconds from the upgrade to a valid hello.
    #[arg(long, env = "HUBBUB_HELLO_TIMEOUT_S", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3_600), value_name = "SECONDS")]
    pub(crate) hello_timeout_s: u64,
    /// Seconds that a live session without a connection is kept.
    #[arg(long, env = "HUBBUB_OFFLINE_GRACE_S", default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=86_400), value_name = "SECONDS")]
    pub(crate) offline_grace_s: u64,
}

impl LiveConfig {
    /// Between two heartbeats.
    pub(crate) const fn heartbeat(&self) -> Duration {
        Duration::from_secs(self.heartbeat_s)
    }

    /// From the upgrade to a valid hello.
    pub(crate) const fn hello_timeout(&self) -> Duration {
        Duration::from_secs(self.hello_timeout_s)
    }

    /// How long a live session without a connection is kept.
    pub(crate) const fn offline_grace(&self) -> Duration {
        Duration::from_secs(self.offline_grace_s)
    }
}
