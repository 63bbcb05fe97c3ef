//! Connections that come, work and go.

use super::*;

fn connections(min: usize, max: usize, idle_ms: u64) -> Connections {
    let open: Open = Arc::new(|| Ok(Connection::open_in_memory()?));
    let bounds = PoolBounds {
        min,
        max,
        idle: Duration::from_millis(idle_ms),
        wait: Duration::from_millis(200),
    };
    Connections::lazy("test", open, bounds)
}

/// A call that works until the other end is dropped.
fn slow(
    at: &Connections,
) -> (
    mpsc::Sender<()>,
    impl Future<Output = StoreResult<()>> + use<>,
) {
    let (end, wait) = mpsc::channel();
    let at = at.clone();
    let work = async move {
        at.call(move |_| {
            // It ends when nobody can send any more.
            let _ = wait.recv();
            Ok(())
        })
        .await
    };
    (end, work)
}

#[tokio::test]
async fn one_that_nobody_waits_for_any_more_works_on_alone() {
    let pool = connections(0, 2, 60_000);
    let (end, work) = slow(&pool);
    let mut work = Box::pin(work);
    let started = timeout(Duration::from_millis(50), &mut work).await;
    assert!(started.is_err(), "it works");
    drop(work);
    // Its connection and its permit are not given to others.
    for _ in 0..3 {
        pool.call(|_| Ok(())).await.unwrap();
    }
    assert_eq!(pool.pool_use().in_use, 1);
    let (other_end, other) = slow(&pool);
    let other = tokio::spawn(other);
    while pool.pool_use().in_use < 2 {
        tokio::task::yield_now().await;
    }
    let refused = pool.call(|_| Ok(())).await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    drop((end, other_end));
    other.await.unwrap().unwrap();
    pool.call(|_| Ok(())).await.unwrap();
    pool.close().await;
    assert_eq!(pool.0.threads.count.load(Ordering::Acquire), 0);
    assert!(pool.call(|_| Ok(())).await.is_err(), "it is closed");
}

#[tokio::test]
async fn all_threads_end_when_nobody_has_the_pool_any_more() {
    let pool = connections(1, 3, 60_000);
    let (ends, works): (Vec<_>, Vec<_>) = (0..3).map(|_| slow(&pool)).unzip();
    let works: Vec<_> = works.into_iter().map(tokio::spawn).collect();
    while pool.pool_use().in_use < 3 {
        tokio::task::yield_now().await;
    }
    let threads = Arc::clone(&pool.0.threads);
    drop(ends);
    for work in works {
        work.await.unwrap().unwrap();
    }
    assert_eq!(threads.count.load(Ordering::Acquire), 3);
    drop(pool);
    let all = async {
        while threads.count.load(Ordering::Acquire) > 0 {
            threads.ended.notified().await;
        }
    };
    timeout(Duration::from_secs(20), all).await.unwrap();
}

#[tokio::test]
async fn one_that_fails_or_panics_is_replaced() {
    let pool = connections(1, 1, 60_000);
    let set = "CREATE TEMP TABLE mark (x)";
    pool.call(move |db| Ok(db.execute_batch(set)?))
        .await
        .unwrap();
    pool.call(move |db| Ok(db.execute_batch(set)?))
        .await
        .unwrap_err();
    pool.call(move |db| Ok(db.execute_batch(set)?))
        .await
        .unwrap();
    let gone = pool.call::<()>(|_| panic!("a planted fault")).await;
    assert!(gone.is_err());
    pool.call(move |db| Ok(db.execute_batch(set)?))
        .await
        .unwrap();
    pool.close().await;
}

#[tokio::test]
async fn those_above_the_fewest_are_closed_when_they_have_no_work() {
    let pool = connections(1, 3, 20);
    let (ends, works): (Vec<_>, Vec<_>) = (0..3).map(|_| slow(&pool)).unzip();
    let works: Vec<_> = works.into_iter().map(tokio::spawn).collect();
    while pool.pool_use().in_use < 3 {
        tokio::task::yield_now().await;
    }
    drop(ends);
    for work in works {
        work.await.unwrap().unwrap();
    }
    while pool.0.threads.count.load(Ordering::Acquire) > 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(pool.pool_use().idle, 1);
    pool.close().await;
}
