//! The write queue: many senders' changes in one transaction. It decides what shares a commit, retries a busy database,
//! and tells the results in commit order, so that events are published in the order of their places.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::{sleep, timeout},
};
use tracing::{error, warn};

use super::{SharedStore, StoreError, Write, WriteOutcome, unsure::Unsure};
use crate::{
    bus::{Note, Tell},
    clock::Clock,
    error::Refusal,
    telemetry::{Limit, Metrics},
};

/// How the queue behaves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueueConfig {
    /// Writes that may wait; one more is refused with `overloaded`.
    pub(crate) capacity: usize,
    /// Most writes in one transaction.
    pub(crate) batch: usize,
    /// How often a busy database is tried before its writers hear `unavailable`.
    pub(crate) retries: u32,
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

/// After a failed commit, how often the store is asked what became of it.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// So many writes that fail in a row, each alone, mean that the store is gone.
const GONE: u32 = 3;
/// How long a write of an account waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(5);

/// What hears the outcome of one write.
type OutcomeListener = Box<dyn FnOnce(WriteOutcome) + Send>;

struct QueueJob {
    write: Write,
    tell: OutcomeListener,
}

/// The queue's handle; clones share it. When the last one is dropped, what was accepted is still committed.
#[derive(Clone)]
pub(crate) struct WriteQueue {
    jobs: mpsc::Sender<QueueJob>,
    metrics: Arc<Metrics>,
}

impl WriteQueue {
    /// A queue and the task that empties it; the task ends when all handles are gone and everything is committed.
    pub(crate) fn new(
        store: SharedStore,
        config: QueueConfig,
        clock: Clock,
        node: Arc<impl Tell>,
        metrics: Arc<Metrics>,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (jobs, inbox) = mpsc::channel(config.capacity);
        let queue = Self {
            jobs,
            metrics: Arc::clone(&metrics),
        };
        let line = QueueTask {
            store,
            config,
            clock,
            metrics,
        };
        (queue, drain(line, node, inbox))
    }

    /// Puts a write in line, at once and in order, or refuses it with `overloaded`; `tell` hears what became of it.
    pub(crate) fn submit(&self, write: Write, tell: impl FnOnce(WriteOutcome) + Send + 'static) {
        let job = QueueJob {
            write,
            tell: Box::new(tell),
        };
        match self.jobs.try_send(job) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(job)) => {
                self.metrics.hit(Limit::WriteQueue);
                (job.tell)(Err(Refusal::overloaded()));
            }
            Err(mpsc::error::TrySendError::Closed(job)) => (job.tell)(Err(Refusal::unavailable())),
        }
    }

    /// Puts a write of an account in line, and waits for a place in it, at most [`PATIENCE`]: nobody is kept from signing in, or out, by
    /// messages that fill the line.
    pub(crate) async fn write_patiently(&self, write: Write) -> WriteOutcome {
        let (tell, outcome) = listener();
        match timeout(PATIENCE, self.jobs.reserve()).await {
            Ok(Ok(place)) => place.send(QueueJob { write, tell }),
            Ok(Err(_)) => return Err(Refusal::unavailable()),
            Err(_) => {
                self.metrics.hit(Limit::WriteQueue);
                return Err(Refusal::overloaded());
            }
        }
        told(outcome).await
    }

    /// Puts a write in line and waits for its outcome.
    pub(crate) async fn write(&self, write: Write) -> WriteOutcome {
        let (tell, outcome) = listener();
        self.submit(write, tell);
        told(outcome).await
    }

    /// Writes that wait just now.
    pub(crate) fn depth(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }
}

/// What hears an outcome, and where it is waited for. Whoever waited may have gone; the write stands.
fn listener() -> (OutcomeListener, oneshot::Receiver<WriteOutcome>) {
    let (tell, outcome) = oneshot::channel();
    (Box::new(move |told| drop(tell.send(told))), outcome)
}

async fn told(outcome: oneshot::Receiver<WriteOutcome>) -> WriteOutcome {
    outcome
        .await
        .unwrap_or_else(|_| Err(Refusal::unavailable()))
}

/// What the task of the queue works with.
struct QueueTask {
    store: SharedStore,
    config: QueueConfig,
    clock: Clock,
    metrics: Arc<Metrics>,
}

