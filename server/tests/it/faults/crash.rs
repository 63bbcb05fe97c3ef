//! `kill -9` under load: what was acked is there, once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use server::store::sqlite::verify::verify;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Api, PASSWORD, Process, Raw, id, until};

/// Senders at once.
const SENDERS: usize = 4;
/// Acks that each crash must have seen before it happens.
const ACKS: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn an_acked_message_survives_five_crashes() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::start(folder.path(), "127.0.0.1:0").await;
    let addr = server.url.strip_prefix("http://").unwrap().to_owned();
    Api::sign_up(&server.url, "ada", PASSWORD).await;
    let acked: Arc<Mutex<HashMap<String, u64>>> = Arc::default();
    for round in 1..=5 {
        let api = Api::sign_in(&server.url, "ada", PASSWORD).await.unwrap();
        let senders: Vec<_> = (0..SENDERS)
            .map(|_| {
                tokio::spawn(send(
                    server.url.clone(),
                    api.token.clone(),
                    Arc::clone(&acked),
                ))
            })
            .collect();
        until("acks", || acked.lock().unwrap().len() >= ACKS * round).await;
        server.kill().await;
        for sender in senders {
            sender.await.unwrap();
        }
        server = Process::start(folder.path(), &addr).await;
    }
    let api = Api::sign_in(&server.url, "ada", PASSWORD).await.unwrap();
    let stored = stored(&server.url, &api.token).await;
    for (id, seq) in acked.lock().unwrap().iter() {
        assert_eq!(stored.get(id), Some(&vec![*seq]), "message {id}");
    }
    server.kill().await;
    let report = verify(&folder.path().join("hubbub.db")).await.unwrap();
    assert_eq!(report.wrong, Vec::<String>::new());
}

/// Sends without waiting, and notes the acks, until the connection is lost.
async fn send(url: String, token: String, acked: Arc<Mutex<HashMap<String, u64>>>) {
    let (raw, _) = Raw::hello(&url, &token, None).await;
    let (mut sink, mut stream) = raw.0.split();
    let writing = tokio::spawn(async move {
        loop {
            let frame = json!({ "t": "send", "id": id(), "room": 1, "text": "x" });
            if sink.send(Message::text(frame.to_string())).await.is_err() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(12)).await;
        }
    });
    while let Some(Ok(Message::Text(text))) = stream.next().await {
        let frame: Value = serde_json::from_str(&text).unwrap();
        if frame["t"] == "ack" {
            acked.lock().unwrap().insert(
                frame["id"].as_str().unwrap().to_owned(),
                frame["seq"].as_u64().unwrap(),
            );
        }
    }
    writing.abort();
}

/// The places of every message in the log, by id.
async fn stored(url: &str, token: &str) -> HashMap<String, Vec<u64>> {
    let (mut raw, _) = Raw::hello(url, token, None).await;
    let mut found: HashMap<String, Vec<u64>> = HashMap::new();
    let mut after = 0;
    loop {
        raw.say(&json!({ "t": "log", "req": 1, "room": 1, "after": after }))
            .await;
        let page = raw.hear_a("entries").await;
        for event in page["events"].as_array().unwrap() {
            after += 1;
            assert_eq!(event["seq"], after, "a log without holes");
            if let Some(id) = event["id"].as_str() {
                found.entry(id.to_owned()).or_default().push(after);
            }
        }
        if after == page["last_seq"].as_u64().unwrap() {
            return found;
        }
    }
}
