//! Connections to the database, each on a thread of its own: a whole transaction is one call there, and no statement in it waits for
//! the runtime. A bounded number of them, which open when they are needed and close when they are not.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use rusqlite::Connection;
use tokio::{
    runtime::Handle,
    sync::{Notify, Semaphore, oneshot},
    time::{Instant, sleep, timeout},
};

use crate::store::{PoolUse, StoreError, meter::StoreMeter, rules::StoreResult};

/// What a connection does next.
type ConnectionJob = Box<dyn FnOnce(&mut Connection) + Send>;

/// The way to a connection's thread, which ends when all of these are gone and its work is done.
type Worker = mpsc::Sender<ConnectionJob>;

/// How a connection is opened.
pub(super) type Open = Arc<dyn Fn() -> StoreResult<Connection> + Send + Sync>;

/// How many connections there may be, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct PoolBounds {
    /// Fewest that stay open.
    pub(super) min: usize,
    /// Most at a time.
    pub(super) max: usize,
    /// How long one above the fewest stays open without work.
    pub(super) idle: Duration,
    /// How long somebody waits for one before `unavailable`.
    pub(super) wait: Duration,
}

/// A pool of connections, each on a thread of its own. Clones share it.
#[derive(Clone)]
pub(super) struct Connections(Arc<PoolState>);

struct PoolState {
    open: Open,
    name: &'static str,
    bounds: PoolBounds,
    /// Each connection that works has one, until its work is done.
    permits: Arc<Semaphore>,
    idle: Mutex<IdleList>,
    /// Calls that somebody waits for.
    calls: AtomicU64,
    threads: Arc<PoolThreads>,
    runtime: Handle,
}

/// The threads that have not ended. They hold this and not the pool, so that all of them end when the pool is dropped.
#[derive(Default)]
struct PoolThreads {
    count: AtomicUsize,
    ended: Notify,
}

#[derive(Default)]
struct IdleList {
    /// The one that worked last is at the end.
    workers: Vec<(Worker, Instant)>,
    /// Whether somebody looks after them.
    watched: bool,
}

/// A connection's thread counts for as long as this lives.
struct RunningThread(Arc<PoolThreads>);

impl Drop for RunningThread {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::AcqRel);
        self.0.ended.notify_one();
    }
}

/// Opens a connection on a thread of its own.
async fn start(pool: &Arc<PoolState>) -> StoreResult<Worker> {
    let (jobs, inbox) = mpsc::channel::<ConnectionJob>();
    let (tell, opened) = oneshot::channel();
    pool.threads.count.fetch_add(1, Ordering::AcqRel);
    let running = RunningThread(Arc::clone(&pool.threads));
    let open = Arc::clone(&pool.open);
    let name = pool.name.to_owned();
    let thread = thread::Builder::new().name(name).spawn(move || {
        match open() {
            Ok(mut db) => {
                // Whoever asked may have gone: then nobody holds the other end, and the loop ends.
                drop(tell.send(Ok(())));
                for job in inbox {
                    job(&mut db);
                }
            }
            Err(why) => drop(tell.send(Err(why))),
        }
        // After the connection is closed.
        drop(running);
    });
    thread.map_err(|why| StoreError::Unavailable(why.to_string()))?;
    opened.await.unwrap_or_else(|_| Err(ended()))?;
    Ok(jobs)
}

fn ended() -> StoreError {
    StoreError::Unavailable("a connection's thread ended".into())
}

/// One call: it counts for as long as this lives.
struct RunningCall<'a>(&'a AtomicU64);

impl Drop for RunningCall<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connections {
    /// Connections that are opened in this way; the fewest are opened at once, so that a fault is told now.
    pub(super) async fn new(
        name: &'static str,
        open: Open,
        bounds: PoolBounds,
    ) -> StoreResult<Self> {
        let new = Self::lazy(name, open, bounds);
        for _ in 0..bounds.min {
            let worker = start(&new.0).await?;
            new.0.give_back(worker);
        }
        Ok(new)
    }

    /// As [`Connections::new`], and none is opened before it is needed. Must be called within a runtime.
    pub(super) fn lazy(name: &'static str, open: Open, bounds: PoolBounds) -> Self {
        Self(Arc::new(PoolState {
            open,
            name,
            bounds,
            permits: Arc::new(Semaphore::new(bounds.max)),
            idle: Mutex::default(),
            calls: AtomicU64::new(0),
            threads: Arc::default(),
            runtime: Handle::current(),
        }))
    }

