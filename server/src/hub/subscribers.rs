//! Delivery from a lane to its listeners. Waking a thousand tasks to let each make one system call costs more than the
//! calls: so a sweep walks over the listeners, and writes to whoever sleeps with nothing else to do. Whoever is busy, or does
//! not take all of it, is woken instead, and its own task goes on from its cursor.

use std::sync::{Arc, Mutex};

use protocol::Seq;
use tokio::{
    runtime::Handle,
    task::{unconstrained, yield_now},
};

use super::{frame::Frame, lane::Lane, lock, mailbox::Mailbox};

/// Listeners that are served before other tasks get a turn: some 300 µs of system calls.
const TURN: usize = 64;
/// Listeners that are worth a sweep on one more core.
const PER_SWEEP: usize = 256;

/// Who hears of a lane's entries.
pub trait LaneListener: Send + Sync {
    /// Where its connection is told everything else.
    fn mailbox(&self) -> &Arc<Mailbox>;

    /// There are entries after its cursor: writes them now, or wakes its task. `batch` is what the listener before it was given; it
    /// is replaced if this one needs other entries. True if there is more to be had in the lane, as a batch is bounded.
    fn deliver(&self, lane: &Arc<Lane>, batch: &mut Option<Batch>) -> bool;
}

/// Entries that follow each other, put together once for all who need just these.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The cursor before them.
    pub(crate) after: Seq,
    /// The cursor after them.
    pub(crate) upto: Seq,
    /// Their frames in one piece.
    pub(crate) frame: Frame,
}

/// The listeners of a lane, and how far the sweep over them has got.
#[derive(Default)]
pub(super) struct Subscribers {
    // By their mailboxes, so that they are served in the same order in any process: a simulation must replay.
    listeners: Mutex<Vec<Arc<dyn LaneListener>>>,
    sweep: Mutex<Sweep>,
}

#[derive(Default)]
struct Sweep {
    /// Who was served last; none when nobody waits.
    at: Option<u64>,
    /// There are new entries since it began.
    again: bool,
    /// Tasks that sweep.
    tasks: usize,
}

/// Where the listener with this mailbox is, or would be.
fn place(listeners: &[Arc<dyn LaneListener>], mailbox: u64) -> Result<usize, usize> {
    match listeners.last().map(|last| last.mailbox().id()) {
        Some(last) if last >= mailbox => {
            listeners.binary_search_by_key(&mailbox, |listener| listener.mailbox().id())
        }
        _ => Err(listeners.len()),
    }
}

impl Subscribers {
    pub(super) fn listen(&self, listener: Arc<dyn LaneListener>) {
        let mut listeners = lock(&self.listeners);
        // Nearly always the last.
        match place(&listeners, listener.mailbox().id()) {
            Ok(at) => listeners[at] = listener,
            Err(at) => {
                if listeners.len() == listeners.capacity() {
                    // By an eighth: each connection is in several rooms, and pays for the places that nobody takes.
                    let more = (listeners.len() / 8).max(4);
                    listeners.reserve_exact(more);
                }
                listeners.insert(at, listener);
            }
        }
    }

    pub(super) fn forget(&self, mailbox: u64) {
        // A listener may be the last owner of what its own drop locks.
        let gone = {
            let mut listeners = lock(&self.listeners);
            let at = place(&listeners, mailbox).ok();
            at.map(|at| listeners.remove(at))
        };
        drop(gone);
    }

    pub(super) fn count(&self) -> usize {
        lock(&self.listeners).len()
    }

    /// At most `most` of them.
    pub(super) fn mailboxes(&self, most: usize) -> Vec<Arc<Mailbox>> {
        let listeners = lock(&self.listeners);
        let mailboxes = listeners.iter().map(|one| Arc::clone(one.mailbox()));
        mailboxes.take(most).collect()
    }

    /// Begins a sweep, or lets the one that runs go round once more.
    pub(super) fn sweep(lane: &Arc<Lane>) {
        let subscribers = lane.subscribers();
        let listeners = subscribers.count();
        if listeners == 0 {
            return;
        }
        let runtime = Handle::current();
        let most = (listeners / PER_SWEEP + 1).min(runtime.metrics().num_workers());
        let new = {
            let mut sweep = lock(&subscribers.sweep);
            if sweep.at.is_some() {
                sweep.again = true;
            } else {
                sweep.at = Some(0);
            }
            let new = most.saturating_sub(sweep.tasks);
            sweep.tasks += new;
            new
        };
        for _ in 0..new {
            let task = Task(Some(Arc::clone(lane)));
            // It yields by itself; tokio's own budget would make a socket seem full.
            runtime.spawn(unconstrained(task.run()));
        }
    }

