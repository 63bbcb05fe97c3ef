//! The hub and everything behind it.

pub mod auth;
pub mod clock;
pub mod error;
pub mod store;
