//! What one member can do: nothing that others notice.

use std::collections::{BTreeMap, BTreeSet};

use client::Input;
use protocol::limits::{SERVER_FRAME_BYTES, WELCOME_ROOMS};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use testing::{PASSWORD, PATIENCE, Raw, TestApi, TestClient, TestServer, UNLIMITED, scale, until};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};

use super::general;

/// Texts that are as long as may be, on the wire and drawn.
async fn fill(api: &TestApi, count: usize) {
    for n in 0..count {
        let text = match n % 3 {
            0 => "🦀".repeat(7_990),
            1 => format!("x{}", "\u{1}".repeat(7_989)),
            _ => "<&\"\\".repeat(1_900),
        };
        api.say(general(), &format!("{n} {text}")).await;
    }
}

/// A page of messages over HTTP, and how long it is.
async fn page(server: &TestServer, api: &TestApi, which: &str) -> (Value, usize) {
    let url = format!("{}/api/v1/rooms/1/messages?limit=100{which}", server.url);
    let answer = Client::new().get(url).bearer_auth(&api.token).send().await;
    let bytes = answer.unwrap().bytes().await.unwrap();
    (serde_json::from_slice(&bytes).unwrap(), bytes.len())
}

/// The cookies of a browser that signed in.
async fn cookies(server: &TestServer, name: &str) -> String {
    let body = json!({ "name": name, "password": PASSWORD, "device": "0123456789abcdef" });
    let url = format!("{}/api/v1/sessions", server.url);
    let answer = Client::new().post(url).json(&body).send().await.unwrap();
    let pairs = answer.headers().get_all("set-cookie").iter();
    let pairs = pairs.filter_map(|line| line.to_str().unwrap().split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

fn seqs(page: &Value) -> Vec<u64> {
    let messages = page["messages"].as_array().unwrap();
    let seqs = messages.iter().map(|one| one["seq"].as_u64().unwrap());
    seqs.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_bounded_in_bytes_and_none_of_its_messages_is_lost() {
    let server = TestServer::with_flags(&UNLIMITED).await;
    let api = server.sign_up("ada").await;
    fill(&api, 100).await;

    // Backwards and forwards, by pages that are shorter than asked for.
    let (mut older, mut which) = (BTreeSet::new(), String::new());
    loop {
        let (page, bytes) = page(&server, &api, &which).await;
        assert!(bytes <= SERVER_FRAME_BYTES, "{bytes}");
        let seqs = seqs(&page);
        assert!(seqs.iter().all(|seq| older.insert(*seq)));
        if page["more"] == false {
            break;
        }
        which = format!("&before={}", seqs[0]);
    }
    assert_eq!(older.len(), 100);
    let (mut newer, mut which) = (BTreeSet::new(), "&after=0".to_owned());
    loop {
        let (page, bytes) = page(&server, &api, &which).await;
        assert!(bytes <= SERVER_FRAME_BYTES, "{bytes}");
        let seqs = seqs(&page);
        assert!(seqs.iter().all(|seq| newer.insert(*seq)));
        if page["more"] == false {
            break;
        }
        which = format!("&after={}", seqs.last().unwrap());
    }
    assert_eq!(older, newer);
    let middle = older.iter().nth(50).unwrap();
    let (around, bytes) = page(&server, &api, &format!("&around={middle}")).await;
    assert!(bytes <= SERVER_FRAME_BYTES, "{bytes}");
    assert!(seqs(&around).contains(middle));
    assert!(around["more"] == true && around["more_after"] == true);

    // Over the live connection: pages, and the log.
    let (mut raw, _) = Raw::hello(&server.url, &api.token, None).await;
    for ask in [
        json!({ "t": "history", "req": 1, "room": 1, "limit": 100 }),
        json!({ "t": "history", "req": 2, "room": 1, "around": middle, "limit": 100 }),
        json!({ "t": "log", "req": 3, "room": 1, "after": 0 }),
    ] {
        raw.say(&ask).await;
        let answer = raw.hear().await;
        let bytes = answer.to_string().len();
        assert!(bytes <= SERVER_FRAME_BYTES, "{ask}: {bytes}");
        assert!(bytes > SERVER_FRAME_BYTES / 2, "{ask}: {bytes}");
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drawn_room_is_bounded_in_bytes() {
    let server = TestServer::with_flags(&UNLIMITED).await;
    let api = server.sign_up("ada").await;
    fill(&api, 50).await;
    let url = format!("{}/rooms/1", server.url);
    let cookies = cookies(&server, "ada").await;
    let answer = Client::new()
        .get(url)
        .header("cookie", cookies)
        .send()
        .await;
    let html = answer.unwrap().text().await.unwrap();
    assert!(html.contains("🦀"), "the newest is shown");
    assert!(html.len() < 1024 * 1024, "{}", html.len());
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_long_messages_without_a_gap() {
    let server = TestServer::with_flags(&UNLIMITED).await;
    let api = server.sign_up("ada").await;
    fill(&api, 60).await;
    let wren = server.client("wren").await;
    wren.act(Input::OpenRoom(general())).await;
    let mut before = 0;
    while before < 60 {
        until("more to be seen", || wren.sees(general()).len() > before).await;
        let seen = wren.sees(general());
        assert!(seen.iter().all(|(_, text)| !text.starts_with("gap of")));
        before = seen.len();
        wren.act(Input::LoadOlder(general())).await;
    }
    drop(wren);
    server.close().await;
}

/// Asks for the same page over and over on one connection, and reads none.
async fn asks_and_reads_none(
    server: &TestServer,
    who: &str,
    path: &str,
    times: usize,
) -> TcpStream {
    let addr = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let ask = format!("GET {path} HTTP/1.1\r\nHost: h\r\nCookie: {who}\r\n\r\n");
    stream
        .write_all(ask.repeat(times).as_bytes())
        .await
        .unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_reads_stop_their_asker_alone() {
    let flags: Vec<&str> = [UNLIMITED.as_slice(), &["--answers-mib=16"]].concat();
    let server = TestServer::with_flags(&flags).await;
    let (ada, wren) = (server.sign_up("ada").await, server.sign_up("wren").await);
    fill(&ada, 60).await;
    let who = cookies(&server, "ada").await;
    let mut unread = Vec::new();
    for path in ["/api/v1/rooms/1/messages?limit=100", "/rooms/1"] {
        for _ in 0..scale(15) {
            unread.push(asks_and_reads_none(&server, &who, path, 10).await);
        }
    }
    let begun = Instant::now();
    for _ in 0..5 {
        let (got, _) = timeout(PATIENCE, page(&server, &wren, "")).await.unwrap();
        assert!(!seqs(&got).is_empty());
    }
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    // Who reads again gets what was asked for, or is told when to ask again.
    let stream = &mut unread[0];
    let mut answer = vec![0; 12];
    timeout(PATIENCE, stream.read_exact(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 "), "{answer:?}");
    drop(unread);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_that_do_not_fit_into_memory_are_replayed_from_the_log() {
    const ROOMS: usize = 6;
    let flags: Vec<&str> = [UNLIMITED.as_slice(), &["--lanes-mib=1"]].concat();
    let server = TestServer::with_flags(&flags).await;
    let api = server.sign_up("ada").await;
    let mut rooms = Vec::new();
    for n in 0..ROOMS {
        rooms.push(api.room("private", &format!("room {n}")).await);
    }
    // Somebody listens, so that the rooms have lanes.
    let ada = TestClient::connect(&server.url, &api.token, api.user).await;
    let text = "x".repeat(7_000);
    for n in 0..scale(60) {
        for room in &rooms {
            api.say(*room, &format!("{n} {text}")).await;
        }
    }
    let cursors: serde_json::Map<String, Value> = rooms
        .iter()
        .map(|room| (room.to_string(), json!(0)))
        .collect();
    let resume = json!({ "cursors": cursors });
    let (mut raw, welcome) = Raw::hello(&server.url, &api.token, Some(resume)).await;
    let ends = welcome["rooms"].as_array().unwrap().iter();
    let mut missing: u64 = ends.map(|room| room["last_seq"].as_u64().unwrap()).sum();
    // The room that everybody is in, whose cursor was not told.
    missing -= welcome["rooms"][0]["last_seq"].as_u64().unwrap();
    let mut seen = BTreeMap::<u64, u64>::new();
    while missing > 0 {
        let event = raw.hear_a("event").await;
        let (room, seq) = (
            event["room"].as_u64().unwrap(),
            event["seq"].as_u64().unwrap(),
        );
        let before = seen.insert(room, seq).unwrap_or_default();
        assert_eq!(seq, before + 1, "room {room}");
        missing -= 1;
    }
    drop(ada);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_one_kind_stop_their_maker_alone_and_close_nobody() {
    let flags: Vec<&str> = [
        UNLIMITED.as_slice(),
        &["--changes-per-min=30", "--rooms-per-day=10"],
    ]
    .concat();
    let server = TestServer::with_flags(&flags).await;
    let (ada, wren) = (server.sign_up("ada").await, server.sign_up("wren").await);
    let room = ada.room("public", "a room").await;
    let path = format!("/rooms/{room}/members");
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;

    // In and out, topics: so many, and then a time to wait.
    let mut refused = 0;
    for n in 0..scale(100) {
        let mine = format!("{path}/{}", wren.user);
        let joined = wren.post(&path, json!({})).await.0;
        let left = wren.delete(&mine).await;
        let topic = json!({ "topic": format!("topic {n}") });
        let patched = ada
            .call(Method::PATCH, &format!("/rooms/{room}"), Some(topic))
            .await
            .0;
        for status in [joined, left, patched] {
            assert!(matches!(status, 200 | 201 | 204 | 429), "{status}");
            refused += usize::from(status == 429);
        }
    }
    assert!(refused >= 100, "{refused}");
    // One kind does not stand in the way of another, nor of somebody else.
    // (The last that was not refused may have been a joining: then there is nothing to do.)
    let brought_in = ada.post(&path, json!({ "user": wren.user })).await.0;
    assert!(matches!(brought_in, 200 | 201), "{brought_in}");
    let name = json!({ "display_name": "Wren" });
    assert_eq!(
        wren.call(Method::PATCH, "/users/me", Some(name)).await.0,
        200
    );
    raw.say(&json!({ "t": "ping", "n": 7 })).await;
    assert_eq!(raw.hear_a("pong").await["n"], 7);

    // Rooms made in a day, and those that another is brought into.
    let mut brought = 0;
    for n in 0..20 {
        let new = json!({ "kind": "private", "name": format!("trap {n}") });
        let (status, body) = ada.post("/rooms", new).await;
        assert!(status == 201 || (status == 429 && n >= 9), "{n}: {status}");
        if status == 201 {
            let path = format!("/rooms/{}/members", body["room"]["id"]);
            let user = json!({ "user": wren.user });
            brought += usize::from(ada.post(&path, user).await.0 == 201);
        }
    }
    assert!(brought <= 2, "{brought}");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_fill_half_of_the_places_in_rooms() {
    let flags: Vec<&str> = [UNLIMITED.as_slice(), &["--rooms-per-person=6"]].concat();
    let server = TestServer::with_flags(&flags).await;
    let (ada, wren) = (server.sign_up("ada").await, server.sign_up("wren").await);
    let user = json!({ "user": wren.user });
    let mut brought = Vec::new();
    for n in 0..5 {
        let room = ada.room("private", &format!("trap {n}")).await;
        let path = format!("/rooms/{room}/members");
        brought.push(ada.post(&path, user.clone()).await.0);
    }
    // With the room that everybody is in they are three.
    assert_eq!(brought, [201, 201, 403, 403, 403]);
    for n in 0..3 {
        wren.room("public", &format!("mine {n}")).await;
    }
    let new = json!({ "kind": "public", "name": "one too many" });
    assert_eq!(wren.post("/rooms", new).await.0, 403);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_very_many_rooms_learns_of_all_of_them() {
    const ROOMS: usize = WELCOME_ROOMS + 20;
    let server = TestServer::with_flags(&UNLIMITED).await;
    let api = server.sign_up("ada").await;
    let mut last = general();
    // With the one that everybody is in.
    for n in 1..ROOMS {
        last = api.room("private", &format!("room {n}")).await;
    }
    let (mut raw, welcome) = Raw::hello(&server.url, &api.token, None).await;
    let rooms = welcome["rooms"].as_array().unwrap().iter();
    let mut told: BTreeSet<u64> = rooms.map(|room| room["id"].as_u64().unwrap()).collect();
    assert_eq!(
        (told.len(), &welcome["more_rooms"]),
        (WELCOME_ROOMS, &json!(20))
    );
    assert!(welcome.to_string().len() < SERVER_FRAME_BYTES);
    for _ in 0..20 {
        let frame = raw.hear().await;
        assert_eq!(frame["t"], "room");
        told.insert(frame["room"]["id"].as_u64().unwrap());
    }
    assert_eq!(told.len(), ROOMS);

    // The real client, before and after it lost its connection.
    let ada = TestClient::connect(&server.url, &api.token, api.user).await;
    let known = || ada.with(|session| session.rooms().count());
    until("all rooms to be known", || known() == ROOMS).await;
    ada.act(Input::OpenRoom(last)).await;
    ada.say(last, "first").await;
    ada.sees_just(last, &["first"]).await;
    let server = server.restart().await;
    ada.say(last, "second").await;
    ada.sees_just(last, &["first", "second"]).await;
    assert_eq!(known(), ROOMS);
    drop((raw, ada));
    server.close().await;
}
