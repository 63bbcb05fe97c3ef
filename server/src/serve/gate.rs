//! Admission of connections: how many by address, and what their requests may hold.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use ipnet::IpNet;
use rustix::process::{Resource, getrlimit};

use super::{
    body::{BODIES_BYTES, BODIES_BYTES_ADDRESS},
    repeated::Repeated,
};
use crate::{
    clock::Clock,
    config::Config,
    network::Network,
    shares::{Share, Shares},
    telemetry::{Limit, Metrics},
};

/// What bounds the connections that speak HTTP.
pub(crate) struct Gate {
    pub(super) clock: Clock,
    pub(super) metrics: Arc<Metrics>,
    /// Those who may speak for others: their connections are not counted.
    pub(super) trusted: Vec<IpNet>,
    connections: Shares<Network>,
    /// Bytes of bodies under way, by the client's address.
    pub(super) bodies: Shares<Network>,
    refused: Mutex<Repeated>,
}

/// A place for one more connection; none is needed for a trusted proxy.
pub(super) type SocketPlace = Option<Share<Network>>;

impl Gate {
    /// As the settings say.
    pub(crate) fn new(config: &Config, clock: Clock, metrics: Arc<Metrics>) -> Self {
        let most = config.limits.connections_per_address();
        Self {
            clock,
            metrics,
            trusted: config.serve.trusted_proxies.clone(),
            connections: Shares::new(within_descriptors(most, descriptors()), 0),
            bodies: Shares::new(BODIES_BYTES_ADDRESS, BODIES_BYTES),
            refused: Mutex::default(),
        }
    }

    /// A place for a connection, unless its address has too many.
    pub(super) fn admit(&self, peer: SocketAddr) -> Option<SocketPlace> {
        let address = peer.ip().to_canonical();
        if self
            .trusted
            .iter()
            .any(|network| network.contains(&address))
        {
            return Some(None);
        }
        if let Ok(place) = self.connections.take(address.into(), 1) {
            return Some(Some(place));
        }
        self.metrics.hit(Limit::Connections);
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = refused.again(self.clock.instant()) {
            tracing::warn!(%address, count, "refused connections of an address that has too many");
        }
        None
    }
}

/// Descriptors that this process may have; none where there is no limit.
fn descriptors() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

/// One address never gets more than half of what there is.
fn within_descriptors(most: u32, descriptors: Option<u64>) -> usize {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let half = descriptors.and_then(|all| usize::try_from(all / 2).ok());
    match half {
        Some(half) if most > 0 => most.min(half.max(1)),
        _ => most,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(flags: &[&str]) -> Gate {
        let args = ["hubbub"].iter().chain(flags).map(Into::into);
        let config = Config::load(args).unwrap();
        Gate::new(&config, Clock::system(), Arc::default())
    }

    fn peer(address: &str) -> SocketAddr {
        SocketAddr::new(address.parse().unwrap(), 1)
    }

    #[tokio::test]
    async fn an_address_has_so_many_and_a_trusted_proxy_any() {
        let gate = gate(&[
            "--connections-per-address=2",
            "--trusted-proxies=10.0.0.0/8",
        ]);
        let two = [
            gate.admit(peer("192.0.2.1")),
            gate.admit(peer("::ffff:192.0.2.1")),
        ];
        assert!(two.iter().all(Option::is_some));
        assert!(gate.admit(peer("192.0.2.1")).is_none());
        assert!(gate.admit(peer("192.0.2.2")).is_some());
        let proxied: Vec<_> = (0..9).map(|_| gate.admit(peer("10.1.2.3"))).collect();
        assert!(proxied.iter().all(Option::is_some));
        drop(two);
        // A whole network of IPv6 is one customer's.
        let others = [
            "2001:db8:1:2::1",
            "2001:db8:1:2:9::2",
            "2001:db8:1:2:ffff:1::3",
        ];
        let others = others.map(|address| gate.admit(peer(address)));
        assert_eq!(others.map(|place| place.is_some()), [true, true, false]);
        assert!(gate.admit(peer("2001:db8:1:3::1")).is_some());
        assert!(gate.admit(peer("192.0.2.1")).is_some());
    }

    #[test]
    fn the_default_follows_the_sockets_of_an_address() {
        let most = |flags: &[&str]| {
            let args = ["hubbub"].iter().chain(flags).map(Into::into);
            let limits = Config::load(args).unwrap().limits;
            limits.connections_per_address()
        };
        assert_eq!(most(&[]), 400);
        assert_eq!(most(&["--sockets-per-address=1000"]), 4_000);
        assert_eq!(most(&["--sockets-per-address=0"]), 0);
        assert_eq!(most(&["--connections-per-address=7"]), 7);
    }

    #[test]
    fn descriptors_are_left_for_others() {
        assert_eq!(within_descriptors(400, Some(600)), 300);
        assert_eq!(within_descriptors(400, Some(1_048_576)), 400);
        assert_eq!(within_descriptors(400, None), 400);
        assert_eq!(within_descriptors(0, Some(600)), 0);
    }
}
