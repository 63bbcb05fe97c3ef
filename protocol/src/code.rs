//! Error codes, shared by `nack`, `error` and HTTP bodies.

use serde::Serialize;
use utoipa::ToSchema;

/// Why a command was refused (contract, "Commands" and "HTTP").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Too many at once; comes with `retry_after_ms`.
    RateLimited,
    /// The write queue is full; comes with `retry_after_ms`.
    Overloaded,
    /// The store does not answer; comes with `retry_after_ms`.
    Unavailable,
    /// Known, but not allowed.
    Forbidden,
    /// No such thing, or none that the caller may know of.
    NotFound,
    /// A field that breaks its rule.
    Invalid,
    /// A text over its limit.
    TooLong,
    /// It is already something else.
    Conflict,
    /// Nobody is signed in (HTTP only).
    Unauthorized,
    /// A body over its limit (HTTP only).
    TooLarge,
    /// A code that this build does not know yet: final.
    Unknown,
}

reads_words!(ErrorCode {
    "rate_limited" => RateLimited, "overloaded" => Overloaded, "unavailable" => Unavailable, "forbidden" => Forbidden,
    "not_found" => NotFound, "invalid" => Invalid, "too_long" => TooLong, "conflict" => Conflict, "unauthorized" => Unauthorized,
    "too_large" => TooLarge,
} or Unknown);

impl ErrorCode {
    /// Whether the same command may succeed later, unchanged.
    pub const fn is_worth_a_retry(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Overloaded | Self::Unavailable
        )
    }
}
