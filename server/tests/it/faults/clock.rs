//! The wall clock jumps.

use std::sync::atomic::{AtomicI64, Ordering};

use server::Clock;
use testing::{PASSWORD, Raw, Recorder, TestApi, TestServer, until};

use super::{converged, general};

const HOUR_MS: i64 = 3_600_000;
const YEAR_MS: i64 = 365 * 24 * HOUR_MS;

#[tokio::test(flavor = "multi_thread")]
async fn order_connections_and_sign_ins_survive_jumps() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let server = TestServer::unlimited(None, Clock::jumping(&SKEW), &["--heartbeat-s=1"]).await;
    let recorder = Recorder::default();
    let ada = server.recorded("ada", &recorder).await;
    let wren = server.recorded("wren", &recorder).await;
    // Somebody who says nothing but that they are there.
    let zhou = server.recorded("zhou", &recorder).await;
    for n in 0..5 {
        ada.say(general(), &format!("before {n}")).await;
        wren.say(general(), &format!("before, too {n}")).await;
    }
    let connections = recorder.checker().report().connections;
    for (n, skew) in [2 * HOUR_MS, -2 * HOUR_MS, 0].into_iter().enumerate() {
        SKEW.store(skew, Ordering::SeqCst);
        for _ in 0..5 {
            ada.say(general(), &format!("ada, jump {n}")).await;
            wren.say(general(), &format!("wren, jump {n}")).await;
        }
        converged(&[&ada, &wren, &zhou], general(), None).await;
        // A heartbeat of each at this time, and several sweeps.
        let before = recorder.pongs();
        until("everybody's heartbeat", || recorder.pongs() >= before + 3).await;
    }
    assert_eq!(
        recorder.checker().report().connections,
        connections,
        "nobody lost a connection over a clock"
    );
    // A year on, every sign-in is over; one signs in again, and once more when the clock is right again.
    SKEW.store(YEAR_MS, Ordering::SeqCst);
    let late = TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    assert_eq!(late.get("/rooms").await.0, 200);
    SKEW.store(0, Ordering::SeqCst);
    let now = TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    assert_eq!(now.get("/rooms").await.0, 200);
    drop((ada, wren, zhou));
    server.judge(recorder, &[general()]).await;
}

async fn token(server: &TestServer, name: &str) -> String {
    TestApi::sign_in(&server.url, name, PASSWORD)
        .await
        .unwrap()
        .token
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_back_still_lets_people_send_and_finds_the_dead() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let flags = ["--heartbeat-s=1", "--send-per-s=20", "--send-burst=2"];
    let server = TestServer::unlimited(None, Clock::jumping(&SKEW), &flags).await;
    let ada = server.client("ada").await;
    ada.say(general(), "before").await;
    ada.say(general(), "before, too").await;
    ada.sees_just(general(), &["before", "before, too"]).await;
    let (mut silent, _) = Raw::hello(&server.url, &token(&server, "ada").await, None).await;
    SKEW.store(-2 * HOUR_MS, Ordering::SeqCst);
    for text in ["after", "once more", "and again"] {
        ada.say(general(), text).await;
    }
    ada.sees_just(
        general(),
        &["before", "before, too", "after", "once more", "and again"],
    )
    .await;
    until("all to be acked", || ada.unacked() == 0).await;
    assert_eq!(silent.ends().await.0, 4001);
    drop(ada);
    server.close().await;
}
