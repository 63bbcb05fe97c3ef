//! A map of what was read, kept until it changes.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, Hash},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Versions; keys share them, which only makes a few more reads than there need be.
const VERSIONS: usize = 1_024;

/// A bounded map of what was read. When it is full it is emptied: what is asked for often is soon back.
pub(super) struct VersionedCache<K, V> {
    kept: Mutex<HashMap<K, V>>,
    versions: Box<[AtomicU64]>,
    most: usize,
}

/// The moment before something is read from the store.
#[derive(Clone, Copy)]
pub(super) struct Version(u64);

impl<K: Hash + Eq + Clone, V: Clone> VersionedCache<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            kept: Mutex::default(),
            versions: (0..VERSIONS).map(|_| AtomicU64::new(0)).collect(),
            most,
        }
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<K, V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn version_of(&self, key: &K) -> &AtomicU64 {
        let hash =
            std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default().hash_one(key);
        &self.versions[usize::try_from(hash % VERSIONS as u64).unwrap_or_default()]
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.kept().get(key).cloned()
    }

    /// To be taken before the store is read.
    pub(super) fn version(&self, key: &K) -> Version {
        Version(self.version_of(key).load(Ordering::Acquire))
    }

    /// Keeps what was read, unless it changed while it was.
    pub(super) fn fill(&self, key: K, value: V, read_at: Version) {
        let mut kept = self.kept();
        if self.version_of(&key).load(Ordering::Acquire) != read_at.0 {
            return;
        }
        if kept.len() >= self.most && !kept.contains_key(&key) {
            kept.clear();
        }
        kept.insert(key, value);
    }

    /// It changed.
    pub(super) fn forget(&self, key: &K) {
        let mut kept = self.kept();
        self.version_of(key).fetch_add(1, Ordering::AcqRel);
        kept.remove(key);
    }

    /// It changed in a way that is known. Whoever reads it just now does not know of it.
    pub(super) fn change(&self, key: &K, change: impl FnOnce(&mut V) -> bool) {
        let mut kept = self.kept();
        self.version_of(key).fetch_add(1, Ordering::AcqRel);
        if kept.get_mut(key).is_some_and(|value| !change(value)) {
            kept.remove(key);
        }
    }

    /// Anything may have changed.
    pub(super) fn clear(&self) {
        let mut kept = self.kept();
        for version in &self.versions {
            version.fetch_add(1, Ordering::AcqRel);
        }
        kept.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_while_it_is_read_is_not_kept() {
        let cache: VersionedCache<u64, &str> = VersionedCache::new(2);
        let version = cache.version(&1);
        cache.fill(1, "one", version);
        assert_eq!(cache.get(&1), Some("one"));
        let version = cache.version(&1);
        cache.forget(&1);
        cache.fill(1, "an old one", version);
        assert_eq!(cache.get(&1), None);
        let version = cache.version(&2);
        cache.clear();
        cache.fill(2, "an old two", version);
        assert_eq!(cache.get(&2), None);
    }

    #[test]
    fn it_is_bounded() {
        let cache: VersionedCache<u64, u64> = VersionedCache::new(2);
        for key in 0..10 {
            cache.fill(key, key, cache.version(&key));
        }
        assert!((0..10).filter(|key| cache.get(key).is_some()).count() <= 2);
        assert_eq!(cache.get(&9), Some(9));
    }
}
