//! What an operator sees of a running server.

use std::{collections::BTreeMap, net::TcpListener};

use protocol::RoomId;
use serde_json::json;
use testing::{
    PASSWORD, Raw, TestApi, TestServer,
    postgres::{drop_database, new_database},
};
use tokio::process::Command;

use crate::support::HUBBUB;

/// An address of this test's own, so that nobody takes its port in between.
pub(crate) fn address() -> String {
    let listener = TcpListener::bind("127.77.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// The samples by name and labels.
pub(crate) async fn look(addr: &str) -> BTreeMap<String, f64> {
    let answer = reqwest::get(format!("http://{addr}/metrics"))
        .await
        .unwrap();
    let kind = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = answer.text().await.unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').unwrap();
        (name.to_owned(), value.parse().unwrap())
    };
    samples.map(sample).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_counted() {
    let addr = address();
    let server = TestServer::with_flags(&[
        &format!("--metrics-addr={addr}"),
        "--send-per-s=1",
        "--send-burst=3",
    ])
    .await;
    let ada = server.client("ada").await;
    let wren = server.client("wren").await;
    let room = RoomId::new(1).unwrap();
    for text in ["one", "two", "three"] {
        ada.say(room, text).await;
    }
    wren.sees_just(room, &["one", "two", "three"]).await;
    let seen = look(&addr).await;
    let value = |name: &str| seen.get(name).copied();
    assert_eq!(value("hubbub_sessions{state=\"online\"}"), Some(2.0));
    assert_eq!(value("hubbub_lanes"), Some(1.0));
    assert_eq!(value("hubbub_write_queue_depth"), Some(0.0));
    // Each hears three messages, and more.
    assert!(value("hubbub_frames_sent_total") >= Some(6.0), "{seen:?}");
    assert!(
        value("hubbub_commit_writes_sum") >= Some(3.0),
        "two accounts and three messages: {seen:?}"
    );
    let count = |name: &str| value(&format!("hubbub_{name}_seconds_count")).unwrap();
    assert_eq!(
        Some(count("commit_duration")),
        value("hubbub_commit_writes_count")
    );
    assert!(count("commit_sync_duration") >= count("commit_duration"));
    assert!(count("last_delivery_duration") >= 1.0, "{seen:?}");
    assert!(value("hubbub_resident_memory_bytes") > Some(1e6));
    assert_eq!(value("hubbub_store_readers{state=\"waiting\"}"), Some(0.0));
    assert!(count("store_wait_duration") >= 1.0, "{seen:?}");

    // A limit that is hit, and a connection that the server ends.
    let api = TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    let (mut raw, _) = Raw::hello(&server.url, &api.token, None).await;
    for n in 0..5u8 {
        let id = uuid(n);
        raw.say(&json!({ "t": "send", "id": id, "room": 1, "text": "and more" }))
            .await;
    }
    raw.hear_a("nack").await;
    assert_eq!(api.delete("/sessions/current").await, 204);
    assert_eq!(raw.ends().await.0, 4500);
    let limits = "hubbub_limits_hit_total{limit=\"sends\"}";
    let closed = "hubbub_connections_closed_total{code=\"4500\"}";
    let seen = look(&addr).await;
    assert!(seen.get(limits) >= Some(&1.0), "{seen:?}");
    assert_eq!(seen.get(closed), Some(&1.0), "{seen:?}");

    drop((ada, wren));
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_to_postgresql_are_counted() {
    let (addr, url) = (address(), new_database().await);
    let server = TestServer::with_flags(&[
        &format!("--metrics-addr={addr}"),
        &format!("--database-url={url}"),
        "--db-readers-max=3",
    ])
    .await;
    let before = look(&addr).await["hubbub_store_wait_duration_seconds_count"];
    server.sign_up("ada").await;
    let seen = look(&addr).await;
    let state = |state: &str| seen[&format!("hubbub_store_readers{{state=\"{state}\"}}")];
    assert!((1.0..=3.0).contains(&(state("in_use") + state("idle"))));
    let waiting = "hubbub_store_readers{state=\"waiting\"}";
    assert_eq!(seen.get(waiting), Some(&0.0));
    assert!(
        seen["hubbub_store_wait_duration_seconds_count"] > before,
        "{seen:?}"
    );
    server.close().await;
    drop_database(&url).await;
}

fn uuid(n: u8) -> String {
    format!("0196a0f0-0000-7000-8000-0000000000{n:02x}")
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(HUBBUB)
        .arg("--data-dir")
        .arg(folder.path())
        .args(["--addr", "127.0.0.1:0", "--metrics-addr", &addr.to_string()])
        .output()
        .await
        .unwrap();
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(says.contains(&format!("cannot listen on {addr}")), "{says}");
}