    /// Does something with a connection, on its thread, and waits for the answer. It is done also where nobody waits any more, and until
    /// then the connection is nobody else's. One that answers with a failure is closed: what state it is in is not known.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.call_metered(None, job).await
    }

    /// As [`Connections::call`], and tells how long it waited for its turn.
    pub(super) async fn call_metered<T: Send + 'static>(
        &self,
        meter: Option<&StoreMeter>,
        job: impl FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        let pool = &self.0;
        pool.calls.fetch_add(1, Ordering::Relaxed);
        let _call = RunningCall(&pool.calls);
        let turn = Arc::clone(&pool.permits).acquire_owned();
        let busy = || StoreError::Unavailable("no connection came free in time".into());
        let closed = || StoreError::Unavailable("the store is closed".into());
        let began = meter.map(|meter| (meter, meter.begin()));
        let turn = timeout(pool.bounds.wait, turn).await;
        if let Some((meter, began)) = began {
            meter.waited(began);
        }
        let turn = turn.map_err(|_| busy())?.map_err(|_| closed())?;
        let free = pool.idle().workers.pop();
        let worker = match free {
            Some((worker, _)) => worker,
            None => start(pool).await?,
        };
        let (tell, answer) = oneshot::channel();
        let (state, back) = (Arc::clone(pool), worker.clone());
        let job: ConnectionJob = Box::new(move |db| {
            let done = job(db);
            if matches!(done, Ok(_) | Err(StoreError::Busy)) {
                state.give_back(back);
            } else {
                drop(back);
            }
            drop(turn);
            // Whoever asked may have gone.
            drop(tell.send(done));
        });
        // Where the thread is gone, so is what would have answered.
        drop(worker.send(job));
        drop(worker);
        answer.await.unwrap_or_else(|_| Err(ended()))
    }

    /// How they are used just now.
    pub(super) fn pool_use(&self) -> PoolUse {
        let pool = &self.0;
        let in_use = pool.bounds.max - pool.permits.available_permits();
        let in_use = u64::try_from(in_use).unwrap_or(u64::MAX);
        PoolUse {
            in_use,
            idle: pool.idle().workers.len() as u64,
            waiting: pool.calls.load(Ordering::Relaxed).saturating_sub(in_use),
        }
    }

    /// Whether they are closed.
    pub(super) fn is_closed(&self) -> bool {
        self.0.permits.is_closed()
    }

    /// Waits for what is under way, and closes all of them: their files are closed then.
    pub(super) async fn close(&self) {
        let pool = &self.0;
        let all = u32::try_from(pool.bounds.max).unwrap_or(u32::MAX);
        // All permits: nobody works any more. An error means that they are closed already.
        let last = pool.permits.acquire_many(all).await;
        pool.permits.close();
        drop(last);
        pool.idle().workers.clear();
        while pool.threads.count.load(Ordering::Acquire) > 0 {
            pool.threads.ended.notified().await;
        }
    }
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Connections")
            .field("name", &self.0.name)
            .field("bounds", &self.0.bounds)
            .finish_non_exhaustive()
    }
}

impl PoolState {
    fn idle(&self) -> MutexGuard<'_, IdleList> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(self: &Arc<Self>, worker: Worker) {
        if self.permits.is_closed() {
            return;
        }
        let mut idle = self.idle();
        idle.workers.push((worker, Instant::now()));
        if idle.workers.len() > self.bounds.min && !idle.watched {
            idle.watched = true;
            self.runtime
                .spawn(watch(Arc::downgrade(self), self.bounds.idle));
        }
    }

    /// Closes those above the fewest that had no work for long; whether there are others still, which are watched.
    fn close_idle(&self) -> bool {
        let now = Instant::now();
        let mut idle = self.idle();
        let above = idle.workers.len().saturating_sub(self.bounds.min);
        let old = idle
            .workers
            .iter()
            .take(above)
            .take_while(|(_, since)| now.duration_since(*since) >= self.bounds.idle)
            .count();
        // Their threads end by themselves.
        idle.workers.drain(..old);
        idle.watched = above > old;
        idle.watched
    }
}

async fn watch(pool: Weak<PoolState>, every: Duration) {
    loop {
        sleep(every).await;
        if !pool.upgrade().is_some_and(|pool| pool.close_idle()) {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
