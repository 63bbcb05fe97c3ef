//! Work that takes the processor for longer than a message may wait: so many jobs at a time beside the chat's threads, and so many
//! in line.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};

use crate::error::Refusal;

/// A bounded pool with a bounded line before it.
#[derive(Clone, Debug)]
pub(crate) struct Workers {
    workers: Arc<Semaphore>,
    line: Arc<Semaphore>,
}

/// A place in the line.
#[derive(Debug)]
pub(crate) struct WorkerPlace {
    workers: Arc<Semaphore>,
    _line: OwnedSemaphorePermit,
}

impl Workers {
    /// So many at work, and for each of them so many that wait.
    pub(crate) fn new(workers: usize, waiting_each: usize) -> Self {
        Self {
            workers: Arc::new(Semaphore::new(workers)),
            line: Arc::new(Semaphore::new(workers * (1 + waiting_each))),
        }
    }

    /// A place in the line. A full one is [`Refusal::overloaded`].
    pub(crate) fn place(&self) -> Result<WorkerPlace, Refusal> {
        let line = Arc::clone(&self.line).try_acquire_owned();
        Ok(WorkerPlace {
            workers: Arc::clone(&self.workers),
            _line: line.map_err(|_| Refusal::overloaded())?,
        })
    }
}

impl WorkerPlace {
    /// Does a job when its turn comes. One that panics is [`Refusal::unavailable`].
    pub(crate) async fn work<T: Send + 'static>(
        self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(|_| Refusal::unavailable())?;
        // The permit goes with the job: a caller that gives up does not free a worker that still works.
        let done = spawn_blocking(move || {
            let result = job();
            drop(worker);
            result
        });
        done.await.map_err(|_| Refusal::unavailable())
    }
}

/// A line for each key before a pool: of one key so many have their turn at a time, and so many wait, in order. Whoever is of
/// another key does not wait behind them: one address does not fill the pool's own line.
#[derive(Clone, Debug)]
pub(crate) struct Lines<K: Eq + Hash> {
    at_once: usize,
    waiting: usize,
    open: Arc<Mutex<HashMap<K, WaitingLine>>>,
}

#[derive(Debug)]
struct WaitingLine {
    turns: Arc<Semaphore>,
    inside: usize,
}

/// A turn; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn<K: Eq + Hash> {
    // Before the place: who waits next has the turn before the line is looked at.
    _turn: OwnedSemaphorePermit,
    _inside: Inside<K>,
}

/// One who waits or has the turn.
#[derive(Debug)]
struct Inside<K: Eq + Hash> {
    open: Arc<Mutex<HashMap<K, WaitingLine>>>,
    key: K,
}

fn lock<K>(lines: &Mutex<HashMap<K, WaitingLine>>) -> MutexGuard<'_, HashMap<K, WaitingLine>> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K: Clone + Eq + Hash> Lines<K> {
    /// So many of one key at a time, and so many of it that wait.
    pub(crate) fn new(at_once: usize, waiting: usize) -> Self {
        Self {
            at_once,
            waiting,
            open: Arc::default(),
        }
    }

    /// Waits for a turn. A full line is [`Refusal::overloaded`].
    pub(crate) async fn turn(&self, key: K) -> Result<Turn<K>, Refusal> {
        let (turns, inside) = self.enter(key)?;
        let turn = turns.acquire_owned().await;
        Ok(Turn {
            _turn: turn.map_err(|_| Refusal::unavailable())?,
            _inside: inside,
        })
    }

    fn enter(&self, key: K) -> Result<(Arc<Semaphore>, Inside<K>), Refusal> {
        let mut lines = lock(&self.open);
        let line = lines.entry(key.clone()).or_insert_with(|| WaitingLine {
            turns: Arc::new(Semaphore::new(self.at_once)),
            inside: 0,
        });
        if line.inside >= self.at_once + self.waiting {
            return Err(Refusal::overloaded());
        }
        line.inside += 1;
        let inside = Inside {
            open: Arc::clone(&self.open),
            key,
        };
        Ok((Arc::clone(&line.turns), inside))
    }
}

impl<K: Eq + Hash> Drop for Inside<K> {
    fn drop(&mut self) {
        let mut lines = lock(&self.open);
        if let Some(line) = lines.get_mut(&self.key) {
            line.inside -= 1;
            if line.inside == 0 {
                lines.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn the_line_is_bounded_and_frees_itself() {
        let workers = Workers::new(1, 1);
        let (first, second) = (workers.place().unwrap(), workers.place().unwrap());
        assert!(workers.place().is_err());
        let (go, wait) = oneshot::channel::<()>();
        let working = tokio::spawn(first.work(move || wait.blocking_recv().is_ok()));
        let waiting = tokio::spawn(second.work(|| 2));
        assert!(workers.place().is_err());
        go.send(()).unwrap();
        assert!(working.await.unwrap().unwrap());
        assert_eq!(waiting.await.unwrap().unwrap(), 2);
        let third = workers.place().unwrap();
        assert!(third.work(|| panic!("planted")).await.is_err());
        assert_eq!(workers.place().unwrap().work(|| 4).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn one_key_fills_its_own_line_only() {
        let lines = Lines::new(1, 1);
        let first = lines.turn("a").await.unwrap();
        let waits = tokio::spawn({
            let lines = lines.clone();
            async move { lines.turn("a").await.map(drop) }
        });
        while lock(&lines.open)["a"].inside < 2 {
            tokio::task::yield_now().await;
        }
        assert!(lines.turn("a").await.is_err(), "the line is full");
        drop(lines.turn("b").await.unwrap());
        drop(first);
        waits.await.unwrap().unwrap();
        assert!(lock(&lines.open).is_empty(), "nothing is left behind");
    }
}
