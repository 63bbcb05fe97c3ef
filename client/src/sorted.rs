//! Small ordered maps and sets, each in one piece of memory. A page loads this code for every kind of key and value, and a
//! tree's is several times as long (measured: 30 KB of 360, as sent); what is kept here is short, or grows at its end.
//! Names and meanings are those of [`std::collections::BTreeMap`].

/// Puts an element into a list that is in the order of `key`, behind those of the same key. A page sorts with it
/// too: `slice::sort`, which also collecting a `BTreeMap` calls, is 4 KB of Wasm for every kind of list. For some thousands at most, as
/// what comes before others moves them.
pub fn put<T, K: Ord>(list: &mut Vec<T>, element: T, key: impl Fn(&T) -> K) {
    let own = key(&element);
    let at = list.partition_point(|other| key(other) <= own);
    list.insert(at, element);
}

/// A map in the order of its keys. Looking up is a binary search; putting something before others moves them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SortedMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    fn at(&self, key: &K) -> Result<usize, usize> {
        match self.0.last() {
            Some((last, _)) if last < key => Err(self.0.len()),
            _ => self.0.binary_search_by(|(other, _)| other.cmp(key)),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn contains_key(&self, key: &K) -> bool {
        self.at(key).is_ok()
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let at = self.at(key).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = self.at(key).ok()?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.at(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let at = self.at(key).ok()?;
        Some(self.0.remove(at).1)
    }

    pub(crate) fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// What comes from `key` on; what is before it stays.
    pub(crate) fn split_off(&mut self, key: &K) -> Self {
        let at = self.0.partition_point(|(other, _)| other < key);
        Self(self.0.split_off(at))
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| keep(key, value));
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }

    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    pub(crate) fn into_values(self) -> impl Iterator<Item = V> {
        self.0.into_iter().map(|(_, value)| value)
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: Ord, V> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, items: I) {
        for (key, value) in items {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> Self {
        let mut map = Self::default();
        map.extend(items);
        map
    }
}

/// A set in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SortedSet<K>(SortedMap<K, ()>);

impl<K> Default for SortedSet<K> {
    fn default() -> Self {
        Self(SortedMap::default())
    }
}

impl<K: Ord> SortedSet<K> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }

    pub(crate) fn insert(&mut self, key: K) -> bool {
        self.0.insert(key, ()).is_none()
    }

    pub(crate) fn remove(&mut self, key: &K) -> bool {
        self.0.remove(key).is_some()
    }

    pub(crate) fn pop_first(&mut self) -> Option<K> {
        self.0.pop_first().map(|(key, ())| key)
    }

    pub(crate) fn split_off(&mut self, key: &K) -> Self {
        Self(self.0.split_off(key))
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.0.keys()
    }
}

impl<K: Ord> FromIterator<K> for SortedSet<K> {
    fn from_iter<I: IntoIterator<Item = K>>(items: I) -> Self {
        Self(items.into_iter().map(|key| (key, ())).collect())
    }
}

impl<K> IntoIterator for SortedSet<K> {
    type Item = K;
    type IntoIter = std::iter::Map<std::vec::IntoIter<(K, ())>, fn((K, ())) -> K>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(|(key, ())| key)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_list_is_in_order_and_what_is_alike_stays_as_it_came(keys in prop::collection::vec(0..8_u8, 0..40)) {
            let mut model: Vec<_> = keys.into_iter().enumerate().collect();
            let mut list = Vec::new();
            for element in &model {
                put(&mut list, *element, |(_, key)| *key);
            }
            model.sort_by_key(|(_, key)| *key);
            prop_assert_eq!(list, model);
        }

        #[test]
        fn as_a_tree_does(acts in prop::collection::vec((0..4_u8, 0..40_u64), 0..120)) {
            let (mut map, mut model) = (SortedMap::default(), BTreeMap::new());
            for (n, (act, key)) in acts.into_iter().enumerate() {
                match act {
                    0 | 1 => prop_assert_eq!(map.insert(key, n), model.insert(key, n)),
                    2 => prop_assert_eq!(map.remove(&key), model.remove(&key)),
                    _ if n % 8 == 0 => (map, model) = (map.split_off(&key), model.split_off(&key)),
                    _ => prop_assert_eq!(map.pop_first(), model.pop_first()),
                }
                prop_assert_eq!(map.iter().collect::<Vec<_>>(), model.iter().collect::<Vec<_>>());
                prop_assert_eq!((map.len(), map.contains_key(&key)), (model.len(), model.contains_key(&key)));
                prop_assert_eq!(map.get(&key), model.get(&key));
            }
        }
    }
}
