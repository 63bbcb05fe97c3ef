//! Lists. An item keeps its elements as long as it keeps its key; what must move is moved, and nothing else is touched, so that
//! the focus and the place that one reads stay where they are.

use std::{
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash},
};

use leptos::{
    prelude::*,
    tachys::{
        renderer::{Rndr, types},
        view::Mountable,
    },
};

use super::{Part, View, mounted::Mounted};

/// An item of a list: its key, and how it is drawn when it is new.
pub struct KeyedItem {
    pub(super) key: u64,
    pub(super) draw: Box<dyn FnOnce() -> View + Send>,
}

/// A list of what `items` gives, told apart by `key`. Keys of two items that are both there differ.
pub fn each<T, K, P>(
    mut items: impl FnMut() -> Vec<T> + Send + 'static,
    key: impl Fn(&T) -> K + Send + 'static,
    draw: impl Fn(T) -> P + Clone + Send + 'static,
) -> View
where
    T: Send + 'static,
    K: Hash,
    P: Part,
{
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    View::Each(Box::new(move || {
        let item = |item: T| {
            let draw = draw.clone();
            KeyedItem {
                key: hasher.hash_one(key(&item)),
                draw: Box::new(move || draw(item).view()),
            }
        };
        items().into_iter().map(item).collect()
    }))
}

/// An item that is drawn.
pub(crate) struct Child {
    key: u64,
    mounted: Mounted,
    owner: Owner,
}

impl Drop for Child {
    fn drop(&mut self) {
        self.owner.cleanup();
    }
}

/// The owners of a list's items. An owner notes each child that it ever had, and keeps its memory: of a list in which items come and go,
/// those of items that went are used again.
pub(crate) struct ItemOwners {
    list: Owner,
    spare: Vec<Owner>,
}

impl ItemOwners {
    /// Of a list that this owner surrounds.
    pub(super) const fn new(list: Owner) -> Self {
        Self {
            list,
            spare: Vec::new(),
        }
    }

    /// One for a new item.
    pub(super) fn take(&mut self) -> Owner {
        self.spare.pop().unwrap_or_else(|| self.list.child())
    }
}

impl Child {
    /// Draws an item, with an owner of its own: what it makes is gone when it goes.
    pub(super) fn draw(item: KeyedItem, owner: Owner, with: impl FnOnce(View) -> Mounted) -> Self {
        let mounted = owner.with(|| untrack(|| with((item.draw)())));
        Self {
            key: item.key,
            mounted,
            owner,
        }
    }

    pub(super) fn mounted(&self) -> &Mounted {
        &self.mounted
    }

    pub(super) fn mounted_mut(&mut self) -> &mut Mounted {
        &mut self.mounted
    }
}

/// Changes a list that is in the page, before `anchor`.
pub(super) fn update(
    before: Vec<Child>,
    items: Vec<KeyedItem>,
    (parent, anchor): (&types::Element, &types::Node),
    owners: &mut ItemOwners,
) -> Vec<Child> {
    let places: HashMap<u64, usize> = before
        .iter()
        .enumerate()
        .map(|(at, child)| (child.key, at))
        .collect();
    let sources: Vec<Option<usize>> = items
        .iter()
        .map(|item| places.get(&item.key).copied())
        .collect();
    let stays = staying(&sources);
    let mut before: Vec<Option<Child>> = before.into_iter().map(Some).collect();
    // From the last to the first, so that what follows is in its place already.
    let mut next = anchor.clone();
    let mut after = Vec::with_capacity(items.len());
    for (at, item) in items.into_iter().enumerate().rev() {
        let kept = sources[at].and_then(|source| before[source].take());
        let child = if let Some(mut child) = kept {
            if !stays[at] {
                child.mounted.mount(parent, Some(&next));
            }
            child
        } else {
            let mut child = Child::draw(item, owners.take(), View::build_now);
            child.mounted.mount(parent, Some(&next));
            child
        };
        // What somebody took out of the list is no place to put the one before it.
        if let Some(first) = child.mounted.first_node()
            && Rndr::get_parent(&first).as_ref() == Some(&**parent)
        {
            next = first;
        }
        after.push(child);
    }
    for mut gone in before.into_iter().flatten() {
        gone.mounted.unmount();
        let owner = gone.owner.clone();
        drop(gone);
        owners.spare.push(owner);
    }
    after.reverse();
    after
}

/// Which items need not move: a longest run of those that were there before, in the order that they had.
fn staying(sources: &[Option<usize>]) -> Vec<bool> {
    // The ends of the best runs of each length, and of each item the one before it in its run.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = vec![None; sources.len()];
    for (at, source) in sources.iter().enumerate() {
        let Some(source) = source else { continue };
        let length = ends.partition_point(|&end| sources[end].is_some_and(|other| other < *source));
        previous[at] = length.checked_sub(1).map(|one| ends[one]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut stays = vec![false; sources.len()];
    let mut at = ends.last().copied();
    while let Some(one) = at {
        stays[one] = true;
        at = previous[one];
    }
    stays
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moved(sources: &[usize]) -> usize {
        let sources: Vec<_> = sources.iter().copied().map(Some).collect();
        staying(&sources).iter().filter(|stays| !**stays).count()
    }

    #[test]
    fn nothing_moves_for_what_comes_before_or_between() {
        let sources = [None, None, Some(0), Some(1), None, Some(2)];
        assert_eq!(staying(&sources), [false, false, true, true, false, true]);
        assert_eq!(moved(&[0, 1, 2, 3]), 0);
        assert_eq!(moved(&[1, 2, 3, 0]), 1);
        assert_eq!(moved(&[3, 0, 1, 2]), 1);
        assert_eq!(moved(&[3, 2, 1, 0]), 3);
        assert!(staying(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn what_stays_is_in_order(order in Just((0..40_usize).collect::<Vec<_>>()).prop_shuffle()) {
            let sources: Vec<_> = order.iter().copied().map(Some).collect();
            let kept: Vec<_> = staying(&sources).iter().zip(&order).filter(|(stays, _)| **stays).map(|(_, at)| *at).collect();
            prop_assert!(kept.is_sorted() && !kept.is_empty());
        }
    }
}
