//! "Unread from here", as a person's devices see it.

use std::time::Duration;

use protocol::RoomId;
use serde_json::{Value, json};
use testing::{Raw, TestServer};
use tokio::time::timeout;

fn unread(seq: u64) -> Value {
    json!({ "t": "unread", "room": 1, "seq": seq })
}

/// All that comes before the answer to a ping.
pub(crate) async fn silence(raw: &mut Raw) {
    raw.say(&json!({ "t": "ping", "n": 9 })).await;
    loop {
        let frame = raw.hear().await;
        match frame["t"].as_str().unwrap() {
            "pong" => return,
            "presence" => {}
            _ => panic!("{frame}"),
        }
    }
}

async fn soon(is: impl AsyncFn() -> bool) {
    let looks = async {
        while !is().await {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(5), looks).await.unwrap();
}

pub(crate) async fn hears(raw: &mut Raw, t: &str) -> Value {
    timeout(Duration::from_secs(1), raw.hear_a(t))
        .await
        .unwrap_or_else(|_| panic!("no {t} within a second"))
}

pub(crate) fn counts(room: &Value) -> [u64; 4] {
    ["read_seq", "gen", "unread", "mentions"].map(|field| room[field].as_u64().unwrap_or(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_persons_other_devices_know_within_a_second_and_later_ones_too() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = RoomId::new(1).unwrap();
    let first = ada.say(room, "one @wren").await;
    ada.say(room, "two").await;
    let last = ada.say(room, "three").await;
    let (mut here, welcome) = Raw::hello(&server.url, &wren.token, None).await;
    assert!(welcome["rooms"][0].get("gen").is_none(), "{welcome}");
    let (mut there, _) = Raw::hello(&server.url, &wren.token, None).await;
    let (mut others, _) = Raw::hello(&server.url, &ada.token, None).await;
    here.say(&json!({ "t": "read", "room": 1, "seq": last }))
        .await;
    assert_eq!(
        hears(&mut there, "read").await,
        json!({ "t": "read", "room": 1, "seq": last })
    );
    here.say(&unread(first)).await;
    let echo = json!({ "t": "read", "room": 1, "seq": first - 1, "gen": 1 });
    assert_eq!(hears(&mut there, "read").await, echo);
    silence(&mut here).await;
    silence(&mut others).await;
    // A read that was made before, and comes late, changes nothing and is no mistake.
    there
        .say(&json!({ "t": "read", "room": 1, "seq": last, "gen": 0 }))
        .await;
    silence(&mut there).await;
    let (mut third, welcome) = Raw::hello(&server.url, &wren.token, None).await;
    assert_eq!(counts(&welcome["rooms"][0]), [first - 1, 1, 3, 1]);
    // Over HTTP, and in a page.
    let (_, rooms) = wren.get("/rooms").await;
    assert_eq!(counts(&rooms["rooms"][0]), [first - 1, 1, 3, 1]);
    let (_, page) = wren.get("/rooms/1/messages?limit=1&counts=true").await;
    assert_eq!(counts(&page["counts"]), [first - 1, 1, 3, 1]);
    // One of a generation that has not begun is refused; the connection stands.
    third
        .say(&json!({ "t": "read", "room": 1, "seq": last, "gen": 2 }))
        .await;
    let error = hears(&mut third, "error").await;
    assert_eq!(
        (&error["code"], error.get("req")),
        (&json!("invalid"), None)
    );
    // Clients of before name none: they mean the present one.
    tokio::time::sleep(Duration::from_millis(600)).await;
    third
        .say(&json!({ "t": "read", "room": 1, "seq": last }))
        .await;
    let echo = json!({ "t": "read", "room": 1, "seq": last, "gen": 1 });
    assert_eq!(hears(&mut there, "read").await, echo);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_waits_is_written_before_what_sets_it_back() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = RoomId::new(1).unwrap();
    let mut last = 0;
    for n in 0..5 {
        last = ada.say(room, &format!("{n}")).await;
    }
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    // The second comes too soon after the first, and waits.
    for frame in [
        json!({ "t": "read", "room": 1, "seq": last - 3 }),
        json!({ "t": "read", "room": 1, "seq": last }),
        unread(last - 1),
    ] {
        raw.say(&frame).await;
    }
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let (_, rooms) = wren.get("/rooms").await;
    assert_eq!(counts(&rooms["rooms"][0]), [last - 2, 1, 2, 0]);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_or_goes_too_far_hears_why_and_stays() {
    let server = TestServer::with_flags(&["--send-per-s=1", "--send-burst=4"]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let cellar = ada.room("private", "cellar").await.get();
    let attic = ada.room("public", "attic").await.get();
    let (mut raw, welcome) = Raw::hello(&server.url, &wren.token, None).await;
    let end = welcome["rooms"][0]["last_seq"].as_u64().unwrap();
    let mut refused = async |room: u64, seq: u64| {
        raw.say(&json!({ "t": "unread", "room": room, "seq": seq }))
            .await;
        let error = hears(&mut raw, "error").await;
        assert_eq!(error.get("req"), None);
        error["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(1, 0).await, "invalid");
    assert_eq!(refused(1, end + 1).await, "invalid");
    assert_eq!(refused(cellar, 1).await, "not_found");
    assert_eq!(refused(attic, 1).await, "forbidden");
    // It spends the rate of sends.
    assert_eq!(refused(1, 1).await, "rate_limited");
    soon(async || wren.get("/rooms").await.1["rooms"][0].get("gen").is_none()).await;
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_survives_a_restart() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let last = ada.say(RoomId::new(1).unwrap(), "one").await;
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    for _ in 0..3 {
        raw.say(&unread(last)).await;
    }
    soon(async || wren.get("/rooms").await.1["rooms"][0]["gen"] == 3).await;
    let server = server.restart().await;
    let (_, welcome) = Raw::hello(&server.url, &wren.token, None).await;
    assert_eq!(counts(&welcome["rooms"][0]), [last - 1, 3, 1, 0]);
    server.close().await;
}
