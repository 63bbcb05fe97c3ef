//! Rooms that are renamed, made read only, or archived.

use protocol::RoomId;
use reqwest::Method;
use serde_json::{Value, json};
use testing::{Raw, TestApi, TestServer, id};

async fn change(by: &TestApi, room: RoomId, patch: Value) -> (u16, Value) {
    by.call(Method::PATCH, &format!("/rooms/{room}"), Some(patch))
        .await
}

async fn send(by: &TestApi, room: RoomId, id: &str) -> (u16, Value) {
    let body = json!({ "id": id, "text": "hello" });
    by.post(&format!("/rooms/{room}/messages"), body).await
}

/// Ada, the owner; wren, who made the room; zhou and an admin, who are in it.
async fn people(server: &TestServer) -> (TestApi, TestApi, TestApi, TestApi, RoomId) {
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let zhou = server.sign_up("zhou").await;
    let admin = server.sign_up("admin").await;
    let body = Some(json!({ "role": "admin" }));
    let path = format!("/users/{}", admin.user);
    assert_eq!(ada.call(Method::PATCH, &path, body).await.0, 200);
    let room = wren.room("public", "mast").await;
    for who in [&zhou, &admin] {
        let path = format!("/rooms/{room}/members");
        assert_eq!(who.post(&path, json!({})).await.0, 201);
    }
    (ada, wren, zhou, admin, room)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_room_is_told_as_an_entry_and_as_the_room() {
    let server = TestServer::start().await;
    let (_, wren, zhou, _, room) = people(&server).await;
    let (mut raw, welcome) = Raw::hello(&server.url, &zhou.token, None).await;
    let known = welcome["rooms"].as_array().unwrap();
    let mast = known.iter().find(|one| one["id"] == room.get()).unwrap();
    assert!(mast.get("read_only").is_none() && mast.get("archived").is_none());
    let patch = json!({ "name": "aerial", "read_only": true, "topic": "masts" });
    let (status, body) = change(&wren, room, patch.clone()).await;
    assert_eq!((status, &body["room"]["read_only"]), (200, &json!(true)));
    // Entries come by the room's lane, the room beside them.
    let (mut events, mut told) = (Vec::new(), Value::Null);
    while events.len() < 3 || told.is_null() {
        let frame = raw.hear().await;
        match frame["t"].as_str().unwrap() {
            "event" => events.push(frame),
            "room" => told = frame,
            _ => {}
        }
    }
    for (event, (what, value)) in events
        .iter()
        .zip([("name", json!("aerial")), ("read_only", json!(true))])
    {
        assert_eq!(
            (&event["kind"], &event["by"]),
            (&json!("set"), &json!(wren.user))
        );
        assert_eq!((&event["what"], &event["value"]), (&json!(what), &value));
    }
    assert_eq!(events[2]["kind"], "topic");
    assert_eq!(told["room"]["name"], "aerial");
    assert_eq!(told["room"]["read_only"], true);
    let last = told["room"]["last_seq"].clone();

    // What stands so already stores nothing.
    assert_eq!(change(&wren, room, patch).await.1["room"]["last_seq"], last);
    for (by, patch, status) in [
        (&wren, json!({}), 422),
        (&wren, json!({ "archived": "yes" }), 422),
        (&wren, json!({ "slow": 3 }), 422),
        (&wren, json!({ "name": "general" }), 409),
        (&zhou, json!({ "archived": true }), 403),
        (&zhou, json!({ "name": "mine" }), 403),
    ] {
        assert_eq!(change(by, room, patch.clone()).await.0, status, "{patch}");
    }
    // The log has each, for whoever comes back, and the history has them as notes.
    let (_, page) = zhou.get(&format!("/rooms/{room}/messages")).await;
    let notes = page["notes"].as_array().unwrap();
    let sets = notes.iter().filter(|note| note["kind"] == "set");
    assert_eq!(sets.count(), 2);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_read_only_room_its_creator_and_admins_write() {
    let server = TestServer::start().await;
    let (ada, wren, zhou, admin, room) = people(&server).await;
    let first = id().to_string();
    assert_eq!(send(&zhou, room, &first).await.0, 201);
    let (status, _) = change(&wren, room, json!({ "read_only": true })).await;
    assert_eq!(status, 200);
    for (by, status) in [(&zhou, 403), (&wren, 201), (&admin, 201), (&ada, 403)] {
        assert_eq!(send(by, room, &id().to_string()).await.0, status);
    }
    assert_eq!(
        send(&zhou, room, &first).await.0,
        200,
        "it was acked before"
    );
    let (mut raw, _) = Raw::hello(&server.url, &zhou.token, None).await;
    let of = 4;
    for (frame, answer) in [
        (json!({ "t": "send", "text": "x" }), "nack"),
        (json!({ "t": "send", "text": "x", "reply_to": of }), "nack"),
        (json!({ "t": "edit", "of": of, "text": "hello!" }), "ack"),
        (
            json!({ "t": "react", "of": of, "emoji": "👍", "on": true }),
            "ack",
        ),
        (json!({ "t": "pin", "of": of, "on": true }), "ack"),
        (json!({ "t": "delete", "of": of }), "ack"),
    ] {
        let mut frame = frame;
        frame["id"] = json!(id());
        frame["room"] = json!(room);
        raw.say(&frame).await;
        let told = raw.hear_a(answer).await;
        assert!(answer == "ack" || told["code"] == "forbidden", "{told}");
    }
    // A role that is given opens the room on a connection that is open.
    let body = Some(json!({ "role": "admin" }));
    let path = format!("/users/{}", zhou.user);
    assert_eq!(ada.call(Method::PATCH, &path, body).await.0, 200);
    let frame = json!({ "t": "send", "id": id(), "room": room, "text": "now" });
    raw.say(&frame).await;
    raw.hear_a("ack").await;
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_room_is_read_and_left_until_it_is_taken_out() {
    let server = TestServer::start().await;
    let (ada, wren, zhou, admin, room) = people(&server).await;
    let first = id().to_string();
    assert_eq!(send(&zhou, room, &first).await.0, 201);
    assert_eq!(
        change(&wren, room, json!({ "archived": true })).await.0,
        200
    );
    for by in [&ada, &wren, &zhou, &admin] {
        assert_eq!(send(by, room, &id().to_string()).await.0, 409);
    }
    assert_eq!(
        send(&zhou, room, &first).await.0,
        200,
        "it was acked before"
    );
    let (mut raw, _) = Raw::hello(&server.url, &zhou.token, None).await;
    for (frame, code) in [
        (
            json!({ "t": "edit", "of": 4, "text": "hello!" }),
            Some("conflict"),
        ),
        (
            json!({ "t": "react", "of": 4, "emoji": "👍", "on": true }),
            Some("conflict"),
        ),
        (json!({ "t": "pin", "of": 4, "on": true }), Some("conflict")),
        (json!({ "t": "delete", "of": 4 }), None),
    ] {
        let mut frame = frame;
        frame["id"] = json!(id());
        frame["room"] = json!(room);
        raw.say(&frame).await;
        match code {
            Some(code) => assert_eq!(raw.hear_a("nack").await["code"], code, "{frame}"),
            None => drop(raw.hear_a("ack").await),
        }
    }
    let members = format!("/rooms/{room}/members");
    assert_eq!(ada.post(&members, json!({})).await.0, 409);
    assert_eq!(
        wren.post(&members, json!({ "user": ada.user })).await.0,
        409
    );
    assert_eq!(
        zhou.post(&members, json!({})).await.0,
        200,
        "who is in it stays"
    );
    assert_eq!(zhou.delete(&format!("{members}/{}", zhou.user)).await, 204);
    assert_eq!(ada.get(&format!("/rooms/{room}/messages")).await.0, 200);

    let server = server.restart().await;
    let wren = TestApi::sign_in(&server.url, "wren", testing::PASSWORD)
        .await
        .unwrap();
    assert_eq!(
        wren.get(&format!("/rooms/{room}")).await.1["room"]["archived"],
        true
    );
    assert_eq!(
        change(&wren, room, json!({ "archived": false })).await.0,
        200
    );
    assert_eq!(send(&wren, room, &id().to_string()).await.0, 201);
    server.close().await;
}
