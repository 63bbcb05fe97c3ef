//! What is to be looked at in the store, each thing once however often it is asked for.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use protocol::{RoomId, UserId};
use tokio::sync::Notify;

/// Something to look at. What others wait for comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WorkItem {
    /// Entries of a room are missing: its log is read.
    Fill(RoomId),
    /// What is one person's own.
    User(UserId),
    /// Where a room's log ends.
    Head(RoomId),
}

/// What is to be looked at, and from when on, in milliseconds of the monotonic clock. There are no more than people and rooms on this node.
#[derive(Default)]
pub(super) struct WorkList {
    due: Mutex<BTreeMap<WorkItem, u64>>,
    more: Notify,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NextItem {
    /// Look at this.
    Item(WorkItem),
    /// Nothing for so many milliseconds.
    Wait(u64),
    /// Nothing.
    Nothing,
}

impl WorkList {
    fn due(&self) -> MutexGuard<'_, BTreeMap<WorkItem, u64>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is looked at from `at` on, or earlier if that was asked for.
    pub(super) fn add(&self, item: WorkItem, at: u64) {
        let mut due = self.due();
        let known = due.entry(item).or_insert(at);
        *known = at.min(*known);
        drop(due);
        self.more.notify_one();
    }

    /// Takes what is due.
    pub(super) fn next(&self, now: u64) -> NextItem {
        let mut due = self.due();
        let first = due.iter().find(|(_, at)| **at <= now);
        if let Some(item) = first.map(|(item, _)| *item) {
            due.remove(&item);
            return NextItem::Item(item);
        }
        let soonest = due.values().min();
        soonest.map_or(NextItem::Nothing, |at| NextItem::Wait(at - now))
    }

    /// Waits until something is added.
    pub(super) async fn more(&self) {
        self.more.notified().await;
    }
}

/// Who is audited next, so that each has a turn within a period.
#[derive(Debug)]
pub(super) struct Rota<T> {
    last: Option<T>,
    /// Milliseconds times members that passed and were not used.
    credit: u64,
}

impl<T> Default for Rota<T> {
    fn default() -> Self {
        Self {
            last: None,
            credit: 0,
        }
    }
}

impl<T: Copy + Ord> Rota<T> {
    /// Those whose turn it is, `passed_ms` after the call before. `all` is in order.
    pub(super) fn turn(&mut self, all: &[T], passed_ms: u64, period_ms: u64) -> Vec<T> {
        self.credit += passed_ms * all.len() as u64;
        let mut turn = Vec::new();
        while self.credit >= period_ms && turn.len() < all.len() {
            self.credit -= period_ms;
            let at = self
                .last
                .map_or(0, |last| all.partition_point(|one| *one <= last));
            let one = all[at % all.len()];
            self.last = Some(one);
            turn.push(one);
        }
        self.credit = self.credit.min(period_ms);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_looked_at_once_and_what_is_missing_comes_first() {
        let (room, user) = (RoomId::new(1).unwrap(), UserId::new(1).unwrap());
        let work = WorkList::default();
        assert_eq!(work.next(0), NextItem::Nothing);
        work.add(WorkItem::Head(room), 0);
        work.add(WorkItem::User(user), 0);
        work.add(WorkItem::User(user), 9);
        work.add(WorkItem::Fill(room), 30);
        work.add(WorkItem::Fill(room), 40);
        assert_eq!(work.next(5), NextItem::Item(WorkItem::User(user)));
        assert_eq!(work.next(30), NextItem::Item(WorkItem::Fill(room)));
        assert_eq!(work.next(30), NextItem::Item(WorkItem::Head(room)));
        work.add(WorkItem::Head(room), 70);
        assert_eq!(work.next(30), NextItem::Wait(40));
    }

    #[test]
    fn each_has_its_turn_once_a_period() {
        let mut rota = Rota::default();
        let mut turns = Vec::new();
        for _ in 0..80 {
            turns.extend(rota.turn(&[1, 2, 3], 250, 10_000));
        }
        assert_eq!(turns, [1, 2, 3, 1, 2, 3]);
        let all: Vec<u64> = (0..1_000).collect();
        let turn = rota.turn(&all, 250, 10_000);
        assert_eq!((turn.len(), turn[0]), (25, 4));
        assert!(rota.turn(&[], 250, 10_000).is_empty());
    }
}
