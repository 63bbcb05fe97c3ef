//! A room that was deleted, and is brought back.

use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};
use server::Clock;
use testing::{PASSWORD, Raw, TestApi, TestServer, id};

async fn undelete(by: &TestApi, room: protocol::RoomId) -> (u16, Value) {
    by.call(
        reqwest::Method::POST,
        &format!("/rooms/{room}/undelete"),
        None,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_room_comes_back_to_everybody_who_was_in_it() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let eve = server.sign_up("eve").await;
    let room = wren.room("private", "attic").await;
    let path = format!("/rooms/{room}");
    let add = json!({ "user": ada.user });
    assert_eq!(wren.post(&format!("{path}/members"), add).await.0, 201);
    wren.say(room, "kept").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    assert_eq!(undelete(&wren, room).await.0, 404, "it is not deleted");
    assert_eq!(wren.delete(&path).await, 204);
    assert_eq!(raw.hear_a("gone").await["room"], json!(room));
    for by in [&ada, &wren, &eve] {
        assert_eq!(by.get(&path).await.0, 404);
    }
    let said = json!({ "id": id(), "text": "into nothing" });
    assert_eq!(wren.post(&format!("{path}/messages"), said).await.0, 404);
    assert_eq!(
        undelete(&eve, room).await.0,
        404,
        "it was hidden from her before"
    );

    let (status, body) = undelete(&wren, room).await;
    assert_eq!((status, &body["room"]["name"]), (200, &json!("attic")));
    let told = raw.hear_a("room").await;
    assert_eq!(told["room"]["id"], json!(room));
    wren.say(room, "and more").await;
    assert_eq!(raw.hear_a("event").await["text"], "and more");
    let (_, page) = ada.get(&format!("{path}/messages")).await;
    assert_eq!(page["messages"].as_array().unwrap().len(), 2);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_room_comes_back_what_is_unread_in_it_and_in_its_threads() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = wren.room("public", "attic").await;
    let path = format!("/rooms/{room}");
    let join = ada.post(&format!("{path}/members"), json!({})).await;
    assert_eq!(join.0, 201);
    let root = ada.say(room, "who walks").await;
    let reply = json!({ "id": id(), "thread": root, "text": "I do" });
    let (_, ack) = wren.post(&format!("{path}/messages"), reply).await;
    let read_seq = ack["seq"].as_u64().unwrap() - 1;
    wren.say(room, "and you").await;
    let (mut raw, welcome) = Raw::hello(&server.url, &ada.token, None).await;
    assert_eq!(welcome["threads"][0]["unread"], 1);
    assert_eq!(wren.delete(&path).await, 204);
    assert_eq!(raw.hear_a("gone").await["room"], json!(room));
    assert_eq!(undelete(&wren, room).await.0, 200);
    let told = &raw.hear_a("room").await["room"];
    assert_eq!((&told["id"], &told["unread"]), (&json!(room), &json!(1)));
    let told = json!({
        "t": "thread", "room": room, "root": root, "following": true, "read_seq": read_seq
    });
    assert_eq!(raw.hear_a("thread").await, told);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_half_a_minute_it_is_gone_for_good_also_over_a_restart() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let server = TestServer::unlimited(None, Clock::jumping(&SKEW), &[]).await;
    let ada = server.sign_up("ada").await;
    let [first, second] = [
        ada.room("public", "attic").await,
        ada.room("public", "cellar").await,
    ];
    ada.say(second, "a word that nobody else says").await;
    for room in [first, second] {
        assert_eq!(ada.delete(&format!("/rooms/{room}")).await, 204);
    }
    let server = server.restart().await;
    let ada = TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    assert_eq!(undelete(&ada, first).await.0, 200);
    SKEW.store(31_000, Ordering::SeqCst);
    assert_eq!(undelete(&ada, second).await.0, 404);
    let server = server.restart().await;
    // It is looked for at the start, and then every few seconds.
    let database = server.folder().join("hubbub.db");
    let kept = || {
        let db = rusqlite::Connection::open(&database).unwrap();
        let statement = "SELECT COUNT(*) FROM entries WHERE room_id = ?";
        let count = db.query_row(statement, [second.get()], |row| row.get::<_, u64>(0));
        count.unwrap()
    };
    testing::until("the erasing", || kept() == 0).await;
    server.close().await;
}
