//! The write queue: many senders' changes in one transaction. It decides what shares a commit, retries a busy database,
//! and tells the results in commit order, so that events are published in the order of their places.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::sleep,
};
use tracing::{error, warn};

use super::{Outcome, SharedStore, StoreError, Write};
use crate::{clock::Clock, error::Refusal};

/// How the queue behaves.
#[derive(Clone, Copy, Debug)]
pub struct QueueConfig {
    /// Writes that may wait; one more is refused with `overloaded`.
    pub capacity: usize,
    /// Most writes in one transaction.
    pub batch: usize,
    /// How often a busy database is tried before its writers hear `unavailable`.
    pub retries: u32,
}

impl Default for QueueConfig {
    fn default() -> Self {
        Self {
            capacity: 8_192,
            batch: 512,
            retries: 20,
        }
    }
}

/// Told of every commit, in order, before its writers are: here events are published. It must be quick and must not wait.
pub type OnCommit = Arc<dyn Fn(&[Outcome]) + Send + Sync>;

/// What hears the outcome of one write.
type Listener = Box<dyn FnOnce(Outcome) + Send>;

struct Job {
    write: Write,
    tell: Listener,
}

/// The queue's handle; clones share it. When the last one is dropped, what was accepted is still committed.
#[derive(Clone)]
pub struct WriteQueue {
    jobs: mpsc::Sender<Job>,
}

impl WriteQueue {
    /// A queue and the task that empties it; the task ends when all handles are gone and everything is committed.
    pub fn new(
        store: SharedStore,
        config: QueueConfig,
        clock: Clock,
        on_commit: OnCommit,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (jobs, inbox) = mpsc::channel(config.capacity);
        (Self { jobs }, drain(store, config, clock, on_commit, inbox))
    }

    /// Puts a write in line, at once and in order, or refuses it with `overloaded`; `tell` hears what became of it.
    pub fn submit(&self, write: Write, tell: impl FnOnce(Outcome) + Send + 'static) {
        let job = Job {
            write,
            tell: Box::new(tell),
        };
        match self.jobs.try_send(job) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(job)) => (job.tell)(Err(Refusal::overloaded())),
            Err(mpsc::error::TrySendError::Closed(job)) => (job.tell)(Err(Refusal::unavailable())),
        }
    }

    /// Puts a write in line and waits for its outcome.
    pub async fn write(&self, write: Write) -> Outcome {
        let (tell, outcome) = oneshot::channel();
        self.submit(write, move |outcome| {
            // Whoever asked may have gone; the write stands.
            drop(tell.send(outcome));
        });
        outcome
            .await
            .unwrap_or_else(|_| Err(Refusal::unavailable()))
    }

    /// Writes that wait just now.
    pub fn depth(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }
}

async fn drain(
    store: SharedStore,
    config: QueueConfig,
    clock: Clock,
    on_commit: OnCommit,
    mut inbox: mpsc::Receiver<Job>,
) {
    let mut batch = Vec::with_capacity(config.batch);
    let mut at = 0;
    // While one transaction syncs, the next batch gathers by itself: no timer is needed to group commits.
    while inbox.recv_many(&mut batch, config.batch).await > 0 {
        let (mut writes, listeners): (Vec<Write>, Vec<_>) =
            batch.drain(..).map(|job| (job.write, job.tell)).unzip();
        at = clock.now_ms().max(at);
        for write in &mut writes {
            write.stamp(at);
        }
        let outcomes = commit(&store, &config, &writes).await;
        on_commit(&outcomes);
        for (tell, outcome) in listeners.into_iter().zip(outcomes) {
            tell(outcome);
        }
    }
}

async fn commit(store: &SharedStore, config: &QueueConfig, writes: &[Write]) -> Vec<Outcome> {
    match with_retries(store, config, writes).await {
        Ok(outcomes) => outcomes,
        Err(why) if writes.len() > 1 && !matches!(why, StoreError::Busy) => {
            // One write may be what breaks the batch: let the others through.
            warn!(%why, writes = writes.len(), "a batch failed; its writes are tried one by one");
            let mut outcomes = Vec::with_capacity(writes.len());
            let mut broken = 0;
            for write in writes.chunks(1) {
                // A store that is really gone is not asked five hundred times.
                let outcome = if broken < 3 {
                    with_retries(store, config, write).await
                } else {
                    Err(StoreError::Busy)
                };
                outcomes.push(outcome.map_or_else(
                    |_| {
                        broken += 1;
                        Err(Refusal::unavailable())
                    },
                    |mut one| one.pop().unwrap_or_else(|| Err(Refusal::unavailable())),
                ));
            }
            outcomes
        }
        Err(why) => {
            error!(%why, writes = writes.len(), "writes were not stored");
            writes.iter().map(|_| Err(Refusal::unavailable())).collect()
        }
    }
}

async fn with_retries(
    store: &SharedStore,
    config: &QueueConfig,
    writes: &[Write],
) -> Result<Vec<Outcome>, StoreError> {
    let mut tried = 0;
    loop {
        match store.commit(writes).await {
            Err(StoreError::Busy) if tried < config.retries => {
                tried += 1;
                sleep(Duration::from_millis(u64::from(tried.min(10)) * 5)).await;
            }
            other => return other,
        }
    }
}
