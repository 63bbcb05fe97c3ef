//! SIGTERM under load, and the next binary on the same data.

use std::time::Duration;

use testing::{PASSWORD, Recorder, Sender, ServerProcess, TestApi, scale};
use tokio::time::Instant;

use super::general;
use crate::support::HUBBUB;

const SENDERS: usize = 3;
const SENDS: usize = 400;

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_under_load_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::default();
    let mut server = ServerProcess::start(HUBBUB, folder.path(), "127.0.0.1:0").await;
    let addr = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut tasks = Vec::new();
    for n in 0..SENDERS {
        let api = TestApi::sign_up(&server.url, &format!("person{n}"), PASSWORD).await;
        let sender = Sender::new(&server.url, &api.token, api.user, &recorder);
        tasks.push(tokio::spawn(send(sender)));
    }
    for round in 0..scale(2) {
        let seen = |recorder: &Recorder| recorder.checker().report().acks;
        let before = seen(&recorder);
        testing::until("acks", || {
            seen(&recorder) >= before + 150
                || tasks.iter().all(tokio::task::JoinHandle::is_finished)
        })
        .await;
        let began = Instant::now();
        let status = server.terminate().await;
        assert_eq!(
            (status, began.elapsed() < Duration::from_secs(25)),
            (Some(0), true)
        );
        println!("round {round}: drained in {:?}", began.elapsed());
        server = ServerProcess::start(HUBBUB, folder.path(), &addr).await;
    }
    let mut longest = Duration::ZERO;
    for task in tasks {
        longest = longest.max(task.await.unwrap());
    }
    println!("the longest that somebody waited for an ack: {longest:?}");
    assert_eq!(server.terminate().await, Some(0));
    let report = recorder.judge(folder.path(), &[general()]).await;
    assert_eq!(report.commands, (SENDERS * SENDS) as u64);
    println!("{report}");
}

/// About 100 a second, over as many connections as it takes; tells the longest wait for an ack.
async fn send(mut sender: Sender) -> Duration {
    let mut pace = tokio::time::interval(Duration::from_millis(10));
    let mut longest = Duration::ZERO;
    let mut unsent = SENDS;
    let mut last = Instant::now();
    while unsent > 0 || !sender.pending.is_empty() {
        if sender.connect().await.is_err() {
            pace.tick().await;
            continue;
        }
        let done = async {
            while unsent > 0 {
                pace.tick().await;
                unsent -= 1;
                sender.send("x").await?;
                sender.settle().await?;
                longest = longest.max(last.elapsed());
                last = Instant::now();
            }
            sender.settle().await
        };
        drop(done.await);
    }
    longest
}
