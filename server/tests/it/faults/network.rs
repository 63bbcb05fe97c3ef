//! Bad networks, between the real client and the server.

use std::time::Duration;

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use server::Clock;
use testing::{Proxy, Recorder, ServerProcess, TestClient, TestServer, scale, until};
use tokio::time::Instant;

use super::{HEALS, converged, general};
use crate::support::HUBBUB;

#[tokio::test(flavor = "multi_thread")]
async fn delays_cuts_and_partitions_end_in_the_log() {
    // What one may send a second has nothing to do with the network, and at length more is written than that.
    let flags = ["--heartbeat-s=1", "--send-per-s=0"];
    let server = TestServer::unlimited(None, Clock::system(), &flags).await;
    let recorder = Recorder::default();
    let seed = 0x5EA;
    let mut rng = StdRng::seed_from_u64(seed);
    let mut sides = Vec::new();
    for n in 0..4 {
        let proxy = Proxy::to(&server.url).await;
        let client = server
            .recorded_by(&proxy.url, &format!("person{n}"), &recorder)
            .await;
        sides.push((proxy, client));
    }
    let (mut said, mut slowest) = (0, Duration::ZERO);
    for _ in 0..scale(1) {
        trouble(&mut rng, &sides, &mut said).await;
        for (proxy, client) in &sides {
            proxy.stop(false, false);
            proxy.refuse(false);
            proxy.delay(0);
            proxy.cut();
            // It may come before the cut was noticed, and counts all the same.
            client.act(client::Input::TryNow).await;
        }
        let healed = Instant::now();
        let clients: Vec<&TestClient> = sides.iter().map(|(_, client)| client).collect();
        converged(&clients, general(), None).await;
        slowest = slowest.max(healed.elapsed());
    }
    println!("seed {seed:#x}: converged {slowest:?} at most after it healed");
    assert!(slowest <= HEALS);
    drop(sides);
    let report = server.judge(recorder, &[general()]).await;
    assert_eq!(report.commands, said);
    println!("{report}");
}

/// Twelve rounds of bad network while everybody writes; `said` counts their messages.
async fn trouble(rng: &mut StdRng, sides: &[(Proxy, TestClient)], said: &mut u64) {
    for _ in 0..12 {
        for (proxy, client) in sides {
            match rng.random_range(0..8) {
                0 => proxy.stop(true, false),
                1 => proxy.stop(false, true),
                2 => proxy.stop(true, true),
                3 => proxy.refuse(true),
                4 | 5 => proxy.cut(),
                6 => proxy.delay(rng.random_range(1..40)),
                _ => proxy.delay(0),
            }
            for _ in 0..rng.random_range(1..4) {
                *said += 1;
                client.say(general(), &format!("number {said}")).await;
            }
        }
        // For a moment it stays like that, then some of it heals.
        let until = Instant::now() + Duration::from_millis(rng.random_range(20..400));
        tokio::time::sleep_until(until).await;
        for (proxy, _) in sides {
            if rng.random_bool(0.5) {
                proxy.stop(false, false);
                proxy.refuse(false);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_open_connections_are_dropped_and_their_resources_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::with_flags(
        HUBBUB,
        folder.path(),
        "127.0.0.1:0",
        &["--heartbeat-s=1", "--offline-grace-s=1"],
    )
    .await;
    let proxy = Proxy::to(&server.url).await;
    let api = testing::TestApi::sign_up(&server.url, "ada", testing::PASSWORD).await;
    let raws = |url: String, token: String| async move {
        let mut raws = Vec::new();
        for _ in 0..8 {
            raws.push(testing::Raw::hello(&url, &token, None).await.0);
        }
        raws
    };
    // Once, so that what is made once is made.
    drop(raws(server.url.clone(), api.token.clone()).await);
    drop(api);
    let rest = server.settled_descriptors().await;
    let api = testing::TestApi::sign_in(&server.url, "ada", testing::PASSWORD)
        .await
        .unwrap();
    for (up, down) in [(true, true), (true, false)] {
        let open = raws(proxy.url.clone(), api.token.clone()).await;
        assert!(server.descriptors() >= rest + 8);
        proxy.stop(up, down);
        let began = Instant::now();
        // The peers vanish without a word: the proxy keeps the server's side open.
        drop(open);
        until("the descriptors to be free", || {
            server.descriptors() <= rest + 2
        })
        .await;
        assert!(
            began.elapsed() < Duration::from_secs(12),
            "two heartbeats and 10 s"
        );
        println!(
            "half open ({up}, {down}): dropped after {:?}",
            began.elapsed()
        );
        proxy.stop(false, false);
    }
    server.kill().await;
}
