//! Connections to the database, each on a thread of its own: a whole transaction is one call there, and no statement in it waits for
//! the runtime. A bounded number of them, which open when they are needed and close when they are not.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use rusqlite::Connection;
use tokio::{
    sync::{Semaphore, oneshot},
    time::{Instant, sleep, timeout},
};

use crate::store::{PoolUse, StoreError, rules::Answer};

/// What a connection does next.
type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// How a connection is opened.
pub(super) type Open = Box<dyn Fn() -> Answer<Connection> + Send + Sync>;

/// How many connections there may be, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Fewest that stay open.
    pub(super) min: usize,
    /// Most.
    pub(super) max: usize,
    /// How long one above the fewest stays open without work.
    pub(super) idle: Duration,
    /// How long somebody waits for one before `unavailable`.
    pub(super) wait: Duration,
}

/// See the module. Clones share it.
#[derive(Clone)]
pub(super) struct Connections(Arc<Inner>);

struct Inner {
    open: Open,
    name: &'static str,
    bounds: Bounds,
    permits: Semaphore,
    /// The one that worked last is at the end.
    idle: Mutex<Vec<Idle>>,
    /// Calls that are under way or wait.
    calls: AtomicU64,
    /// Whether somebody looks after the idle ones.
    watched: AtomicBool,
}

struct Idle {
    worker: Worker,
    since: Instant,
}

/// A connection's thread, which ends when this is dropped and its work is done.
struct Worker {
    jobs: mpsc::Sender<Job>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    /// Opens a connection on a thread of its own.
    async fn start(inner: &Arc<Inner>) -> Answer<Self> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let (tell, opened) = oneshot::channel();
        let inner = Arc::clone(inner);
        let name = inner.name.to_owned();
        let thread = thread::Builder::new().name(name).spawn(move || {
            let opened = (inner.open)();
            drop(inner);
            match opened {
                Ok(mut db) => {
                    // Whoever asked may have gone; the connection is good all the same.
                    drop(tell.send(Ok(())));
                    for job in inbox {
                        job(&mut db);
                    }
                }
                Err(why) => drop(tell.send(Err(why))),
            }
        });
        let thread = thread.map_err(|why| StoreError::Unavailable(why.to_string()))?;
        opened.await.unwrap_or_else(|_| Err(ended()))?;
        let thread = Some(thread);
        Ok(Self { jobs, thread })
    }

    /// Ends the thread once its work is done, and waits for that: its files are closed then.
    async fn close(mut self) {
        let thread = self.thread.take();
        drop(self);
        let joined = tokio::task::spawn_blocking(move || thread.map(thread::JoinHandle::join));
        if let Ok(Some(Err(_))) | Err(_) = joined.await {
            tracing::error!("a connection's thread failed");
        }
    }
}

fn ended() -> StoreError {
    StoreError::Unavailable("a connection's thread ended".into())
}

/// One call: it counts for as long as this lives.
struct Call<'a>(&'a AtomicU64);

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection that somebody has; it is given back when this is dropped, also where nobody waits for its answer any more.
struct Lease<'a> {
    inner: &'a Arc<Inner>,
    worker: Option<Worker>,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            self.inner.give_back(worker);
        }
    }
}

impl Connections {
    /// Connections that are opened in this way; the fewest are opened at once, so that a fault is told now.
    pub(super) async fn new(name: &'static str, open: Open, bounds: Bounds) -> Answer<Self> {
        let new = Self::lazy(name, open, bounds);
        for _ in 0..bounds.min {
            let worker = Worker::start(&new.0).await?;
            new.0.give_back(worker);
        }
        Ok(new)
    }

    /// As [`Connections::new`], and none is opened before it is needed.
    pub(super) fn lazy(name: &'static str, open: Open, bounds: Bounds) -> Self {
        Self(Arc::new(Inner {
            open,
            name,
            bounds,
            permits: Semaphore::new(bounds.max),
            idle: Mutex::default(),
            calls: AtomicU64::new(0),
            watched: AtomicBool::new(false),
        }))
    }

    /// Does something with a connection, on its thread, and waits for the answer. It is done also where nobody waits any more. A
    /// connection that answers with a failure is closed: what state it is in is not known.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let inner = &self.0;
        inner.calls.fetch_add(1, Ordering::Relaxed);
        let _call = Call(&inner.calls);
        let turn = timeout(inner.bounds.wait, inner.permits.acquire()).await;
        let busy = || StoreError::Unavailable("no connection came free in time".into());
        let closed = || StoreError::Unavailable("the store is closed".into());
        let _turn = turn.map_err(|_| busy())?.map_err(|_| closed())?;
        let free = inner.idle().pop().map(|idle| idle.worker);
        let worker = match free {
            Some(worker) => worker,
            None => Worker::start(inner).await?,
        };
        let (tell, answer) = oneshot::channel();
        let job: Job = Box::new(move |db| {
            // Whoever asked may have gone.
            drop(tell.send(job(db)));
        });
        let sent = worker.jobs.send(job);
        let mut lease = Lease {
            inner,
            worker: Some(worker),
        };
        let done = match sent {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(ended())),
            Err(_) => Err(ended()),
        };
        if !matches!(done, Ok(_) | Err(StoreError::Busy)) {
            drop(lease.worker.take());
        }
        done
    }

    /// How they are used just now.
    pub(super) fn pool_use(&self) -> PoolUse {
        let inner = &self.0;
        let in_use = inner.bounds.max - inner.permits.available_permits();
        let in_use = u64::try_from(in_use).unwrap_or(u64::MAX);
        PoolUse {
            in_use,
            idle: inner.idle().len() as u64,
            waiting: inner.calls.load(Ordering::Relaxed).saturating_sub(in_use),
        }
    }

    /// Whether they are closed.
    pub(super) fn is_closed(&self) -> bool {
        self.0.permits.is_closed()
    }

    /// Waits for what is under way, and closes all of them.
    pub(super) async fn close(&self) {
        let inner = &self.0;
        let all = u32::try_from(inner.bounds.max).unwrap_or(u32::MAX);
        // All permits: nobody works any more. An error means that they are closed already.
        let last = inner.permits.acquire_many(all).await;
        inner.permits.close();
        drop(last);
        let idle = std::mem::take(&mut *inner.idle());
        for Idle { worker, .. } in idle {
            worker.close().await;
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

impl Inner {
    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(self: &Arc<Self>, worker: Worker) {
        let since = Instant::now();
        let mut idle = self.idle();
        idle.push(Idle { worker, since });
        let many = idle.len() > self.bounds.min;
        drop(idle);
        if many && !self.watched.swap(true, Ordering::AcqRel) {
            tokio::spawn(watch(Arc::clone(self)));
        }
    }

    /// Closes those above the fewest that had no work for long; whether there are others still.
    fn close_idle(&self) -> bool {
        let now = Instant::now();
        let mut idle = self.idle();
        let above = idle.len().saturating_sub(self.bounds.min);
        let old = idle
            .iter()
            .take(above)
            .take_while(|one| now.duration_since(one.since) >= self.bounds.idle)
            .count();
        let closed: Vec<Idle> = idle.drain(..old).collect();
        drop(idle);
        // Their threads end by themselves.
        drop(closed);
        above > old
    }
}

async fn watch(inner: Arc<Inner>) {
    loop {
        sleep(inner.bounds.idle).await;
        if !inner.close_idle() {
            inner.watched.store(false, Ordering::Release);
            return;
        }
    }
}
