//! Guesses at passwords, counted by name, by address and by device, and at codes by address (contract, `HUBBUB_SIGNIN_TRIES`). A guess is counted before it is
//! looked at, and given back if it was right: however many come at once, no more than the limit are looked at.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use protocol::{ErrorCode, UserId};

use crate::{error::Refusal, network::Network, workers::Lines};

const WINDOW_MS: u64 = 15 * 60 * 1_000;
/// An address may stand for an office.
const NETWORK_FACTOR: u32 = 10;
/// Guesses of one name or device that wait while one is looked at.
const WAITING: usize = 64;
/// Names, addresses and devices that are remembered; the oldest are forgotten first.
const MAX_KEYS: usize = 50_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum TryKey {
    Name(String),
    Network(Network),
    Device(UserId, String),
    Codes(Network),
}

/// A guess, and what it counts against.
#[derive(Clone, Debug)]
pub(crate) struct Guess(Vec<TryKey>);

impl Guess {
    /// From a device that nobody has signed in with under this name: counted for the name and for the network.
    pub(crate) fn of_stranger(name_key: &str, network: Network) -> Self {
        Self(vec![
            TryKey::Name(name_key.to_owned()),
            TryKey::Network(network),
        ])
    }

    /// From a device that this person has signed in with before. What strangers guess does not count against it, so that they cannot
    /// lock somebody out; strangers cannot know its id, which is random.
    pub(crate) fn of_device(user: UserId, device: &str) -> Self {
        Self(vec![TryKey::Device(user, device.to_owned())])
    }

    /// At the code of a link to a new password, which is nobody's name.
    pub(crate) fn of_code(network: Network) -> Self {
        Self(vec![TryKey::Codes(network)])
    }
}

#[derive(Clone, Copy)]
struct TryCount {
    since: u64,
    wrong: u32,
}

/// Counts of wrong passwords by name, address and device. A limit of 0 is no limit.
pub(crate) struct Tries {
    limit: u32,
    counts: Mutex<HashMap<TryKey, TryCount>>,
    /// One guess a name or device is looked at at a time: whether there may be another is not known before.
    lines: Lines<TryKey>,
}

impl Tries {
    /// So many wrong passwords in 15 minutes by name and by device, ten times that by address.
    pub(crate) fn new(limit: u32) -> Self {
        Self {
            limit,
            counts: Mutex::default(),
            lines: Lines::new(1, WAITING),
        }
    }

    /// Waits until the guesses before it at the same name or device have been looked at. The turn ends when what is returned is dropped.
    pub(crate) async fn turn(&self, Guess(keys): &Guess) -> Result<impl Send + use<>, Refusal> {
        match keys.first() {
            Some(key) => self.lines.turn(key.clone()).await.map(Some),
            None => Ok(None),
        }
    }

