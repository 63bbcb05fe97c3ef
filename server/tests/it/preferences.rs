//! What one person wants of their rooms, and all of them read at once.

use protocol::RoomId;
use reqwest::Method;
use serde_json::{Value, json};
use testing::{Raw, TestApi, TestServer};

use crate::unread::{counts, hears, silence};

async fn put(api: &TestApi, room: u64, body: Value) -> (u16, Value) {
    let path = format!("/rooms/{room}/me");
    api.call(Method::PUT, &path, Some(body)).await
}

/// What a room says of it.
fn wants(room: &Value) -> Value {
    let mut of = json!({});
    for field in ["notify", "muted", "favourite", "order"] {
        if let Some(value) = room.get(field) {
            of[field] = value.clone();
        }
    }
    of
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_named_changes_and_ones_own_devices_know() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    ada.say(RoomId::new(1).unwrap(), "hello @wren").await;
    let (mut here, welcome) = Raw::hello(&server.url, &wren.token, None).await;
    assert_eq!(wants(&welcome["rooms"][0]), json!({}));
    let before = counts(&welcome["rooms"][0]);
    let (mut others, _) = Raw::hello(&server.url, &ada.token, None).await;
    for (body, is) in [
        (json!({ "muted": true }), json!({ "muted": true })),
        (
            json!({ "notify": "mentions", "order": 3 }),
            json!({ "muted": true, "notify": "mentions", "order": 3 }),
        ),
        (
            json!({ "muted": false, "favourite": true, "order": -1.5 }),
            json!({ "notify": "mentions", "favourite": true, "order": -1.5 }),
        ),
        (
            json!({ "notify": "nothing", "order": null }),
            json!({ "notify": "nothing", "favourite": true }),
        ),
        (json!({}), json!({ "notify": "nothing", "favourite": true })),
    ] {
        let (status, answer) = put(&wren, 1, body).await;
        assert_eq!((status, wants(&answer["room"])), (200, is.clone()));
        assert_eq!(counts(&answer["room"]), before, "no count changes");
        let told = hears(&mut here, "room").await;
        assert_eq!(told["room"], answer["room"]);
    }
    silence(&mut others).await;
    let is = json!({ "notify": "nothing", "favourite": true });
    let (_, welcome) = Raw::hello(&server.url, &wren.token, None).await;
    assert_eq!(wants(&welcome["rooms"][0]), is);
    let (_, welcome) = Raw::hello(&server.url, &ada.token, None).await;
    assert_eq!(wants(&welcome["rooms"][0]), json!({}), "hers alone");
    let server = server.restart().await;
    let (_, rooms) = wren.get("/rooms").await;
    assert_eq!(wants(&rooms["rooms"][0]), is);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named_and_others_rooms_are_not_there() {
    let server = TestServer::unlimited(None, server::Clock::system(), &[]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    for (field, value) in [
        ("notify", json!("some")),
        ("notify", json!("All")),
        ("notify", json!(null)),
        ("muted", json!("yes")),
        ("muted", json!(null)),
        ("favourite", json!(1)),
        ("order", json!("first")),
        ("order", json!([1])),
        ("colour", json!("red")),
    ] {
        let (status, answer) = put(&wren, 1, json!({ field: value })).await;
        let error = &answer["error"];
        assert_eq!(
            (status, &error["code"], &error["field"]),
            (422, &json!("invalid"), &json!(field)),
            "{answer}"
        );
    }
    let cellar = ada.room("private", "cellar").await.get();
    let attic = ada.room("public", "attic").await.get();
    let body = json!({ "muted": true });
    for (room, status) in [(cellar, 404), (attic, 403), (99, 404)] {
        assert_eq!(put(&wren, room, body.clone()).await.0, status);
    }
    let (_, rooms) = wren.get("/rooms").await;
    for room in rooms["rooms"].as_array().unwrap() {
        assert_eq!(wants(room), json!({}));
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_rooms_are_read_at_once_with_a_frame_for_each() {
    let server = TestServer::unlimited(None, server::Clock::system(), &[]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let mut ends = Vec::new();
    for n in 0..110 {
        let room = ada.room("public", &format!("room {n}")).await;
        let path = format!("/rooms/{room}/members");
        assert_eq!(wren.post(&path, json!({})).await.0, 201);
        // In the last one nothing is unread.
        if n < 109 {
            ends.push((room.get(), ada.say(room, "hello @wren").await));
        }
    }
    let (mut here, welcome) = Raw::hello(&server.url, &wren.token, None).await;
    let rooms = welcome["rooms"].as_array().unwrap();
    let first = rooms[1]["last_seq"].clone();
    here.say(&json!({ "t": "unread", "room": ends[0].0, "seq": first }))
        .await;
    silence(&mut here).await;
    let (status, body) = wren.post("/read", json!({ "rooms": "all" })).await;
    assert_eq!((status, body), (204, Value::Null));
    for (n, (room, end)) in ends.into_iter().enumerate() {
        let mut echo = json!({ "t": "read", "room": room, "seq": end });
        if n == 0 {
            echo["gen"] = json!(1);
        }
        assert_eq!(hears(&mut here, "read").await, echo);
    }
    silence(&mut here).await;
    let (_, welcome) = Raw::hello(&server.url, &wren.token, None).await;
    for room in welcome["rooms"].as_array().unwrap() {
        assert_eq!((&room["unread"], &room["mentions"]), (&json!(0), &json!(0)));
    }
    assert_eq!(wren.post("/read", json!({ "rooms": "all" })).await.0, 204);
    silence(&mut here).await;
    for wrong in [
        json!({}),
        json!({ "rooms": [1] }),
        json!({ "rooms": "some" }),
    ] {
        assert_eq!(wren.post("/read", wrong).await.0, 422);
    }
    server.close().await;
}
