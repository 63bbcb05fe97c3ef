//! Work that takes the processor for longer than a message may wait: so many jobs at a time beside the chat's threads, and so many
//! in line.

use std::sync::Arc;

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};

use crate::error::Refusal;

/// A bounded pool with a bounded line before it.
#[derive(Clone, Debug)]
pub struct Workers {
    workers: Arc<Semaphore>,
    line: Arc<Semaphore>,
}

/// A place in the line.
#[derive(Debug)]
pub struct Place {
    workers: Arc<Semaphore>,
    _line: OwnedSemaphorePermit,
}

impl Workers {
    /// So many at work, and for each of them so many that wait.
    pub fn new(workers: usize, waiting_each: usize) -> Self {
        Self {
            workers: Arc::new(Semaphore::new(workers)),
            line: Arc::new(Semaphore::new(workers * (1 + waiting_each))),
        }
    }

    /// A place in the line. A full one is [`Refusal::overloaded`].
    pub fn place(&self) -> Result<Place, Refusal> {
        let line = Arc::clone(&self.line).try_acquire_owned();
        Ok(Place {
            workers: Arc::clone(&self.workers),
            _line: line.map_err(|_| Refusal::overloaded())?,
        })
    }
}

impl Place {
    /// Does a job when its turn comes. One that panics is [`Refusal::unavailable`].
    pub async fn work<T: Send + 'static>(
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
}
