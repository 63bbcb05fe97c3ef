//! Pages as the server renders them: what stands in them, what is escaped, what is never there.

#![cfg(feature = "ssr")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests unwrap, as their tests may"
)]

mod auth;
mod fixture;
mod lists;
mod markdown;
mod room;
mod rules;
