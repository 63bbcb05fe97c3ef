//! The database of a server is killed under load: what was acked is there, once, in order; whoever watched catches up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use testing::{Recorder, Sender, TestServer, UNLIMITED, postgres::Postgres, scale, until};
use tokio::{task::block_in_place, time::Instant};

use super::{converged, crash::send, general};

/// Acks that each kill must have seen before it happens.
const ACKS: u64 = 50;
/// A server answers again so soon after its database does.
const BACK: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn kills_of_the_database_lose_nothing_that_was_acked() {
    let postgres = block_in_place(Postgres::start);
    let named = format!("--database-url={}", postgres.new_database().await);
    let mut flags = UNLIMITED.to_vec();
    flags.push(&named);
    let server = TestServer::with_flags(&flags).await;
    let recorder = Recorder::default();
    let watcher = server.recorded("watcher", &recorder).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut senders = Vec::new();
    for name in ["one", "two"] {
        let api = server.sign_up(name).await;
        let sender = Sender::new(&server.url, &api.token, api.user, &recorder);
        senders.push(tokio::spawn(send(sender, Arc::clone(&stop))));
    }
    let acks = || recorder.checker().report().acks;
    let mut back = Duration::ZERO;
    let kills = scale(2);
    for _ in 0..kills {
        let before = acks();
        until("acks", || acks() >= before + ACKS).await;
        block_in_place(|| {
            postgres.kill();
            postgres.restart();
        });
        let (up, before) = (Instant::now(), acks());
        until("somebody to be acked again", || acks() > before).await;
        back = back.max(up.elapsed());
    }
    stop.store(true, Ordering::SeqCst);
    let mut last = 0;
    for sender in senders {
        last = last.max(sender.await.unwrap());
    }
    converged(&[&watcher], general(), Some(last)).await;
    drop(watcher);
    let report = server.judge(recorder, &[general()]).await;
    println!("{kills} kills of the database: acks again after {back:?} at most; {report}");
    assert!(back < BACK, "{back:?}");
    assert!(report.acks >= ACKS * kills as u64);
}
