//! Where a day begins in a room: the first message since a time.

use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};
use server::Clock;
use testing::{TestServer, id};

const MINUTE_MS: i64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn the_first_message_since_a_time_is_found_among_all_that_happened() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let server = TestServer::unlimited(None, Clock::jumping(&SKEW), &[]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = ada.room("private", "attic").await;
    let path = format!("/rooms/{room}/day");
    let since = |at: u64| format!("{path}?at={at}");
    let nothing = (200, json!({}));
    assert_eq!(ada.get(&since(0)).await, nothing, "nothing was said");
    let mut seqs = Vec::new();
    for text in ["one", "two", "three", "four", "five"] {
        seqs.push(ada.say(room, text).await);
        // What is between is no message of the room: a topic, and a reply that stands in its thread alone.
        let topic = json!({ "topic": text });
        ada.call(
            reqwest::Method::PATCH,
            &format!("/rooms/{room}"),
            Some(topic),
        )
        .await;
        let reply = json!({ "id": id(), "text": "aside", "thread": seqs[0] });
        ada.post(&format!("/rooms/{room}/messages"), reply).await;
        SKEW.fetch_add(MINUTE_MS, Ordering::Relaxed);
    }
    let (_, page) = ada.get(&format!("/rooms/{room}/messages")).await;
    let messages = page["messages"].as_array().unwrap();
    let times: Vec<u64> = messages
        .iter()
        .map(|one| one["at"].as_u64().unwrap())
        .collect();
    assert_eq!(times.len(), seqs.len());
    let found = |seq: u64| (200, json!({ "seq": seq }));
    for (at, seq) in times.iter().zip(&seqs) {
        assert_eq!(ada.get(&since(*at)).await, found(*seq));
    }
    for (at, next) in times.iter().zip(&seqs[1..]) {
        assert_eq!(ada.get(&since(at + 1)).await, found(*next));
    }
    assert_eq!(ada.get(&since(0)).await, found(seqs[0]));
    for late in [times[4] + 1, u64::MAX] {
        assert_eq!(ada.get(&since(late)).await, nothing);
    }
    // Whoever may not read the room learns nothing of it; a time is a number.
    assert_eq!(wren.get(&since(0)).await.0, 404);
    for (bad, expected) in [
        (path.clone(), 422),
        (format!("{path}?at=noon"), 400),
        (format!("{path}?at=-1"), 400),
    ] {
        let (status, body): (u16, Value) = ada.get(&bad).await;
        assert_eq!(
            (status, &body["error"]["code"]),
            (expected, &json!("invalid")),
            "{bad}"
        );
    }
    server.close().await;
}
