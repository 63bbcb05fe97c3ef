//! Threads, as people's devices see them.

use protocol::RoomId;
use reqwest::Method;
use serde_json::{Value, json};
use testing::{PASSWORD, Raw, TestApi, TestServer, id};

use crate::unread::{hears, silence};

fn general() -> RoomId {
    RoomId::new(1).unwrap()
}

/// A reply over HTTP; its place.
async fn reply(by: &TestApi, root: u64, text: &str, also: bool) -> u64 {
    let (status, ack) = post(by, json!({ "thread": root, "text": text, "also": also })).await;
    assert_eq!(status, 201, "{ack}");
    ack["seq"].as_u64().unwrap()
}

async fn post(by: &TestApi, mut body: Value) -> (u16, Value) {
    body["id"] = json!(id());
    by.post("/rooms/1/messages", body).await
}

/// An entry, and what is told of its thread, if that is to come.
async fn heard(raw: &mut Raw, told: bool) -> (Value, Option<Value>) {
    let (mut event, mut thread) = (None, None);
    while event.is_none() || (told && thread.is_none()) {
        let frame = raw.hear().await;
        match frame["t"].as_str().unwrap() {
            "event" => event = Some(frame),
            "thread" => thread = Some(frame),
            _ => {}
        }
    }
    (event.unwrap(), thread)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_an_entry_for_all_and_news_for_who_follows() {
    let server = TestServer::start().await;
    let (ada, wren) = (server.sign_up("ada").await, server.sign_up("wren").await);
    let zhou = server.sign_up("zhou").await;
    let root = ada.say(general(), "who walks").await;
    let (mut adas, _) = Raw::hello(&server.url, &ada.token, None).await;
    let (mut zhous, _) = Raw::hello(&server.url, &zhou.token, None).await;
    let (mut wrens, welcome) = Raw::hello(&server.url, &wren.token, None).await;
    let (mut other, _) = Raw::hello(&server.url, &wren.token, None).await;
    let features = welcome["features"].as_array().unwrap();
    assert!(features.contains(&json!("threads")) && welcome.get("threads").is_none());

    let id = id();
    let send = json!({ "t": "send", "id": id, "room": 1, "text": "I do", "thread": root });
    wrens.say(&send).await;
    let ack = hears(&mut wrens, "ack").await;
    let seq = ack["seq"].as_u64().unwrap();
    // The entry comes through the room, the news to the person: in any order.
    let news = json!({ "t": "thread", "room": 1, "root": root, "seq": seq, "following": true });
    let own = json!({ "t": "thread", "room": 1, "root": root, "following": true, "read_seq": seq });
    for (raw, told) in [
        (&mut adas, Some(news)),
        (&mut other, Some(own)),
        (&mut zhous, None),
    ] {
        let (event, thread) = heard(raw, told.is_some()).await;
        let place = (&event["thread"], &event["n"], event.get("also"));
        assert_eq!(place, (&json!(root), &json!(1), None));
        assert_eq!(thread, told);
    }
    silence(&mut zhous).await;
    // Again: the same ack, and nothing for anybody.
    wrens.say(&send).await;
    assert_eq!(hears(&mut wrens, "ack").await, ack);
    silence(&mut adas).await;

    let second = reply(&ada, root, "@zhou and you", true).await;
    let (event, thread) = heard(&mut zhous, true).await;
    assert_eq!(
        (&event["seq"], &thread.unwrap()["seq"]),
        (&json!(second), &json!(second))
    );
    let (_, page) = zhou.get("/rooms/1/messages").await;
    let shown: Vec<&Value> = page["messages"].as_array().unwrap().iter().collect();
    assert_eq!((shown.len(), &shown[1]["also"]), (2, &json!(true)));
    assert_eq!(shown[0]["replies"]["by"], json!([ada.user, wren.user]));
    assert_eq!(
        (&shown[0]["replies"]["n"], &shown[1]["n"]),
        (&json!(2), &json!(2))
    );
    let path = format!("/rooms/1/messages?thread={root}&counts=true");
    let (_, page) = zhou.get(&path).await;
    assert_eq!(page["messages"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&page["root"]["text"], page.get("counts")),
        (&json!("who walks"), None)
    );
    let thread = json!({
        "room": 1, "root": root, "n": 2, "last_seq": second, "read_seq": second - 1,
        "unread": 1, "mentions": 1, "following": true
    });
    assert_eq!(page["thread"], thread);
    let (_, welcome) = Raw::hello(&server.url, &zhou.token, None).await;
    assert_eq!(welcome["threads"], json!([thread]));
    assert_eq!(welcome["rooms"][0]["unread"], 2);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn following_and_reading_reach_ones_other_devices_and_nobody_else() {
    let server = TestServer::start().await;
    let (ada, wren) = (server.sign_up("ada").await, server.sign_up("wren").await);
    let root = ada.say(general(), "who walks").await;
    let first = reply(&wren, root, "I do", false).await;
    let last = reply(&wren, root, "and you", false).await;
    let (mut here, _) = Raw::hello(&server.url, &ada.token, None).await;
    let (mut there, welcome) = Raw::hello(&server.url, &ada.token, None).await;
    let (mut others, _) = Raw::hello(&server.url, &wren.token, None).await;
    assert_eq!(welcome["threads"][0]["unread"], 2);
    let change = |rest: Value| {
        let mut frame = json!({ "t": "thread", "room": 1, "root": root });
        let rest = rest.as_object().unwrap().clone();
        frame.as_object_mut().unwrap().extend(rest);
        frame
    };
    let place = |t: &str, seq: u64| json!({ "t": t, "room": 1, "thread": root, "seq": seq });
    for (said, told) in [
        (
            place("read", last),
            json!({ "following": true, "read_seq": last }),
        ),
        (
            place("unread", last),
            json!({ "following": true, "read_seq": last - 1, "gen": 1 }),
        ),
        (
            json!({ "t": "follow", "room": 1, "thread": root, "on": false }),
            json!({ "following": false, "read_seq": last - 1, "gen": 1 }),
        ),
        (
            json!({ "t": "follow", "room": 1, "thread": root, "on": true }),
            json!({ "following": true, "read_seq": last, "gen": 1 }),
        ),
    ] {
        here.say(&said).await;
        assert_eq!(
            hears(&mut there, "thread").await,
            change(told.clone()),
            "{said}"
        );
        if said["t"] == "follow" {
            // A reply that was stored before it may have made them follow, and is told in the same order.
            assert_eq!(hears(&mut here, "thread").await, change(told), "{said}");
        }
        silence(&mut here).await;
    }
    silence(&mut others).await;
    // Told late, of the generation before; and one of the future, which is refused.
    let late = json!({ "t": "read", "room": 1, "thread": root, "seq": last, "gen": 0 });
    there.say(&late).await;
    silence(&mut there).await;
    let wrong = json!({ "t": "read", "room": 1, "thread": root, "seq": last, "gen": 2 });
    there.say(&wrong).await;
    assert_eq!(hears(&mut there, "error").await["code"], "invalid");
    // Of what is no first message nothing is read, and who is not there is not followed.
    for thread in [0, first, last + 1] {
        for t in ["read", "unread"] {
            let wrong = json!({ "t": t, "room": 1, "thread": thread, "seq": last });
            there.say(&wrong).await;
            assert_eq!(hears(&mut there, "error").await["code"], "invalid");
        }
    }
    // Typing tells where.
    others
        .say(&json!({ "t": "typing", "room": 1, "thread": root }))
        .await;
    let typing = json!({ "t": "typing", "room": 1, "thread": root, "user": wren.user });
    assert_eq!(hears(&mut here, "typing").await, typing);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_thread_is_told_so_and_a_strangers_room_does_not_exist() {
    let server = TestServer::start().await;
    let (ada, wren) = (server.sign_up("ada").await, server.sign_up("wren").await);
    let root = ada.say(general(), "first").await;
    let seq = reply(&wren, root, "reply", false).await;
    for thread in [json!(0), json!(seq), json!(seq + 1), json!(u64::MAX)] {
        let (status, body) = post(&wren, json!({ "thread": thread, "text": "x" })).await;
        let error = (&body["error"]["code"], &body["error"]["field"]);
        assert_eq!(
            (status, error),
            (422, (&json!("invalid"), &json!("thread")))
        );
    }
    for thread in [json!(-1), json!("4"), json!(4.5)] {
        let body = json!({ "thread": thread, "text": "x" });
        assert_eq!(post(&wren, body).await.0, 422, "{thread}");
    }
    assert_eq!(
        post(&wren, json!({ "also": true, "text": "x" })).await.0,
        422
    );
    for (path, status) in [(seq, 422), (seq + 1, 404), (0, 404)] {
        let path = format!("/rooms/1/messages?thread={path}");
        assert_eq!(wren.get(&path).await.0, status, "{path}");
    }
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    for (thread, code) in [(seq, "invalid"), (seq + 1, "not_found")] {
        raw.say(&json!({ "t": "history", "req": 4, "room": 1, "thread": thread }))
            .await;
        let error = hears(&mut raw, "error").await;
        assert_eq!((&error["req"], &error["code"]), (&json!(4), &json!(code)));
    }
    // A private room that one is not in.
    let attic = ada.room("private", "attic").await;
    let hidden = ada.say(attic, "up here").await;
    let path = format!("/rooms/{attic}/messages?thread={hidden}");
    let (status, there) = wren.get(&path).await;
    let (_, nowhere) = wren.get("/rooms/99/messages?thread=1").await;
    assert_eq!((status, there), (404, nowhere));
    raw.say(&json!({ "t": "follow", "room": attic, "thread": hidden, "on": true }))
        .await;
    assert_eq!(hears(&mut raw, "error").await["code"], "not_found");
    // On a deleted message nothing more is said, and its thread is read as before.
    let gone = json!({ "t": "delete", "id": id(), "room": 1, "of": root });
    let (mut adas, _) = Raw::hello(&server.url, &ada.token, None).await;
    adas.say(&gone).await;
    hears(&mut adas, "ack").await;
    let (status, body) = post(&wren, json!({ "thread": root, "text": "x" })).await;
    assert_eq!((status, &body["error"]["code"]), (409, &json!("conflict")));
    let (_, page) = wren.get(&format!("/rooms/1/messages?thread={root}")).await;
    assert_eq!(
        (&page["root"]["deleted"], page["root"].get("text")),
        (&json!(true), None)
    );
    assert_eq!(
        (&page["root"]["replies"]["n"], &page["messages"][0]["text"]),
        (&json!(1), &json!("reply"))
    );
    server.close().await;
}

/// The threads of somebody, and on how many pages they are.
async fn all(by: &TestApi, query: &str) -> (Vec<Value>, usize) {
    let (mut rows, mut pages, mut next) = (Vec::new(), 0, None::<String>);
    loop {
        let cursor = next.map_or_else(String::new, |next| format!("&cursor={next}"));
        let (status, list) = by.get(&format!("/threads?{query}{cursor}")).await;
        assert_eq!(status, 200, "{list}");
        rows.extend(list["threads"].as_array().unwrap().clone());
        pages += 1;
        next = list["next"].as_str().map(str::to_owned);
        if next.is_none() {
            return (rows, pages);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_threads_are_listed_in_pages_and_none_of_a_room_that_one_left() {
    let server = TestServer::unlimited(None, server::Clock::system(), &[]).await;
    let (ada, wren) = (server.sign_up("ada").await, server.sign_up("wren").await);
    let mut roots = Vec::new();
    for n in 0..60 {
        let root = ada.say(general(), &format!("{n}")).await;
        reply(&wren, root, "so it is", false).await;
        roots.push(root);
    }
    let attic = ada.room("private", "attic").await;
    let path = format!("/rooms/{attic}/members");
    assert_eq!(ada.post(&path, json!({ "user": wren.user })).await.0, 201);
    let mut attics = Raw::hello(&server.url, &wren.token, None).await.0;
    let hidden = ada.say(attic, "up here").await;
    let body = json!({ "id": id(), "text": "where", "thread": hidden });
    let path = format!("/rooms/{attic}/messages");
    assert_eq!(wren.post(&path, body).await.0, 201);
    let (rows, pages) = all(&ada, "unread=1").await;
    assert_eq!((rows.len(), pages), (61, 2));
    assert_eq!(
        (&rows[0]["message"]["text"], &rows[0]["thread"]["unread"]),
        (&json!("up here"), &json!(1))
    );
    // What is read comes behind what is not.
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    let last = roots[59];
    raw.say(&json!({ "t": "read", "room": 1, "thread": last, "seq": last + 1 }))
        .await;
    silence(&mut raw).await;
    assert_eq!(all(&ada, "unread=1").await.0.len(), 60);
    let (rows, _) = all(&ada, "").await;
    assert_eq!(
        (rows.len(), &rows[60]["thread"]["root"]),
        (61, &json!(last))
    );
    let (rows, _) = all(&wren, "unread=0").await;
    assert_eq!(rows.len(), 61);
    for wrong in ["unread=2", "cursor=nonsense", "cursor=unread-1-2"] {
        assert_eq!(
            ada.get(&format!("/threads?{wrong}")).await.0,
            422,
            "{wrong}"
        );
    }
    // What they are told follows the room.
    let path = format!("/rooms/{attic}/members/{}", wren.user);
    assert_eq!(ada.call(Method::DELETE, &path, None).await.0, 204);
    attics.hear_a("gone").await;
    assert_eq!(all(&wren, "").await.0.len(), 60);
    let body = json!({ "id": id(), "text": "@wren", "thread": hidden });
    let path = format!("/rooms/{attic}/messages");
    assert_eq!(ada.post(&path, body).await.0, 201);
    silence(&mut attics).await;
    // What is for one.
    let (_, list) = ada.get("/for-you").await;
    let first = &list["for_you"].as_array().unwrap()[0];
    assert_eq!(
        (&first["room"], &first["message"]["text"]),
        (&json!(attic), &json!("where"))
    );
    server.close().await;
}

/// More than are looked for at once.
#[tokio::test(flavor = "multi_thread")]
async fn all_is_read_in_threads_too() {
    let server = TestServer::unlimited(None, server::Clock::system(), &[]).await;
    let (ada, wren) = (server.sign_up("ada").await, server.sign_up("wren").await);
    let mut ends = Vec::new();
    for n in 0..105 {
        let root = ada.say(general(), &format!("{n}")).await;
        ends.push((root, reply(&wren, root, "so it is, @ada", false).await));
    }
    // Who does not follow a thread has nothing to read in it.
    let unfollowed = ends.remove(7).0;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    let off = json!({ "t": "follow", "room": 1, "thread": unfollowed, "on": false });
    raw.say(&off).await;
    assert_eq!(hears(&mut raw, "thread").await["following"], false);
    let (mut other, welcome) = Raw::hello(&server.url, &ada.token, None).await;
    assert_eq!(welcome["threads"].as_array().unwrap().len(), 100);
    let (status, _) = ada.post("/read", json!({ "rooms": "all" })).await;
    assert_eq!(status, 204);
    for raw in [&mut raw, &mut other] {
        let mut told = Vec::new();
        for _ in 0..ends.len() {
            let frame = hears(raw, "thread").await;
            let read = frame["read_seq"].as_u64().unwrap();
            told.push((frame["root"].as_u64().unwrap(), read));
        }
        told.sort_unstable();
        assert_eq!(told, ends);
        silence(raw).await;
    }
    assert_eq!(all(&ada, "unread=1").await.0.len(), 0);
    let (_, welcome) = Raw::hello(&server.url, &ada.token, None).await;
    assert!(welcome.get("threads").is_none(), "{welcome}");
    server.close().await;
}

/// A link to a reply that stands in its thread alone opens the thread, in any browser.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_reply_opens_where_it_stands() {
    let server = TestServer::start().await;
    let (ada, wren) = (server.sign_up("ada").await, server.sign_up("wren").await);
    let root = ada.say(general(), "who walks").await;
    let alone = reply(&wren, root, "I do", false).await;
    let also = reply(&wren, root, "and I said so", true).await;
    let attic = ada.room("private", "attic").await;
    let hidden = ada.say(attic, "up here").await;
    let body = json!({ "id": id(), "text": "alone", "thread": hidden });
    let path = format!("/rooms/{attic}/messages");
    let (_, ack) = ada.post(&path, body).await;
    let client = reqwest::Client::builder()
        .cookie_store(true)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let fields = [("name", "wren"), ("password", PASSWORD)];
    let sign_in = client.post(format!("{}/sign-in", server.url)).form(&fields);
    assert_eq!(sign_in.send().await.unwrap().status(), 303);
    let there = format!("/rooms/1/thread/{root}?at={alone}");
    for (path, expected) in [
        (format!("/rooms/1?at={alone}"), (303, Some(there))),
        (format!("/rooms/1?at={also}"), (200, None)),
        (format!("/rooms/1?at={root}"), (200, None)),
        ("/rooms/1?at=999".to_owned(), (200, None)),
        // A stranger's room does not exist.
        (format!("/rooms/{attic}?at={}", ack["seq"]), (404, None)),
    ] {
        let page = client.get(format!("{}{path}", server.url));
        let page = page.send().await.unwrap();
        let to = page.headers().get(reqwest::header::LOCATION);
        let to = to.map(|to| to.to_str().unwrap().to_owned());
        assert_eq!((page.status().as_u16(), to), expected, "{path}");
    }
    server.close().await;
}
