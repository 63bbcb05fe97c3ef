//! Rooms, members, rights.

use std::collections::HashSet;

use futures_util::SinkExt as _;
use protocol::RoomId;
use reqwest::Method;
use serde_json::json;
use testing::{Raw, TestServer, id};
use tokio::{io::AsyncWriteExt as _, net::TcpStream, task::yield_now};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread")]
async fn a_private_room_does_not_exist_for_others() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = wren.room("private", "board").await;
    for path in [
        format!("/rooms/{room}"),
        format!("/rooms/{room}/members"),
        format!("/rooms/{room}/messages"),
    ] {
        let (status, body) = ada.get(&path).await;
        assert_eq!(
            (status, body["error"]["code"].as_str()),
            (404, Some("not_found")),
            "{path}"
        );
    }
    let (status, _) = ada.post(&format!("/rooms/{room}/members"), json!({})).await;
    assert_eq!(status, 404, "the owner neither");
    let (mut raw, _) = Raw::hello(
        &server.url,
        &ada.token,
        Some(json!({ "cursors": { room.to_string(): 0 } })),
    )
    .await;
    assert_eq!(raw.hear_a("gone").await["room"], room.get());
    raw.say(&json!({ "t": "send", "id": id(), "room": room, "text": "x" }))
        .await;
    assert_eq!(raw.hear_a("nack").await["code"], "not_found");
    raw.say(&json!({ "t": "log", "req": 1, "room": room, "after": 0 }))
        .await;
    assert_eq!(raw.hear_a("error").await["code"], "not_found");
    raw.say(&json!({ "t": "typing", "room": room })).await;
    assert_eq!(raw.hear_a("error").await["code"], "not_found");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_and_leaving_reach_the_live_connection() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = ada.room("private", "board").await;
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    let (status, _) = ada
        .post(
            &format!("/rooms/{room}/members"),
            json!({ "user": wren.user }),
        )
        .await;
    assert_eq!(status, 201);
    assert_eq!(raw.hear_a("room").await["room"]["id"], room.get());
    let join = raw.hear_a("event").await;
    assert_eq!(
        (&join["kind"], &join["user"], &join["by"]),
        (&json!("join"), &json!(wren.user), &json!(ada.user))
    );
    ada.say(room, "welcome").await;
    assert_eq!(raw.hear_a("event").await["text"], "welcome");
    let (status, _) = ada
        .call(
            Method::PATCH,
            &format!("/rooms/{room}"),
            Some(json!({ "topic": "plans" })),
        )
        .await;
    assert_eq!(status, 200);
    let (mut topic, mut changed) = (false, false);
    while !(topic && changed) {
        let frame = raw.hear().await;
        topic |= frame["kind"] == "topic" && frame["text"] == "plans";
        changed |= frame["t"] == "room" && frame["room"]["topic"] == "plans";
    }
    assert_eq!(
        ada.delete(&format!("/rooms/{room}/members/{}", wren.user))
            .await,
        204
    );
    assert_eq!(raw.hear_a("gone").await["room"], room.get());
    ada.say(room, "secret").await;
    raw.say(&json!({ "t": "ping", "n": 1 })).await;
    assert_eq!(raw.hear().await["t"], "pong", "no event of it follows");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_rooms_are_made_once() {
    let server = TestServer::start().await;
    let (ada, wren, zhou) = (
        server.sign_up("ada").await,
        server.sign_up("wren").await,
        server.sign_up("周明").await,
    );
    let (status, first) = ada.post("/direct", json!({ "users": [wren.user] })).await;
    assert_eq!(
        (status, first["room"]["kind"].as_str()),
        (201, Some("direct"))
    );
    let (status, again) = wren
        .post("/direct", json!({ "users": [ada.user, wren.user] }))
        .await;
    assert_eq!((status, &again["room"]["id"]), (200, &first["room"]["id"]));
    assert_eq!(
        (&first["room"]["name"], &again["room"]["name"]),
        (&json!("wren"), &json!("ada"))
    );
    let (status, three) = ada
        .post("/direct", json!({ "users": [wren.user, zhou.user] }))
        .await;
    assert_eq!(
        (status, &three["room"]["name"]),
        (201, &json!("wren, 周明"))
    );
    for bad in [
        json!([]),
        json!([ada.user]),
        json!((2..=12).collect::<Vec<u64>>()),
    ] {
        assert_eq!(ada.post("/direct", json!({ "users": bad })).await.0, 422);
    }
    assert_eq!(ada.post("/direct", json!({ "users": [999] })).await.0, 404);
    let room = &first["room"]["id"];
    assert_eq!(zhou.get(&format!("/rooms/{room}")).await.0, 404);
    assert_eq!(
        ada.post(
            &format!("/rooms/{room}/members"),
            json!({ "user": zhou.user })
        )
        .await
        .0,
        403
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_gone_everywhere() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    let seq = ada
        .say(RoomId::new(1).unwrap(), "my password is tulip")
        .await;
    for (kind, extra) in [
        ("edit", json!({ "text": "tulip again" })),
        ("delete", json!({})),
    ] {
        let mut frame = json!({ "t": kind, "id": id(), "room": 1, "of": seq });
        frame
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        raw.say(&frame).await;
        raw.hear_a("ack").await;
    }
    for (kind, code) in [
        ("edit", "conflict"),
        ("delete", "conflict"),
        ("react", "conflict"),
    ] {
        let frame = match kind {
            "edit" => json!({ "t": kind, "id": id(), "room": 1, "of": seq, "text": "x" }),
            "react" => {
                json!({ "t": kind, "id": id(), "room": 1, "of": seq, "emoji": "👍", "on": true })
            }
            _ => json!({ "t": kind, "id": id(), "room": 1, "of": seq }),
        };
        raw.say(&frame).await;
        assert_eq!(raw.hear_a("nack").await["code"], code);
    }
    raw.say(&json!({ "t": "log", "req": 1, "room": 1, "after": 0 }))
        .await;
    let entries = raw.hear_a("entries").await.to_string();
    assert!(
        !entries.contains("tulip") && entries.contains("\"deleted\":true"),
        "{entries}"
    );
    let bytes = std::fs::read(server.folder().join("hubbub.db")).unwrap();
    assert!(
        !bytes.windows(5).any(|window| window == b"tulip"),
        "not in the database's file either"
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_told_by_code_and_field() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let long = "x".repeat(51);
    for name in [
        "",
        "  ",
        " a",
        "a\u{202e}b",
        "a\u{200b}",
        "\u{301}e",
        &long,
        "general",
        "ＧＥＮＥＲＡＬ",
    ] {
        let (status, body) = ada
            .post("/rooms", json!({ "kind": "public", "name": name }))
            .await;
        assert!(status == 422 || status == 409, "{name:?}: {status}");
        assert_eq!(body["error"]["field"], "name", "{name:?}: {body}");
    }
    for (body, status) in [
        (json!({ "kind": "public" }), 422),
        (json!({ "kind": "secret", "name": "x" }), 422),
        (json!({ "kind": "direct", "name": "x" }), 422),
        (
            json!({ "kind": "public", "name": "x", "colour": "red" }),
            422,
        ),
        (json!([]), 422),
    ] {
        assert_eq!(ada.post("/rooms", body.clone()).await.0, status, "{body}");
    }
    let text = |text: &str| json!({ "id": id(), "text": text });
    for (body, code) in [
        (text(""), "invalid"),
        (text(" \u{3000}\u{200b}"), "invalid"),
        (text("a\0b"), "invalid"),
        (text(&"字".repeat(8_001)), "too_long"),
        (json!({ "id": "nonsense", "text": "x" }), "invalid"),
    ] {
        let (status, answer) = ada.post("/rooms/1/messages", body).await;
        assert_eq!(
            (status, answer["error"]["code"].as_str()),
            (422, Some(code)),
            "{answer}"
        );
    }
    for path in [
        "/rooms/0",
        "/rooms/x",
        "/rooms/-1",
        "/rooms/9007199254740993",
        "/rooms/77",
        "/nothing",
    ] {
        assert_eq!(ada.get(path).await.0, 404, "{path}");
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_for_is_seen_through_though_nobody_waits() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let bob = server.sign_up("bob").await;
    let mut rooms = Vec::new();
    for n in 0..12 {
        let room = ada.room("private", &format!("room {n}")).await;
        let path = format!("/rooms/{room}/members");
        assert_eq!(ada.post(&path, json!({ "user": bob.user })).await.0, 201);
        rooms.push(room);
    }
    let (mut raw, _) = Raw::hello(&server.url, &bob.token, None).await;
    let address = server.url.strip_prefix("http://").unwrap();
    for &room in &rooms {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let token = &ada.token;
        let request = format!(
            "DELETE /api/v1/rooms/{room} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        // Some go before it has begun, some while it is under way.
        for _ in 0..20 * (room.get() % 6) {
            yield_now().await;
        }
    }
    // Whichever room is gone for who asks is told to be gone, as if its owner had waited.
    let mut told = HashSet::new();
    let mut looks = 0;
    while looks < 20 || told.is_empty() {
        let left = ada.get("/rooms").await.1["rooms"].clone();
        let left = left.as_array().unwrap().iter().map(|room| &room["id"]);
        let left: HashSet<u64> = left.map(|id| id.as_u64().unwrap()).collect();
        while rooms
            .iter()
            .any(|room| !left.contains(&room.get()) && !told.contains(&room.get()))
        {
            let gone = raw.hear_a("gone").await["room"].as_u64().unwrap();
            assert!(rooms.iter().any(|room| room.get() == gone) && told.insert(gone));
        }
        looks += 1;
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_command_of_an_id_counts_whatever_a_later_one_breaks() {
    let server = TestServer::with_flags(&["--send-per-s=1", "--send-burst=2"]).await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    let (first, other) = (id(), id());
    raw.say(&json!({ "t": "send", "id": first, "room": 1, "text": "hello" }))
        .await;
    let ack = raw.hear_a("ack").await;
    // Half an emoji, as a browser writes one that it cut.
    let half = format!(r#"{{"t":"send","id":"{other}","room":1,"text":"\ud83d"}}"#);
    raw.0.send(Message::text(half)).await.unwrap();
    let nack = raw.hear_a("nack").await;
    assert_eq!(
        (&nack["id"], &nack["code"]),
        (&json!(other), &json!("invalid"))
    );
    raw.say(&json!({ "t": "send", "id": first, "room": 1, "text": " " }))
        .await;
    assert_eq!(raw.hear_a("ack").await, ack);
    raw.say(&json!({ "t": "send", "id": other, "room": 1, "text": " " }))
        .await;
    assert_eq!(raw.hear_a("nack").await["code"], "invalid");
    // No more may be sent for a while: a repeat is acked, and what only bears its id is not.
    for _ in 0..3 {
        raw.say(&json!({ "t": "send", "id": id(), "room": 1, "text": "more" }))
            .await;
    }
    while raw.hear_a("nack").await["code"] != "rate_limited" {}
    raw.say(&json!({ "t": "send", "id": first, "room": 1, "text": "hello" }))
        .await;
    assert_eq!(raw.hear_a("ack").await["seq"], ack["seq"]);
    raw.say(&json!({ "t": "delete", "id": first, "room": 1, "of": ack["seq"] }))
        .await;
    // More than one of those above may have been refused.
    let mut nack = raw.hear_a("nack").await;
    while nack["id"] != json!(first) {
        nack = raw.hear_a("nack").await;
    }
    assert_eq!(nack["code"], "conflict");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_tells_who_came_and_went_among_its_messages() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = ada.room("public", "yard").await;
    ada.say(room, "first").await;
    let (status, _) = wren
        .post(&format!("/rooms/{room}/members"), json!({}))
        .await;
    assert_eq!(status, 201);
    ada.say(room, "second").await;
    let topic = json!({ "topic": "mast" });
    let path = format!("/rooms/{room}");
    let (status, _) = ada.call(Method::PATCH, &path, Some(topic)).await;
    assert_eq!(status, 200);
    ada.say(room, "third").await;
    let kinds = |page: &serde_json::Value| -> Vec<String> {
        let notes = page["notes"].as_array().cloned().unwrap_or_default();
        notes
            .iter()
            .map(|note| format!("{} {}", note["seq"], note["kind"].as_str().unwrap()))
            .collect()
    };
    let messages = format!("/rooms/{room}/messages");
    let (_, all) = ada.get(&messages).await;
    let seqs: Vec<u64> = all["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|message| message["seq"].as_u64())
        .collect();
    let (join, topic) = (seqs[1] - 1, seqs[2] - 1);
    let told = kinds(&all);
    assert!(
        told.ends_with(&[format!("{join} join"), format!("{topic} topic")]),
        "{told:?}"
    );
    // Each page has those among its own messages, and none is in two pages.
    let (_, newest) = ada.get(&format!("{messages}?limit=1")).await;
    assert_eq!(kinds(&newest), Vec::<String>::new());
    let (_, older) = ada
        .get(&format!("{messages}?limit=1&before={}", seqs[2]))
        .await;
    assert_eq!(kinds(&older), [format!("{topic} topic")]);
    let (_, newer) = ada
        .get(&format!("{messages}?limit=1&after={}", seqs[0]))
        .await;
    assert_eq!(kinds(&newer), [format!("{join} join")]);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_messages_and_mentions_are_asked_for_by_their_ids() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let room = ada.room("private", "board").await;
    let mut seqs = Vec::new();
    for text in ["one", "@ada two", "@here three", "four"] {
        seqs.push(ada.say(room, text).await);
    }
    let (_, users) = ada
        .get(&format!("/users?ids={},{},999", ada.user, wren.user))
        .await;
    let names: Vec<&str> = users["users"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|user| user["name"].as_str())
        .collect();
    assert_eq!(names.len(), 2, "{users}");
    assert!(names.contains(&"ada") && names.contains(&"wren"));
    let path = format!("/rooms/{room}/messages?seqs={},{},999", seqs[3], seqs[0]);
    let (_, some) = ada.get(&path).await;
    let texts: Vec<&str> = some["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|message| message["text"].as_str())
        .collect();
    assert_eq!(texts, ["one", "four"]);
    // One's own do not call oneself; a stranger is told of none of it.
    let (_, mine) = ada.get(&format!("/rooms/{room}/mentions")).await;
    assert_eq!(mine, json!({ "mentions": [] }));
    for path in [path, format!("/rooms/{room}/mentions?after=0&limit=5")] {
        assert_eq!(wren.get(&path).await.0, 404, "{path}");
    }
    let body = json!({ "user": wren.user });
    ada.post(&format!("/rooms/{room}/members"), body).await;
    let called = ada.say(room, "@wren and @here").await;
    let (_, named) = wren
        .get(&format!("/rooms/{room}/mentions?after={}", seqs[2]))
        .await;
    assert_eq!(named, json!({ "mentions": [called] }));
    let many: Vec<String> = (1..=101).map(|id| id.to_string()).collect();
    for query in [
        format!("/users?ids={}", many.join(",")),
        "/users?ids=".to_owned(),
        "/users?ids=1,x".to_owned(),
        format!("/rooms/{room}/messages?seqs=1,,2"),
        format!("/rooms/{room}/mentions?limit=0"),
    ] {
        let (status, body) = ada.get(&query).await;
        assert_eq!(
            (status, &body["error"]["code"]),
            (422, &json!("invalid")),
            "{query}"
        );
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_counted_found_by_name_and_told_while_they_are_here() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let tomas = server.sign_up("tomas").await;
    let room = ada.room("private", "den").await;
    let path = format!("/rooms/{room}/members");
    assert_eq!(ada.post(&path, json!({ "user": wren.user })).await.0, 201);
    let names = |answer: &serde_json::Value| -> Vec<String> {
        let users = answer["users"].as_array().unwrap().iter();
        users
            .map(|user| user["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let asked = async |query: &str| {
        let (status, answer) = ada.get(&format!("{path}{query}")).await;
        assert_eq!(status, 200, "{query}");
        // However few are asked for, the number is that of all.
        assert_eq!(answer["total"], 2, "{query}");
        names(&answer)
    };
    assert_eq!(asked("").await, ["ada", "wren"]);
    // Only members are found, by any part of their name.
    assert_eq!(asked("?q=RE").await, ["wren"]);
    assert_eq!(asked("?q=tomas").await, [""; 0]);
    assert_eq!(
        asked(&format!("?cursor={}", ada.user.get())).await,
        ["wren"]
    );
    assert_eq!(asked("?here=true").await, [""; 0]);
    let (raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    assert_eq!(asked("?here=true").await, ["wren"]);
    drop(raw);
    // Whoever may not look at the room is told nothing of it, not even how many there are.
    for query in ["", "?q=ada", "?here=true"] {
        assert_eq!(tomas.get(&format!("{path}{query}")).await.0, 404, "{query}");
    }
    assert_eq!(ada.get(&format!("{path}?here=maybe")).await.0, 400);
    server.close().await;
}
