//! How often read positions are written.

use protocol::RoomId;
use serde_json::json;
use testing::{Raw, TestServer};

use crate::metrics::{address, look};

const WAITED: &str = "hubbub_limits_hit_total{limit=\"reads\"}";

async fn writes(addr: &str) -> f64 {
    look(addr).await["hubbub_commit_writes_sum"]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_scrolls_fast_is_not_refused_and_writes_little() {
    let addr = address();
    let shown = format!("--metrics-addr={addr}");
    let server =
        TestServer::with_flags(&[&shown, "--send-per-s=0", "--http-per-s-address=0"]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    for n in 0..300 {
        ada.say(RoomId::new(1).unwrap(), &format!("{n}")).await;
    }
    let end = wren.get("/rooms").await.1["rooms"][0]["last_seq"]
        .as_u64()
        .unwrap();
    let (mut scrolls, _) = Raw::hello(&server.url, &wren.token, None).await;
    let (mut other, _) = Raw::hello(&server.url, &wren.token, None).await;
    let before = writes(&addr).await;
    for seq in end - 300..end {
        scrolls
            .say(&json!({ "t": "read", "room": 1, "seq": seq }))
            .await;
    }
    // Backwards is no news.
    for seq in [end, end - 5, 3] {
        scrolls
            .say(&json!({ "t": "read", "room": 1, "seq": seq }))
            .await;
    }
    scrolls.say(&json!({ "t": "ping", "n": 7 })).await;
    assert_eq!(scrolls.hear().await["t"], "pong", "nothing is refused");
    let mut echoed = 0;
    while echoed < end {
        let seq = other.hear_a("read").await["seq"].as_u64().unwrap();
        assert!(seq > echoed, "{seq} after {echoed}");
        echoed = seq;
    }
    let written = writes(&addr).await - before;
    assert!(written < 20.0, "{written} writes for one room");
    assert!(look(&addr).await[WAITED] > 200.0);
    let rooms = wren.get("/rooms").await.1["rooms"].clone();
    assert_eq!(
        (&rooms[0]["read_seq"], &rooms[0]["unread"]),
        (&json!(end), &json!(0))
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_written_though_the_reader_left_and_the_server_stops() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = RoomId::new(1).unwrap();
    let mut last = 0;
    for n in 0..5 {
        last = ada.say(room, &format!("{n}")).await;
    }
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    for seq in last - 2..=last {
        raw.say(&json!({ "t": "read", "room": 1, "seq": seq }))
            .await;
    }
    raw.say(&json!({ "t": "bye" })).await;
    assert_eq!(raw.ends().await.0, 1000);
    let server = server.restart().await;
    let rooms = wren.get("/rooms").await.1["rooms"].clone();
    assert_eq!(rooms[0]["read_seq"], last);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rooms_are_read_at_a_rate() {
    let addr = address();
    let server = TestServer::with_flags(&[&format!("--metrics-addr={addr}")]).await;
    let wren = server.sign_up("wren").await;
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    let before = writes(&addr).await;
    // Rooms that there are not, and one that there is.
    for room in (1_000..1_250).chain([1]) {
        raw.say(&json!({ "t": "read", "room": room, "seq": 1 }))
            .await;
    }
    raw.say(&json!({ "t": "ping", "n": 7 })).await;
    let mut refused = 0;
    while refused < 250 {
        let frame = raw.hear().await;
        if frame["t"] == "pong" {
            let written = writes(&addr).await - before;
            // A burst of 100, and 20 a second.
            assert!(written < 200.0, "{written} writes at once");
        } else {
            assert_eq!(frame["code"], "not_found", "{frame}");
            refused += 1;
        }
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_comes_with_the_counts_that_are_asked_for() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = RoomId::new(1).unwrap();
    for text in ["one", "two @wren", "three @here", "four"] {
        ada.say(room, text).await;
    }
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    let mut counts = async |ask: serde_json::Value| {
        raw.say(&ask).await;
        raw.hear_a("page").await["counts"].clone()
    };
    let ask = json!({ "t": "history", "req": 1, "room": 1, "limit": 1, "counts": true });
    let told = counts(ask.clone()).await;
    let last = told["last_seq"].as_u64().unwrap();
    assert_eq!((&told["unread"], &told["mentions"]), (&json!(4), &json!(2)));
    let plain = json!({ "t": "history", "req": 2, "room": 1, "limit": 1 });
    assert_eq!(counts(plain).await, serde_json::Value::Null);

    let path = "/rooms/1/messages?limit=1";
    assert_eq!(wren.get(path).await.1.get("counts"), None);
    let (_, page) = wren.get(&format!("{path}&counts=true")).await;
    assert_eq!(page["counts"], told);
    assert_eq!(wren.get(&format!("{path}&counts=2")).await.0, 400);

    // What was read is not in them any more, and each person has counts of their own.
    let read = json!({ "last_seq": last, "read_seq": last - 1, "unread": 1, "mentions": 0 });
    let (mut other, _) = Raw::hello(&server.url, &wren.token, None).await;
    other
        .say(&json!({ "t": "read", "room": 1, "seq": last - 1 }))
        .await;
    let asked = async || wren.get(&format!("{path}&counts=true")).await.1["counts"].clone();
    while asked().await != read {
        tokio::task::yield_now().await;
    }
    let (_, page) = ada.get(&format!("{path}&counts=true")).await;
    assert_eq!(page["counts"]["unread"], 0);
    server.close().await;
}