    /// Adds to `some` who is served next; nobody when all are, and then this task is no longer counted.
    fn next(&self, some: &mut Vec<Arc<dyn LaneListener>>) {
        let mut sweep = lock(&self.sweep);
        loop {
            let Some(at) = sweep.at else {
                if !std::mem::take(&mut sweep.again) {
                    sweep.tasks -= 1;
                    return;
                }
                sweep.at = Some(0);
                continue;
            };
            let listeners = lock(&self.listeners);
            let from = listeners.partition_point(|listener| listener.mailbox().id() <= at);
            some.extend(listeners[from..].iter().take(TURN).map(Arc::clone));
            sweep.at = some.last().map(|last| last.mailbox().id());
            if !some.is_empty() {
                return;
            }
        }
    }
}

/// One task that sweeps, until there is nobody left to serve.
struct Task(Option<Arc<Lane>>);

impl Task {
    async fn run(mut self) {
        // For all turns: a delivery allocates nothing.
        let mut some = Vec::with_capacity(TURN);
        let mut batch: Option<Batch> = None;
        while let Some(lane) = &self.0 {
            lane.subscribers().next(&mut some);
            if some.is_empty() {
                self.0 = None;
                return;
            }
            // Those who come now are better served with what is new as well.
            batch.take_if(|batch| Some(batch.upto) != lane.head());
            for listener in some.drain(..) {
                if listener.deliver(lane, &mut batch) {
                    lock(&lane.subscribers().sweep).again = true;
                }
            }
            yield_now().await;
        }
    }
}

impl Drop for Task {
    /// One that was cut off leaves its place to the next.
    fn drop(&mut self) {
        if let Some(lane) = &self.0 {
            lock(&lane.subscribers().sweep).tasks -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{RoomId, UserId};
    use tokio::time::Instant;

    use super::*;

    struct Ear {
        mailbox: Arc<Mailbox>,
        heard: Mutex<Seq>,
    }

    impl LaneListener for Ear {
        fn mailbox(&self) -> &Arc<Mailbox> {
            &self.mailbox
        }

        fn deliver(&self, lane: &Arc<Lane>, batch: &mut Option<Batch>) -> bool {
            let mut heard = lock(&self.heard);
            if batch.as_ref().is_none_or(|batch| batch.after != *heard) {
                *batch = lane.batch(*heard, 64, 1 << 16);
            }
            if let Some(batch) = batch {
                *heard = batch.upto;
            }
            lane.head() > Some(*heard)
        }
    }

    fn room_of(listeners: usize) -> (Arc<Lane>, Vec<Arc<Ear>>) {
        let lane = Arc::new(Lane::new(RoomId::new(1).unwrap(), Arc::default()));
        lane.raise(0);
        let ears: Vec<_> = (1..=listeners)
            .map(|id| {
                let mailbox = Arc::new(Mailbox::new(id as u64, UserId::new(1).unwrap(), 0));
                let heard = Mutex::default();
                Arc::new(Ear { mailbox, heard })
            })
            .collect();
        for ear in &ears {
            lane.listen(Arc::clone(ear) as Arc<dyn LaneListener>);
        }
        (lane, ears)
    }

    fn publish(lane: &Arc<Lane>, seq: Seq) {
        lane.publish(seq, Frame::text(&format!("e{seq}")), Instant::now());
    }

    async fn at_rest(lane: &Lane) {
        while lock(&lane.subscribers().sweep).tasks > 0 {
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn an_entry_that_comes_in_the_middle_of_a_sweep_reaches_those_who_were_served_too() {
        let (lane, ears) = room_of(3 * TURN);
        publish(&lane, 1);
        yield_now().await;
        let served = |seq| {
            let heard = ears.iter().map(|ear| *lock(&ear.heard));
            heard.filter(|heard| *heard == seq).count()
        };
        assert_eq!(served(1), TURN);
        publish(&lane, 2);
        at_rest(&lane).await;
        assert_eq!(served(2), ears.len());
        publish(&lane, 3);
        at_rest(&lane).await;
        assert_eq!(served(3), ears.len());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 3)]
    async fn sweeps_on_several_cores_leave_nobody_behind() {
        let (lane, ears) = room_of(4 * PER_SWEEP);
        for seq in 1..=300 {
            publish(&lane, seq);
            if seq % 7 == 0 {
                yield_now().await;
            }
        }
        at_rest(&lane).await;
        for ear in &ears {
            assert_eq!(*lock(&ear.heard), 300);
        }
    }

    #[tokio::test]
    async fn a_sweep_that_is_cut_off_leaves_its_place_to_the_next() {
        let (lane, ears) = room_of(2);
        let task = Task(Some(Arc::clone(&lane)));
        lock(&lane.subscribers().sweep).tasks += 1;
        drop(task);
        publish(&lane, 1);
        at_rest(&lane).await;
        assert!(ears.iter().all(|ear| *lock(&ear.heard) == 1));
    }
}
