//! The network of an address, by which limits count: one home, so that no limit can be walked around by changing the last part of an address.

use std::net::{IpAddr, Ipv6Addr};

/// Bits of an IPv6 address that one customer of a provider has for themselves (RFC 6177, section 2): they may use any address below.
const PREFIX_V6: u32 = 64;

/// An IPv4 address, or the /64 of an IPv6 address. An IPv4-mapped address (RFC 4291, section 2.5.5.2) is the IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => {
                let mask = u128::MAX << (u128::BITS - PREFIX_V6);
                IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: &str) -> Network {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn addresses_of_one_customer_are_one_network() {
        for (one, other) in [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("fe80::1", "fe80::2"),
        ] {
            assert_eq!(network(one), network(other), "{one} {other}");
        }
        for (one, other) in [
            ("2001:db8:1:2::1", "2001:db8:1:3::1"),
            ("192.0.2.1", "192.0.2.2"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
        ] {
            assert_ne!(network(one), network(other), "{one} {other}");
        }
    }
}
