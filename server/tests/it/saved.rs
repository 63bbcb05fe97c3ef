//! Saved messages, and what is for one, as a person's devices see them.

use protocol::RoomId;
use reqwest::Method;
use serde_json::{Value, json};
use server::Clock;
use testing::{Raw, TestApi, TestServer};

use crate::unread::{hears, silence};

async fn put(api: &TestApi, room: u64, seq: u64) -> u16 {
    let path = format!("/saved/{room}/{seq}");
    api.call(Method::PUT, &path, None).await.0
}

async fn drop_saved(api: &TestApi, room: u64, seq: u64) -> u16 {
    api.delete(&format!("/saved/{room}/{seq}")).await
}

/// Rooms and places, and the cursor of the next page.
async fn list(api: &TestApi, path: &str, name: &str) -> (Vec<(u64, u64)>, Option<String>) {
    let (status, body) = api.get(path).await;
    assert_eq!(status, 200, "{body}");
    let place = |one: &Value| {
        let seq = &one["message"]["seq"];
        (one["room"].as_u64().unwrap(), seq.as_u64().unwrap())
    };
    let places = body[name].as_array().unwrap().iter().map(place);
    let next = body["next"].as_str().map(str::to_owned);
    (places.collect(), next)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_saves_all_ones_devices_know() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = RoomId::new(1).unwrap();
    let one = ada.say(room, "one").await;
    let two = ada.say(room, "two").await;
    let (mut device, _) = Raw::hello(&server.url, &wren.token, None).await;
    let (mut others, _) = Raw::hello(&server.url, &ada.token, None).await;
    for seq in [one, two, one] {
        assert_eq!(put(&wren, 1, seq).await, 204);
        let told = json!({ "t": "saved", "room": 1, "seq": seq, "on": true });
        assert_eq!(hears(&mut device, "saved").await, told);
    }
    assert_eq!(
        list(&wren, "/saved", "saved").await,
        (vec![(1, two), (1, one)], None)
    );
    let (_, body) = wren.get("/saved").await;
    let first = &body["saved"][0];
    assert_eq!(first["message"]["text"], "two");
    assert!(first["saved_at"].as_u64().unwrap() > 1_600_000_000_000);
    let places = json!({ "saved": [{ "room": 1, "seq": two }, { "room": 1, "seq": one }] });
    assert_eq!(wren.get("/saved?ids=1").await.1, places);
    for _ in 0..2 {
        assert_eq!(drop_saved(&wren, 1, two).await, 204);
        let told = json!({ "t": "saved", "room": 1, "seq": two, "on": false });
        assert_eq!(hears(&mut device, "saved").await, told);
    }
    silence(&mut others).await;
    assert_eq!(list(&ada, "/saved", "saved").await, (vec![], None));
    let server = server.restart().await;
    assert_eq!(list(&wren, "/saved", "saved").await.0, [(1, one)]);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_read_is_not_there() {
    let server = TestServer::unlimited(None, Clock::system(), &[]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let cellar = ada.room("private", "cellar").await;
    let attic = ada.room("public", "attic").await;
    let hidden = ada.say(cellar, "hidden @wren").await;
    let shown = ada.say(attic, "shown").await;
    let text = "a text that will be gone";
    let gone = ada.say(attic, text).await;
    let (cellar, attic) = (cellar.get(), attic.get());
    for (room, seq) in [(cellar, hidden), (99, 1), (attic, 99), (attic, 1)] {
        assert_eq!(put(&wren, room, seq).await, 404, "{room} {seq}");
    }
    let people = format!("/rooms/{cellar}/members");
    let (_, me) = wren.get("/users/me").await;
    let me = &me["user"]["id"];
    assert_eq!(ada.post(&people, json!({ "user": me })).await.0, 201);
    for (room, seq) in [(cellar, hidden), (attic, shown), (attic, gone)] {
        assert_eq!(put(&wren, room, seq).await, 204);
    }
    let id = protocol::MessageId::from_u128(7).to_string();
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    raw.say(&json!({ "t": "delete", "id": id, "room": attic, "of": gone }))
        .await;
    hears(&mut raw, "ack").await;
    let all = vec![(attic, gone), (attic, shown), (cellar, hidden)];
    assert_eq!(list(&wren, "/saved", "saved").await.0, all);
    let (_, body) = wren.get("/saved").await;
    assert_eq!(body["saved"][0]["message"]["deleted"], true);
    assert!(!body.to_string().contains(text));
    assert_eq!(
        list(&wren, "/for-you", "for_you").await.0,
        [(cellar, hidden)]
    );
    // Who is in it no more does not find it.
    assert_eq!(wren.delete(&format!("{people}/{me}")).await, 204);
    assert_eq!(list(&wren, "/saved", "saved").await.0, all[..2]);
    let (_, places) = wren.get("/saved?ids=1").await;
    assert_eq!(places["saved"].as_array().unwrap().len(), 2);
    assert_eq!(list(&wren, "/for-you", "for_you").await.0, []);
    assert_eq!(put(&wren, cellar, hidden).await, 404);
    assert_eq!(drop_saved(&wren, cellar, hidden).await, 204);
    for wrong in [
        "/saved?cursor=x",
        "/saved?ids=2",
        "/for-you?cursor=5",
        "/for-you?cursor=1-0-1",
        "/for-you?cursor=1-1-1-1",
    ] {
        let (status, body) = wren.get(wrong).await;
        assert_eq!(
            (status, &body["error"]["code"]),
            (422, &json!("invalid")),
            "{wrong}"
        );
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lists_come_in_pages() {
    let server = TestServer::unlimited(None, Clock::system(), &[]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let (_, me) = wren.get("/users/me").await;
    let body = json!({ "users": [me["user"]["id"]] });
    let (_, body) = ada.post("/direct", body).await;
    let direct = RoomId::new(body["room"]["id"].as_u64().unwrap()).unwrap();
    let general = RoomId::new(1).unwrap();
    let mut said = Vec::new();
    for n in 0..60 {
        let seq = ada.say(general, &format!("{n} @wren")).await;
        said.push((1, seq));
        assert_eq!(put(&wren, 1, seq).await, 204);
        said.push((direct.get(), ada.say(direct, "@here").await));
        wren.say(direct, "mine").await;
    }
    said.reverse();
    for (path, name, pages) in [("/for-you", "for_you", 3), ("/saved", "saved", 2)] {
        let (mut all, mut count, mut next) = (Vec::new(), 0, None::<String>);
        loop {
            let asked =
                next.map_or_else(|| path.to_owned(), |next| format!("{path}?cursor={next}"));
            let (some, more) = list(&wren, &asked, name).await;
            assert!(some.len() <= 50);
            all.extend(some);
            count += 1;
            next = more;
            if next.is_none() {
                break;
            }
        }
        let is_in = |(room, _): &&(u64, u64)| path == "/for-you" || *room == 1;
        let expected: Vec<_> = said.iter().filter(is_in).copied().collect();
        assert_eq!((all, count), (expected, pages));
    }
    server.close().await;
}
