//! Everybody is gone at once, and comes back at once.

use testing::{PASSWORD, Proxy, Recorder, ServerProcess, TestApi, TestClient, scale, until};
use tokio::time::Instant;

use super::{converged, general};
use crate::support::HUBBUB;

/// People, and connections of each.
const PEOPLE: usize = 8;
const EACH: usize = 25;
/// Of each at length: 10,000 connections in all.
const MAX_EACH: usize = 1_250;
const ROUNDS: usize = 3;

/// Fifteen messages of the speaker, who stays, and from the second round on as many that are typed while their authors are away.
async fn they_write_meanwhile(round: usize, speaker: &TestClient, crowd: &[TestClient]) {
    for (n, client) in crowd.iter().take(15).enumerate() {
        speaker
            .say(general(), &format!("while they are gone {round} {n}"))
            .await;
        if round > 0 {
            client
                .say(general(), &format!("written while away {round} {n}"))
                .await;
        }
    }
    let end = format!("while they are gone {round} 14");
    until("what is said to be stored", || {
        let seen = speaker.sees(general());
        speaker.unacked() == 0
            && seen
                .last()
                .is_some_and(|(seq, text)| *seq > 0 && *text == end)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_come_back_each_with_exactly_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::with_flags(
        HUBBUB,
        folder.path(),
        "127.0.0.1:0",
        &["--sockets-per-user=0"],
    )
    .await;
    let proxy = Proxy::to(&server.url).await;
    let recorder = Recorder::default();
    let mut crowd = Vec::new();
    for n in 0..PEOPLE {
        let api = TestApi::sign_up(&server.url, &format!("person{n}"), PASSWORD).await;
        for _ in 0..scale(EACH).min(MAX_EACH) {
            let client =
                TestClient::recorded(&proxy.url, &api.token, api.user, Some(recorder.clone()))
                    .await;
            crowd.push(client);
        }
    }
    let api = TestApi::sign_up(&server.url, "speaker", PASSWORD).await;
    let speaker =
        TestClient::recorded(&server.url, &api.token, api.user, Some(recorder.clone())).await;
    for n in 0..20 {
        speaker.say(general(), &format!("before {n}")).await;
    }
    let all: Vec<&TestClient> = crowd.iter().chain([&speaker]).collect();
    // Everybody's coming is an entry too.
    let mut last = PEOPLE as u64 + 1 + 20;
    converged(&all, general(), Some(last)).await;
    let before = server.resident_kb();
    for round in 0..ROUNDS {
        proxy.refuse(true);
        proxy.cut();
        they_write_meanwhile(round, &speaker, &crowd).await;
        drop(server.reads());
        proxy.refuse(false);
        let began = Instant::now();
        until("all to be back", || {
            let back = |client: &TestClient| client.with(|session| session.link().is_live());
            crowd.iter().all(back)
        })
        .await;
        let back = began.elapsed();
        last += if round > 0 { 30 } else { 15 };
        converged(&all, general(), Some(last)).await;
        // What was said is in the lanes, and who comes back is remembered. (What they say takes reads of its own.)
        let reads = server.reads();
        assert!(
            round > 0 || reads.is_empty(),
            "{} reads, such as {}",
            reads.len(),
            reads[0]
        );
        println!(
            "{} came back after {back:?}, and have the log after {:?}",
            crowd.len(),
            began.elapsed()
        );
    }
    let after = server.resident_kb();
    println!("the server's memory: {before} KB before, {after} KB after");
    assert!(after * 2 <= before * 3, "{before} KB before, {after} after");
    drop((crowd, speaker));
    assert_eq!(server.terminate().await, Some(0));
    let report = recorder.judge(folder.path(), &[general()]).await;
    assert_eq!(report.commands, 5 + 30 * ROUNDS as u64);
}
