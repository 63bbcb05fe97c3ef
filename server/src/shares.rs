//! Shares of a limit: so much in all, and so much of it for each of them (an address, a person).

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Which bound a request for more would go beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShareRefused {
    /// What one may have.
    Each,
    /// What all may have together.
    All,
}

/// A budget with a bound in all and a bound for each key. A bound of 0 is no limit.
pub(crate) struct Shares<K>(Arc<SharesState<K>>);

struct SharesState<K> {
    each: usize,
    all: usize,
    used: Mutex<UsedShares<K>>,
}

struct UsedShares<K> {
    all: usize,
    by: HashMap<K, usize>,
}

impl<K> Clone for Shares<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Copy + Eq + Hash> Shares<K> {
    /// So much for each, so much for all; 0 is no limit.
    pub(crate) fn new(each: usize, all: usize) -> Self {
        let used = Mutex::new(UsedShares {
            all: 0,
            by: HashMap::new(),
        });
        Self(Arc::new(SharesState { each, all, used }))
    }

    /// A share of `amount` for `key`, given back when it is dropped.
    pub(crate) fn take(&self, key: K, amount: usize) -> Result<Share<K>, ShareRefused> {
        let mut share = self.none(key);
        share.grow(amount)?;
        Ok(share)
    }

    /// A share that is empty until it grows.
    pub(crate) fn none(&self, key: K) -> Share<K> {
        Share {
            of: self.clone(),
            key,
            amount: 0,
        }
    }

    fn used(&self) -> MutexGuard<'_, UsedShares<K>> {
        self.0.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one has of a budget.
pub(crate) struct Share<K: Copy + Eq + Hash> {
    of: Shares<K>,
    key: K,
    amount: usize,
}

impl<K: Copy + Eq + Hash> Share<K> {
    /// Takes `more`, or nothing where that would go beyond a bound.
    pub(crate) fn grow(&mut self, more: usize) -> Result<(), ShareRefused> {
        let SharesState { each, all, .. } = *self.of.0;
        let mut used = self.of.used();
        let mine = used.by.get(&self.key).copied().unwrap_or_default() + more;
        if each > 0 && mine > each {
            return Err(ShareRefused::Each);
        }
        if all > 0 && used.all + more > all {
            return Err(ShareRefused::All);
        }
        used.all += more;
        if mine > 0 {
            used.by.insert(self.key, mine);
        }
        self.amount += more;
        Ok(())
    }
}

impl<K: Copy + Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut used = self.of.used();
        used.all -= self.amount;
        if let Some(mine) = used.by.get_mut(&self.key) {
            *mine -= self.amount;
            if *mine == 0 {
                used.by.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_bound_and_so_have_all() {
        let shares = Shares::new(2, 3);
        let mut first = shares.take('a', 2).unwrap();
        assert_eq!(shares.take('a', 1).err(), Some(ShareRefused::Each));
        let second = shares.take('b', 1).unwrap();
        assert_eq!(shares.take('c', 1).err(), Some(ShareRefused::All));
        assert_eq!(first.grow(1), Err(ShareRefused::Each));
        drop(second);
        let third = shares.take('c', 0).unwrap();
        drop((first, third));
        assert_eq!(shares.take('b', 2).map(|share| share.amount), Ok(2));
        let used = shares.used();
        assert!(used.all == 0 && used.by.is_empty());
    }

    #[test]
    fn no_bound_is_no_bound() {
        let shares = Shares::new(0, 0);
        assert!(shares.take(1, usize::MAX / 2).is_ok());
    }
}