async fn drain(line: QueueTask, node: Arc<impl Tell>, mut inbox: mpsc::Receiver<QueueJob>) {
    let QueueTask {
        store,
        config,
        clock,
        metrics,
    } = line;
    let mut batch = Vec::with_capacity(config.batch);
    let mut at = 0;
    let mut unsure = Unsure::default();
    loop {
        // While one transaction syncs, the next batch gathers by itself: no timer is needed to group commits.
        let gathered = tokio::select! {
            biased;
            gathered = inbox.recv_many(&mut batch, config.batch) => gathered,
            () = sleep(LOOK_EVERY), if !unsure.is_empty() => {
                unsure.look(&store, &*node).await;
                continue;
            }
        };
        if gathered == 0 {
            return;
        }
        at = clock.now_ms().max(at);
        let (writes, listeners): (Vec<Write>, Vec<_>) = batch
            .drain(..)
            .map(|QueueJob { mut write, tell }| {
                write.stamp(at);
                (write, tell)
            })
            .unzip();
        let writes: Arc<[Write]> = writes.into();
        let began = clock.instant();
        let stored = with_retries(&store, &config, &node, &writes).await;
        let took = clock.instant().duration_since(began);
        metrics.committed(writes.len(), took.as_secs_f64(), stored.is_ok());
        let (outcomes, answers) = match stored {
            Ok(outcomes) => (outcomes, true),
            Err(why) => {
                unsure.add(&writes, at);
                let outcomes = fallen(&store, &config, &node, &writes, why).await;
                // What is told to have been stored is also shown as it stands.
                let answers = outcomes.iter().any(Result::is_ok);
                (outcomes, answers)
            }
        };
        if answers {
            unsure.look_at_threads(&store, &*node).await;
        }
        // Before its writers hear of it, and in order: an entry is told where it was numbered.
        for (write, outcome) in writes.iter().zip(&outcomes) {
            if let Ok(done) = outcome {
                unsure.hear(write, done);
                Note::of(write, done).for_each(|note| node.tell(&note));
            }
        }
        for (tell, outcome) in listeners.into_iter().zip(outcomes) {
            tell(outcome);
        }
        // A store that does not answer is not asked at every batch.
        if answers {
            unsure.look(&store, &*node).await;
        }
    }
}

/// What becomes of the writes of a commit that failed.
async fn fallen(
    store: &SharedStore,
    config: &QueueConfig,
    node: &Arc<impl Tell>,
    writes: &[Write],
    why: StoreError,
) -> Vec<WriteOutcome> {
    if writes.len() == 1 || matches!(why, StoreError::Busy) {
        error!(%why, writes = writes.len(), "writes were not stored");
        return writes.iter().map(|_| Err(Refusal::unavailable())).collect();
    }
    // One write may be what breaks the batch: let the others through.
    warn!(%why, writes = writes.len(), "a batch failed; its writes are tried one by one");
    let mut outcomes = Vec::with_capacity(writes.len());
    let mut broken = 0;
    for write in writes {
        // A store that is really gone is not asked five hundred times; writes that break alone do not stop those behind them.
        if broken == GONE || !write.may_be_repeated() {
            outcomes.push(Err(Refusal::unavailable()));
            continue;
        }
        let stored = with_retries(store, config, node, &[write.clone()].into()).await;
        broken = if stored.is_ok() { 0 } else { broken + 1 };
        let outcome = stored.ok().and_then(|mut one| one.pop());
        outcomes.push(outcome.unwrap_or_else(|| Err(Refusal::unavailable())));
    }
    outcomes
}

/// Commits, and tries again while the store is busy. After any other failure nobody knows what was stored, and what is remembered of it
/// does not hold.
async fn with_retries(
    store: &SharedStore,
    config: &QueueConfig,
    node: &Arc<impl Tell>,
    writes: &Arc<[Write]>,
) -> Result<Vec<WriteOutcome>, StoreError> {
    let mut tried = 0;
    loop {
        match store.commit(Arc::clone(writes)).await {
            Err(StoreError::Busy) if tried < config.retries => {
                tried += 1;
                sleep(Duration::from_millis(u64::from(tried.min(10)) * 5)).await;
            }
            Err(StoreError::Busy) => return Err(StoreError::Busy),
            Err(why) => {
                node.tell(&Note::Unsure);
                return Err(why);
            }
            stored => return stored,
        }
    }
}
