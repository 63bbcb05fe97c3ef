//! Coming back: nothing is missing, nothing is twice.

use protocol::RoomId;
use serde_json::json;
use testing::{PASSWORD, Raw, ServerProcess, TestApi, TestServer, id};

use crate::support::HUBBUB;

async fn filled(texts: u64) -> (TestServer, TestApi) {
    let server = TestServer::with_flags(&[
        "--send-per-s=0",
        "--http-per-s-address=0",
        "--http-per-s-total=0",
    ])
    .await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    for n in 0..texts {
        raw.say(&json!({ "t": "send", "id": id(), "room": 1, "text": n.to_string() }))
            .await;
        if n % 100 == 99 || n + 1 == texts {
            // The last ack of a run is the ack of all before it.
            while raw.hear_a("ack").await["seq"] != n + 2 {}
        }
    }
    raw.say(&json!({ "t": "bye" })).await;
    (server, ada)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_entry_after_the_cursor_comes_once_and_in_order() {
    let (server, ada) = filled(700).await;
    let resume = json!({ "cursors": { "1": 100, "99": 4 } });
    let (mut raw, welcome) = Raw::hello(&server.url, &ada.token, Some(resume)).await;
    assert_eq!(welcome["resumed"], false);
    assert_eq!(raw.hear_a("gone").await["room"], 99);
    ada.say(RoomId::new(1).unwrap(), "live").await;
    for seq in 101..=702 {
        assert_eq!(raw.hear_a("event").await["seq"], seq);
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_many_missed_is_read_once_after_a_restart() {
    const MANY: usize = 24;
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--sockets-per-user=0"];
    let server = ServerProcess::with_flags(HUBBUB, folder.path(), "127.0.0.1:0", &flags).await;
    let ada = TestApi::sign_up(&server.url, "ada", PASSWORD).await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    for n in 0..600 {
        raw.say(&json!({ "t": "send", "id": id(), "room": 1, "text": n.to_string() }))
            .await;
    }
    while raw.hear_a("ack").await["seq"] != 601 {}
    assert_eq!(server.terminate().await, Some(0));
    // No lane holds any of it now.
    let server = ServerProcess::with_flags(HUBBUB, folder.path(), "127.0.0.1:0", &flags).await;
    let comes = async || {
        let resume = json!({ "cursors": { "1": 1 } });
        let (mut raw, _) = Raw::hello(&server.url, &ada.token, Some(resume)).await;
        for seq in 2..=601 {
            assert_eq!(raw.hear_a("event").await["seq"], seq);
        }
    };
    futures_util::future::join_all((0..MANY).map(|_| comes())).await;
    let pages = server.reads();
    let pages = pages
        .iter()
        .filter(|read| read.contains("FROM entries") && read.contains("ORDER BY seq LIMIT"))
        .count();
    // Three pages have it; who is slower than the others by seconds reads for itself.
    assert!((3..MANY).contains(&pages), "{pages} pages were read");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_not_replayed() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    for frame in [
        json!({ "t": "send", "id": id(), "room": 1, "text": "a secret" }),
        json!({ "t": "edit", "id": id(), "room": 1, "of": 2, "text": "a secret, edited" }),
        json!({ "t": "send", "id": id(), "room": 1, "text": "something else" }),
        json!({ "t": "delete", "id": id(), "room": 1, "of": 2 }),
    ] {
        raw.say(&frame).await;
        raw.hear_a("ack").await;
    }
    // The lane has had all of it.
    let first = [
        (2, None, true),
        (3, None, true),
        (4, Some("something else"), false),
        (5, None, false),
    ];
    replayed(&server, &ada, &first).await;
    // A page of the log was just read.
    let delete = json!({ "t": "delete", "id": id(), "room": 1, "of": 4 });
    raw.say(&delete).await;
    raw.hear_a("ack").await;
    let then = [(4, None, true), (5, None, false), (6, None, false)];
    replayed(&server, &ada, &[&first[..2], &then].concat()).await;
    server.close().await;
}

/// A resume from the first entry of the first room brings just these: their seqs, texts, and whether they are of something deleted.
async fn replayed(server: &TestServer, ada: &TestApi, expected: &[(u64, Option<&str>, bool)]) {
    let resume = json!({ "cursors": { "1": 1 } });
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, Some(resume)).await;
    for &(seq, text, deleted) in expected {
        let event = raw.hear_a("event").await;
        assert_eq!(event["seq"], seq);
        assert_eq!(event["text"].as_str(), text, "{event}");
        assert_eq!(event["deleted"] == true, deleted, "{event}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_to_replay_is_said_so() {
    let (server, ada) = filled(1_100).await;
    for (cursor, expected) in [(1, true), (100, true), (101, false), (5_000, true)] {
        let resume = json!({ "cursors": { "1": cursor } });
        let (mut raw, _) = Raw::hello(&server.url, &ada.token, Some(resume)).await;
        let frame = raw.hear().await;
        if expected {
            assert_eq!(
                (&frame["t"], &frame["from"], &frame["last_seq"]),
                (&json!("behind"), &json!(cursor), &json!(1_101))
            );
        } else {
            assert_eq!(
                (&frame["t"], &frame["seq"]),
                (&json!("event"), &json!(cursor + 1))
            );
        }
        raw.say(&json!({ "t": "bye" })).await;
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_comes_back_after_a_restart_with_what_was_missed() {
    let server = TestServer::start().await;
    let general = RoomId::new(1).unwrap();
    let ada = server.client("ada").await;
    let wren = server.sign_up("wren").await;
    ada.say(general, "before").await;
    ada.sees_just(general, &["before"]).await;
    // Seen is not stored yet: a pending message is shown too.
    testing::until("it to be acked", || ada.unacked() == 0).await;
    let server = server.restart().await;
    ada.say(general, "after").await;
    wren.say(general, "also after").await;
    ada.is_online().await;
    testing::until("both", || {
        ada.sees(general).len() == 3 && ada.unacked() == 0
    })
    .await;
    let seen = ada.sees(general);
    let texts: Vec<&str> = seen.iter().map(|(_, text)| text.as_str()).collect();
    assert!(
        texts == ["before", "after", "also after"] || texts == ["before", "also after", "after"],
        "{seen:?}"
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_kept_for_its_grace() {
    let server = TestServer::with_flags(&["--offline-grace-s=60"]).await;
    let ada = server.sign_up("ada").await;
    let (raw, welcome) = Raw::hello(&server.url, &ada.token, None).await;
    drop(raw);
    let resume = json!({ "session": welcome["session"], "cursors": {} });
    let (mut raw, again) = Raw::hello(&server.url, &ada.token, Some(resume.clone())).await;
    assert_eq!(
        (&again["resumed"], &again["session"]),
        (&json!(true), &welcome["session"])
    );
    raw.say(&json!({ "t": "bye" })).await;
    assert_eq!(raw.ends().await.0, 1000);
    let (_, after_bye) = Raw::hello(&server.url, &ada.token, Some(resume)).await;
    assert_eq!(after_bye["resumed"], false);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pong_tells_the_heads_that_changed() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    ada.say(RoomId::new(1).unwrap(), "x").await;
    raw.hear_a("event").await;
    raw.say(&json!({ "t": "ping", "n": 7 })).await;
    let pong = raw.hear_a("pong").await;
    assert_eq!(
        (&pong["n"], &pong["heads"]),
        (&json!(7), &json!({ "1": 2 }))
    );
    raw.say(&json!({ "t": "ping", "n": 8 })).await;
    assert!(raw.hear_a("pong").await.get("heads").is_none());
    server.close().await;
}
