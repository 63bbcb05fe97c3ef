//! Rates of requests, by address and in all.

use std::num::NonZeroU32;

use axum::{
    extract::{Request, State as Extract},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _,
};
use protocol::ErrorCode;

use super::address::ClientAddress;
use crate::{
    error::Refusal,
    network::Network,
    state::{Shared, State},
    telemetry::Limit,
};

/// Requests a second, by address and in all. A limit of 0 is no limit.
pub(crate) struct HttpLimits {
    address: Option<DefaultKeyedRateLimiter<Network>>,
    total: Option<DefaultDirectRateLimiter>,
}

impl HttpLimits {
    /// So many of one address, so many of all.
    pub(crate) fn new(address: u32, total: u32) -> Self {
        // A second's worth may come at once: pages ask for several things.
        Self {
            address: NonZeroU32::new(address).map(|n| RateLimiter::keyed(Quota::per_second(n))),
            total: NonZeroU32::new(total).map(|n| RateLimiter::direct(Quota::per_second(n))),
        }
    }

    fn check(&self, address: Network) -> Result<(), Refusal> {
        let now = governor::clock::DefaultClock::default().now();
        let wait = |until: governor::NotUntil<_>| {
            u64::try_from(until.wait_time_from(now).as_millis()).unwrap_or(1_000)
        };
        let refuse = |ms: u64| {
            Refusal::later(
                ErrorCode::RateLimited,
                "too many requests at once; try again shortly",
                ms.max(1),
            )
        };
        if let Some(limiter) = &self.address {
            limiter
                .check_key(&address)
                .map_err(|until| refuse(wait(until)))?;
        }
        if let Some(limiter) = &self.total {
            limiter.check().map_err(|until| refuse(wait(until)))?;
        }
        Ok(())
    }

    /// Forgets addresses that have not asked for a while.
    pub(crate) fn sweep(&self) {
        if let Some(limiter) = &self.address {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Refuses with 429 what is over the limits.
pub(crate) async fn limit(
    Extract(state): Extract<State>,
    ClientAddress(address): ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    match spend(&state, address.into()) {
        Ok(()) => next.run(request).await,
        Err(why) => why.into_response(),
    }
}

/// Counts a request, or refuses it.
pub(crate) fn spend(state: &Shared, network: Network) -> Result<(), Refusal> {
    let checked = state.http_limits.check(network);
    if checked.is_err() {
        state.metrics.hit(Limit::Requests);
    }
    checked
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    #[test]
    fn requests_over_the_limit_are_told_when_to_come_back() {
        let limits = HttpLimits::new(2, 0);
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST).into();
        assert!(limits.check(here).is_ok() && limits.check(here).is_ok());
        let refused = limits.check(here).unwrap_err();
        assert!(
            refused
                .retry_after_ms
                .is_some_and(|ms| (1..=1_000).contains(&ms))
        );
        assert!(HttpLimits::new(0, 0).check(here).is_ok());
    }
}
