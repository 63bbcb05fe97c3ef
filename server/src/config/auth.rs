//! Sign-ins and tokens.

use clap::Args;

/// Sign-ins and tokens.
#[derive(Args, Clone, Copy, Debug)]
pub struct AuthConfig {
    /// Life of an access token, in seconds.
    #[arg(long, env = "HUBBUB_ACCESS_TTL_S", default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..=86_400), value_name = "SECONDS")]
    pub access_ttl_s: u64,
    /// Life of a sign-in that is not refreshed, in seconds.
    #[arg(long, env = "HUBBUB_SIGNIN_TTL_S", default_value_t = 30 * 86_400, value_parser = clap::value_parser!(u64).range(1..=400 * 86_400), value_name = "SECONDS")]
    pub signin_ttl_s: u64,
    /// Passwords that are hashed at once; each takes 19 MiB and some tens of milliseconds.
    #[arg(long, env = "HUBBUB_PASSWORD_WORKERS", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=64), value_name = "N")]
    pub password_workers: u32,
}
