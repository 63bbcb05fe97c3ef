//! Sign-ins and tokens.

use clap::Args;

use crate::store::UseRule;

/// A sign-in that is used goes on, for at most so many seconds from its making (or its unused life, where that is set longer).
const MAX_SIGNIN_S: u64 = 365 * 86_400;

/// That a sign-in is used is noted so often, or four times in its unused life, where that is short.
const NOTED_EVERY_MS: u64 = 3_600_000;

/// Sign-ins and tokens.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct AuthConfig {
    /// Life of an access token, in seconds.
    #[arg(long, env = "HUBBUB_ACCESS_TTL_S", default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..=86_400), value_name = "SECONDS")]
    pub(crate) access_ttl_s: u64,
    /// Life of a sign-in that is not used, in seconds. One that is used goes on, for at most a year from its making.
    #[arg(long, env = "HUBBUB_SIGNIN_TTL_S", default_value_t = 30 * 86_400, value_parser = clap::value_parser!(u64).range(1..=400 * 86_400), value_name = "SECONDS")]
    pub(crate) signin_ttl_s: u64,
    /// Passwords that are hashed at once; each takes 19 MiB and some tens of milliseconds.
    #[arg(long, env = "HUBBUB_PASSWORD_WORKERS", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=64), value_name = "N")]
    pub(crate) password_workers: u32,
}

impl AuthConfig {
    /// What a use does to a sign-in.
    pub(crate) fn use_rule(&self) -> UseRule {
        let unused_ms = self.signin_ttl_s * 1_000;
        UseRule {
            every_ms: NOTED_EVERY_MS.min(unused_ms / 4),
            unused_ms,
            most_ms: MAX_SIGNIN_S.max(self.signin_ttl_s) * 1_000,
        }
    }

    /// Until when a sign-in that is used now is good, unless it is used again: both ends in milliseconds since the epoch.
    pub(crate) fn signin_ends_ms(&self, created_ms: u64, now_ms: u64) -> u64 {
        let unused = now_ms.saturating_add(self.use_rule().unused_ms);
        unused.min(self.signin_last_ms(created_ms))
    }

    /// The end that no use puts off: its tokens are made to last until then, and whether they are good is the sign-in's to say.
    pub(crate) fn signin_last_ms(&self, created_ms: u64) -> u64 {
        created_ms.saturating_add(self.use_rule().most_ms)
    }
}