    /// Refuses when there were too many.
    pub(crate) fn check(&self, guess: &Guess, now: u64) -> Result<(), Refusal> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_in(&counts, guess, now)
    }

    fn check_in(
        &self,
        counts: &HashMap<TryKey, TryCount>,
        Guess(keys): &Guess,
        now: u64,
    ) -> Result<(), Refusal> {
        if self.limit == 0 {
            return Ok(());
        }
        let wait = keys.iter().filter_map(|key| {
            let count = counts.get(key)?;
            let ends = count.since + WINDOW_MS;
            (count.wrong >= self.limit_of(key) && now < ends).then_some(ends - now)
        });
        wait.max().map_or(Ok(()), |wait| {
            let minutes = wait.div_ceil(60_000);
            let why =
                format!("too many tries; wait {minutes} minutes, or ask an admin for a reset link");
            Err(Refusal::later(ErrorCode::RateLimited, why, wait))
        })
    }

    const fn limit_of(&self, key: &TryKey) -> u32 {
        match key {
            TryKey::Name(_) | TryKey::Device(..) | TryKey::Codes(_) => self.limit,
            TryKey::Network(_) => self.limit.saturating_mul(NETWORK_FACTOR),
        }
    }

    /// Counts a guess that is about to be looked at, or refuses it.
    pub(crate) fn count(&self, guess: &Guess, now: u64) -> Result<(), Refusal> {
        if self.limit == 0 {
            return Ok(());
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_in(&counts, guess, now)?;
        if counts.len() >= MAX_KEYS {
            counts.retain(|_, count| now < count.since + WINDOW_MS);
        }
        if counts.len() >= MAX_KEYS {
            let oldest = counts
                .iter()
                .min_by_key(|(_, count)| count.since)
                .map(|(key, _)| key.clone());
            oldest.map(|key| counts.remove(&key));
        }
        for key in &guess.0 {
            let fresh = TryCount {
                since: now,
                wrong: 0,
            };
            let count = counts.entry(key.clone()).or_insert(fresh);
            if now >= count.since + WINDOW_MS {
                *count = fresh;
            }
            count.wrong = count.wrong.saturating_add(1);
        }
        Ok(())
    }

    /// Takes back a guess that was not looked at.
    pub(crate) fn take_back(&self, guess: &Guess) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &guess.0 {
            if let Some(count) = counts.get_mut(key) {
                count.wrong = count.wrong.saturating_sub(1);
                if count.wrong == 0 {
                    counts.remove(key);
                }
            }
        }
    }

    /// It was right: the wrong ones of its name or device are forgotten, those of its address are not.
    pub(crate) fn right(&self, guess: &Guess) {
        self.take_back(guess);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &guess.0 {
            if !matches!(key, TryKey::Network(_)) {
                counts.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    fn here() -> Network {
        IpAddr::V4(Ipv4Addr::LOCALHOST).into()
    }

    fn stranger(name: &str) -> Guess {
        Guess::of_stranger(name, here())
    }

    #[test]
    fn a_name_is_closed_for_fifteen_minutes() {
        let tries = Tries::new(3);
        for at in 0..3 {
            assert!(tries.check(&stranger("ada"), at).is_ok());
            tries.count(&stranger("ada"), at).unwrap();
        }
        let refused = tries.count(&stranger("ada"), 60_000).unwrap_err();
        assert_eq!(
            (refused.code, refused.retry_after_ms),
            (ErrorCode::RateLimited, Some(WINDOW_MS - 60_000))
        );
        assert!(tries.check(&stranger("wren"), 60_000).is_ok());
        assert!(tries.check(&stranger("ada"), WINDOW_MS).is_ok());
    }

    #[test]
    fn an_address_gets_ten_times_as_many() {
        let tries = Tries::new(1);
        for n in 0..10 {
            tries.count(&stranger(&format!("u{n}")), 0).unwrap();
        }
        assert!(tries.check(&stranger("somebody"), 0).is_err());
        let elsewhere = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)).into();
        let other = Guess::of_stranger("somebody", elsewhere);
        assert!(tries.check(&other, 0).is_ok());
        assert!(Tries::new(0).check(&stranger("somebody"), 0).is_ok());
    }

    #[test]
    fn strangers_do_not_close_a_device_and_a_device_is_closed_by_itself() {
        let tries = Tries::new(2);
        let mine = Guess::of_device(UserId::new(1).unwrap(), "phone");
        while tries.count(&stranger("ada"), 0).is_ok() {}
        tries.count(&mine, 0).unwrap();
        tries.right(&mine);
        assert!(tries.check(&stranger("ada"), 0).is_err(), "still guessing");
        tries.count(&mine, 0).unwrap();
        tries.count(&mine, 0).unwrap();
        assert!(tries.count(&mine, 0).is_err());
    }

    #[test]
    fn a_right_one_and_one_that_was_not_looked_at_cost_nothing() {
        let tries = Tries::new(1);
        for _ in 0..50 {
            tries.count(&stranger("ada"), 0).unwrap();
            tries.right(&stranger("ada"));
            tries.count(&stranger("ada"), 0).unwrap();
            tries.take_back(&stranger("ada"));
        }
        assert!(tries.counts.lock().unwrap().is_empty());
    }
}
