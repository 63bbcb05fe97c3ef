//! Words of the connection banner.

use super::Count;

/// The connection banner. Each is a head and what follows it.
pub struct LinkWords {
    pub connecting: (&'static str, &'static str),
    pub waiting: (&'static str, Count, &'static str),
    pub trying: (&'static str, fn(u64, u64) -> String),
    pub quiet: (&'static str, Count, &'static str),
    pub offline: (&'static str, &'static str),
    pub restarting: (&'static str, Count),
    pub signed_out: (&'static str, Count),
    pub outdated: (&'static str, &'static str),
    pub banned: &'static str,
    pub catching_up: (&'static str, fn(u64, u64) -> String),
    pub back: (&'static str, &'static str),
    pub try_now: &'static str,
    pub reload: &'static str,
}
