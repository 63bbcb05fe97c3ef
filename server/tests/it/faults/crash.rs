//! `kill -9` under load: what was acked is there, once, in order; whoever watched catches up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use testing::{PASSWORD, Recorder, Sender, ServerProcess, TestApi, TestClient, scale, until};
use tokio::time::Instant;

use super::{converged, general};
use crate::support::HUBBUB;

/// Senders at once, and how far apart each one's messages are: 500 a second together.
const SENDERS: usize = 4;
const PACE: Duration = Duration::from_millis(8);
/// Acks that each crash must have seen before it happens.
const ACKS: u64 = 150;
const WATCHERS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_crashes_lose_nothing_that_was_acked() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::default();
    let mut server = ServerProcess::start(HUBBUB, folder.path(), "127.0.0.1:0").await;
    let addr = server.url.strip_prefix("http://").unwrap().to_owned();
    let stop = Arc::new(AtomicBool::new(false));
    let mut senders = Vec::new();
    for n in 0..SENDERS {
        let api = TestApi::sign_up(&server.url, &format!("sender{n}"), PASSWORD).await;
        let sender = Sender::new(&server.url, &api.token, api.user, &recorder);
        senders.push(tokio::spawn(send(sender, Arc::clone(&stop))));
    }
    let watcher = TestApi::sign_up(&server.url, "watcher", PASSWORD).await;
    let mut watchers = Vec::new();
    for _ in 0..WATCHERS {
        let recorder = Some(recorder.clone());
        watchers
            .push(TestClient::recorded(&server.url, &watcher.token, watcher.user, recorder).await);
    }
    let (mut ready, mut caught_up) = (Duration::ZERO, Duration::ZERO);
    let acks = || recorder.checker().report().acks;
    let rounds = scale(20);
    for _ in 0..rounds {
        let before = acks();
        until("acks", || acks() >= before + ACKS).await;
        server.kill().await;
        let killed = Instant::now();
        server = ServerProcess::start(HUBBUB, folder.path(), &addr).await;
        ready = ready.max(killed.elapsed());
        let up = Instant::now();
        for watcher in &watchers {
            watcher.act(client::Input::TryNow).await;
        }
        let head = acks();
        until("the watchers to be back", || {
            watchers
                .iter()
                .all(|watcher| watcher.with(|session| session.link().is_live()))
        })
        .await;
        until("somebody to be acked again", || acks() > head).await;
        caught_up = caught_up.max(up.elapsed());
    }
    stop.store(true, Ordering::SeqCst);
    let mut last = 0;
    for sender in senders {
        last = last.max(sender.await.unwrap());
    }
    let all: Vec<&TestClient> = watchers.iter().collect();
    converged(&all, general(), Some(last)).await;
    drop(watchers);
    server.kill().await;
    let report = recorder.judge(folder.path(), &[general()]).await;
    println!(
        "{rounds} kills: ready after {ready:?} at most, all back after {caught_up:?} at most; {report}"
    );
    assert!(report.acks >= ACKS * rounds as u64);
}

/// Sends until it is told to stop, over as many connections as it takes; tells the place of its last message.
pub(super) async fn send(mut sender: Sender, stop: Arc<AtomicBool>) -> u64 {
    let mut pace = tokio::time::interval(PACE);
    let is_over = || stop.load(Ordering::SeqCst);
    while !is_over() || !sender.pending.is_empty() {
        pace.tick().await;
        if sender.connect().await.is_err() {
            continue;
        }
        loop {
            if !is_over() && sender.pending.len() < 20 && sender.send("x").await.is_err() {
                break;
            }
            if is_over() && sender.pending.is_empty() {
                break;
            }
            tokio::select! {
                _ = pace.tick(), if !is_over() => {}
                heard = sender.hear() => {
                    if heard.is_err() {
                        break;
                    }
                }
            }
        }
    }
    sender
        .acked
        .iter()
        .map(|ack| ack.seq)
        .max()
        .unwrap_or_default()
}
