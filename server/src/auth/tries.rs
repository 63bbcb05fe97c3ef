//! Wrong passwords, counted by name and by address (contract, `HUBBUB_SIGNIN_TRIES`).

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use protocol::ErrorCode;

use crate::error::Refusal;

const WINDOW_MS: u64 = 15 * 60 * 1_000;
/// An address may stand for an office.
const ADDRESS_FACTOR: u32 = 10;
/// Names and addresses that are remembered; the oldest are forgotten first.
const MOST: usize = 50_000;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    Address(IpAddr),
}

struct Count {
    since: u64,
    wrong: u32,
}

/// See the module. A limit of 0 is no limit.
pub struct Tries {
    limit: u32,
    counts: Mutex<HashMap<Key, Count>>,
}

impl Tries {
    /// So many wrong passwords in 15 minutes by name, ten times that by address.
    pub fn new(limit: u32) -> Self {
        Self {
            limit,
            counts: Mutex::new(HashMap::new()),
        }
    }

    /// Refuses when there were too many.
    pub fn check(&self, name_key: &str, address: IpAddr, now: u64) -> Result<(), Refusal> {
        if self.limit == 0 {
            return Ok(());
        }
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let limits = [
            (Key::Name(name_key.to_owned()), self.limit),
            (
                Key::Address(address),
                self.limit.saturating_mul(ADDRESS_FACTOR),
            ),
        ];
        let wait = limits.iter().filter_map(|(key, limit)| {
            let count = counts.get(key)?;
            let ends = count.since + WINDOW_MS;
            (count.wrong >= *limit && now < ends).then_some(ends - now)
        });
        wait.max().map_or(Ok(()), |wait| {
            let minutes = wait.div_ceil(60_000);
            let why =
                format!("too many tries; wait {minutes} minutes, or ask an admin for a reset link");
            Err(Refusal::later(ErrorCode::RateLimited, why, wait))
        })
    }

    /// Counts a wrong password.
    pub fn wrong(&self, name_key: &str, address: IpAddr, now: u64) {
        if self.limit == 0 {
            return;
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, count| now < count.since + WINDOW_MS);
        }
        if counts.len() >= MOST {
            let oldest = counts
                .iter()
                .min_by_key(|(_, count)| count.since)
                .map(|(key, _)| key.clone());
            oldest.map(|key| counts.remove(&key));
        }
        for key in [Key::Name(name_key.to_owned()), Key::Address(address)] {
            let count = counts.entry(key).or_insert(Count {
                since: now,
                wrong: 0,
            });
            if now >= count.since + WINDOW_MS {
                *count = Count {
                    since: now,
                    wrong: 0,
                };
            }
            count.wrong = count.wrong.saturating_add(1);
        }
    }

    /// Forgets the wrong ones of a name that signed in.
    pub fn right(&self, name_key: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.remove(&Key::Name(name_key.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn a_name_is_closed_for_fifteen_minutes() {
        let tries = Tries::new(3);
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        for at in 0..3 {
            assert!(tries.check("ada", here, at).is_ok());
            tries.wrong("ada", here, at);
        }
        let refused = tries.check("ada", here, 60_000).unwrap_err();
        assert_eq!(
            (refused.code, refused.retry_after_ms),
            (ErrorCode::RateLimited, Some(WINDOW_MS - 60_000))
        );
        assert!(tries.check("wren", here, 60_000).is_ok());
        assert!(tries.check("ada", here, WINDOW_MS).is_ok());
    }

    #[test]
    fn an_address_gets_ten_times_as_many() {
        let tries = Tries::new(1);
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        for n in 0..10 {
            assert!(tries.check(&format!("u{n}"), here, 0).is_ok());
            tries.wrong(&format!("u{n}"), here, 0);
        }
        assert!(tries.check("somebody", here, 0).is_err());
        assert!(
            tries
                .check("somebody", IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), 0)
                .is_ok()
        );
        assert!(Tries::new(0).check("somebody", here, 0).is_ok());
    }
}
