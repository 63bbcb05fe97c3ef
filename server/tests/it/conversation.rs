//! People talk.

use client::{Input, SendState, TimelineItem};
use protocol::{Act, ErrorCode, PresenceState, RoomId};
use reqwest::Method;
use serde_json::json;
use testing::{Raw, TestServer, id, until};

fn general() -> RoomId {
    RoomId::new(1).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_talk_both_ways() {
    let server = TestServer::start().await;
    let ada = server.client("ada").await;
    let wren = server.client("wren").await;
    ada.say(general(), "hello @wren").await;
    wren.sees_just(general(), &["hello @wren"]).await;
    wren.say(general(), "hello yourself").await;
    for client in [&ada, &wren] {
        client
            .sees_just(general(), &["hello @wren", "hello yourself"])
            .await;
    }
    let counts = |client: &testing::TestClient| {
        client.with(|session| {
            session
                .rooms()
                .map(|room| (room.unread, room.mentions))
                .next()
                .unwrap()
        })
    };
    until("a mention", || counts(&wren) == (1, 1)).await;
    until("an unread", || counts(&ada) == (1, 0)).await;
    wren.act(Input::Read {
        room: general(),
        seq: 3,
    })
    .await;
    until("everything read", || counts(&wren) == (0, 0)).await;
    until("all to be acked", || {
        (ada.unacked(), wren.unacked()) == (0, 0)
    })
    .await;
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_change() {
    let server = TestServer::start().await;
    let ada = server.client("ada").await;
    let wren = server.client("wren").await;
    ada.say(general(), "helo").await;
    wren.sees_just(general(), &["helo"]).await;
    ada.act(Input::Act {
        room: general(),
        act: Act::Edit {
            of: 3,
            text: "hello".into(),
        },
    })
    .await;
    wren.sees_just(general(), &["hello"]).await;
    wren.act(Input::Act {
        room: general(),
        act: Act::React {
            of: 3,
            emoji: "👍".into(),
            on: true,
        },
    })
    .await;
    let reactions = || {
        ada.with(
            |session| match session.room(general())?.timeline().items.last()? {
                TimelineItem::Message(message) => Some(message.reactions.clone()),
                _ => None,
            },
        )
    };
    until("a reaction", || {
        reactions().is_some_and(|all| all.len() == 1 && all[0].count == 1 && !all[0].mine)
    })
    .await;
    // Somebody else's message cannot be changed: the change is taken back.
    wren.act(Input::Act {
        room: general(),
        act: Act::Edit {
            of: 3,
            text: "goodbye".into(),
        },
    })
    .await;
    ada.act(Input::Act {
        room: general(),
        act: Act::Delete { of: 3 },
    })
    .await;
    wren.sees_just(general(), &[""]).await;
    until("the edit to be settled", || {
        wren.with(|s| s.outbox().count() == 0 || s.outbox().all(|e| e.failed.is_some()))
    })
    .await;
    ada.sees_just(general(), &[""]).await;
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_message_is_shown_as_failed() {
    let server = TestServer::start().await;
    let wren = server.client("wren").await;
    // The client holds no such message and cannot know: the server has to say so.
    wren.act(Input::Act {
        room: general(),
        act: Act::Send {
            text: "as I said".to_owned(),
            reply_to: Some(999),
            thread: None,
        },
    })
    .await;
    let failed = || {
        wren.with(|session| {
            session.room(general()).is_some_and(|view| {
                view.timeline().items.iter().any(|item| {
                    matches!(item, TimelineItem::Message(message) if matches!(
                        message.state,
                        SendState::Failed { code: ErrorCode::NotFound, .. }
                    ))
                })
            })
        })
    };
    until("it to be refused", failed).await;
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_and_typing_reach_those_who_share_a_room() {
    let server = TestServer::with_flags(&["--offline-grace-s=1"]).await;
    let ada = server.client("ada").await;
    let wren = server.sign_up("wren").await;
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    let state = || ada.with(|session| session.presence(wren.user));
    until("wren to be online", || {
        state() == Some(PresenceState::Online)
    })
    .await;
    raw.say(&json!({ "t": "presence", "state": "away" })).await;
    until("wren to be away", || state() == Some(PresenceState::Away)).await;
    raw.say(&json!({ "t": "typing", "room": 1 })).await;
    until("wren to write", || {
        ada.with(|s| {
            s.room(general())
                .is_some_and(|room| room.typing().contains(&wren.user))
        })
    })
    .await;
    drop(raw);
    until("wren to be gone", || {
        state() == Some(PresenceState::Offline)
    })
    .await;
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_id_is_one_message_over_every_way() {
    let server = TestServer::with_flags(&["--send-per-s=0"]).await;
    let ada = server.sign_up("ada").await;
    let attic = ada.room("public", "attic").await;
    let id = id();
    let (mut one, _) = Raw::hello(&server.url, &ada.token, None).await;
    let (mut other, _) = Raw::hello(&server.url, &ada.token, None).await;
    let send = json!({ "t": "send", "id": id, "room": 1, "text": "once" });
    for _ in 0..20 {
        one.say(&send).await;
        other.say(&send).await;
    }
    let (_, over_http) = ada
        .post(
            "/rooms/1/messages",
            json!({ "id": id, "text": "once more" }),
        )
        .await;
    for raw in [&mut one, &mut other] {
        for _ in 0..20 {
            let ack = raw.hear_a("ack").await;
            assert_eq!(
                (&ack["seq"], &ack["at"]),
                (&over_http["seq"], &over_http["at"])
            );
        }
    }
    let (status, _) = ada
        .post("/rooms/1/messages", json!({ "id": id, "text": "again" }))
        .await;
    assert_eq!(status, 200);
    let (status, body) = ada
        .post(
            &format!("/rooms/{attic}/messages"),
            json!({ "id": id, "text": "once" }),
        )
        .await;
    assert_eq!(
        (status, body["error"]["code"].as_str()),
        (409, Some("conflict"))
    );
    let (_, page) = ada.get("/rooms/1/messages").await;
    assert_eq!(page["messages"].as_array().unwrap().len(), 1);
    assert_eq!(
        page["messages"][0]["text"],
        over_http
            .get("text")
            .cloned()
            .unwrap_or_else(|| page["messages"][0]["text"].clone())
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pipelined_messages_keep_their_order() {
    let server = TestServer::with_flags(&["--send-per-s=0"]).await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    for n in 0..1_000 {
        raw.say(&json!({ "t": "send", "id": id(), "room": 1, "text": n.to_string() }))
            .await;
    }
    let mut texts = Vec::new();
    while texts.len() < 1_000 {
        texts.push(
            raw.hear_a("event").await["text"]
                .as_str()
                .unwrap()
                .parse::<u32>()
                .unwrap(),
        );
    }
    assert!(texts.is_sorted(), "{texts:?}");
    // A page of about a mebibyte goes out in one frame.
    for _ in 0..60 {
        raw.say(&json!({ "t": "send", "id": id(), "room": 1, "text": "字".repeat(8_000) }))
            .await;
    }
    raw.say(&json!({ "t": "log", "req": 1, "room": 1, "after": 1_001 }))
        .await;
    assert_eq!(raw.hear_a("entries").await["req"], 1);
    raw.say(&json!({ "t": "history", "req": 2, "room": 1, "limit": 100 }))
        .await;
    assert_eq!(raw.hear_a("page").await["req"], 2);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_is_limited_and_repeats_are_free() {
    let server = TestServer::with_flags(&["--send-per-s=1", "--send-burst=2"]).await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    let first = id();
    let send = |id| json!({ "t": "send", "id": id, "room": 1, "text": "x" });
    raw.say(&send(first)).await;
    let ack = raw.hear_a("ack").await;
    for _ in 0..10 {
        raw.say(&send(first)).await;
        assert_eq!(raw.hear_a("ack").await, ack);
    }
    raw.say(&send(id())).await;
    raw.hear_a("ack").await;
    raw.say(&send(id())).await;
    let nack = raw.hear_a("nack").await;
    assert_eq!(nack["code"], "rate_limited");
    assert!((1..=1_000).contains(&nack["retry_after_ms"].as_u64().unwrap()));
    let (status, _) = ada
        .call(
            Method::POST,
            "/rooms/1/messages",
            Some(json!({ "id": id(), "text": "x" })),
        )
        .await;
    assert_eq!(status, 429);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_post_names_the_field_that_is_to_blame() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let long = "x".repeat(protocol::limits::TEXT_CHARS + 1);
    for (body, status, field) in [
        (
            json!({ "id": id(), "text": "x", "reply_to": 999 }),
            404,
            "reply_to",
        ),
        (json!({ "id": id(), "text": " " }), 422, "text"),
        (json!({ "id": id(), "text": long }), 422, "text"),
    ] {
        let (got, answer) = ada.post("/rooms/1/messages", body).await;
        assert_eq!(
            (got, &answer["error"]["field"]),
            (status, &json!(field)),
            "{answer}"
        );
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_pinned_for_everybody_in_the_room() {
    let server = TestServer::start().await;
    let ada = server.client("ada").await;
    let wren = server.client("wren").await;
    ada.say(general(), "the key hangs behind the mixer").await;
    wren.sees_just(general(), &["the key hangs behind the mixer"])
        .await;
    let pin = |on| Input::Act {
        room: general(),
        act: Act::Pin { of: 3, on },
    };
    let is_pinned = |client: &testing::TestClient| {
        client.with(|session| session.room(general())?.message(3).map(|one| one.pinned))
            == Some(true)
    };
    wren.act(pin(true)).await;
    until("the pin", || is_pinned(&ada) && is_pinned(&wren)).await;

    let zhou = server.sign_up("zhou").await;
    let (status, pins) = zhou.get("/rooms/1/pins").await;
    assert_eq!((status, pins["pins"].as_array().unwrap().len()), (200, 1));
    let pinned = &pins["pins"][0];
    assert_eq!(pinned["message"]["text"], "the key hangs behind the mixer");
    assert_eq!(pinned["message"]["pinned"], true);
    assert_ne!(pinned["by"], pinned["message"]["by"]);
    // Whoever comes later, and a page, know of it too.
    let (_, page) = zhou.get("/rooms/1/messages").await;
    assert_eq!(page["messages"][0]["pinned"], true);

    let (mut raw, _) = Raw::hello(&server.url, &zhou.token, None).await;
    for (of, on, code) in [
        (json!(2), json!(true), "not_found"),
        (json!(999), json!(true), "not_found"),
        (json!(3), json!("yes"), "invalid"),
        (json!(-3), json!(true), "invalid"),
    ] {
        let frame = json!({ "t": "pin", "id": id(), "room": 1, "of": of, "on": on });
        raw.say(&frame).await;
        assert_eq!(raw.hear_a("nack").await["code"], code, "{frame}");
    }
    ada.act(pin(false)).await;
    until("no pin", || !is_pinned(&ada) && !is_pinned(&wren)).await;
    assert_eq!(
        zhou.get("/rooms/1/pins").await.1,
        json!({ "pins": [] }),
        "nothing is pinned"
    );

    // A room that one is not in has no pins, nor a list of them.
    let secret = ada_room(&server).await;
    assert_eq!(zhou.get(&format!("/rooms/{secret}/pins")).await.0, 404);
    server.close().await;
}

/// A private room of somebody else.
async fn ada_room(server: &TestServer) -> RoomId {
    let other = server.sign_up("other").await;
    other.room("private", "secret").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_display_name_reaches_everybody_who_sees_it() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.client("wren").await;
    let own = testing::TestClient::connect(&server.url, &ada.token, ada.user).await;
    for client in [&wren, &own] {
        client.is_online().await;
    }
    let wren_id = wren.with(|session| session.me().map(|me| me.id)).unwrap();
    let direct = json!({ "users": [wren_id] });
    let direct: RoomId =
        serde_json::from_value(ada.post("/direct", direct).await.1["room"]["id"].clone()).unwrap();
    until("the direct room", || {
        wren.with(|session| session.room(direct).is_some())
    })
    .await;
    let body = json!({ "display_name": "Ada Marlow" });
    let (status, _) = ada.call(Method::PATCH, "/users/me", Some(body)).await;
    assert_eq!(status, 200);
    let shown = |client: &testing::TestClient| {
        client.with(|session| session.user(ada.user).map(|user| user.display_name.clone()))
    };
    let renamed = Some("Ada Marlow".to_owned());
    until("the new name", || shown(&wren) == renamed).await;
    until("one's own", || {
        own.with(|session| session.me().map(|me| me.display_name.clone())) == renamed
    })
    .await;
    until("the room's name", || {
        wren.with(|session| session.room(direct).map(|room| room.summary().name.clone())) == renamed
    })
    .await;
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_zone_is_shown_to_those_who_see_one_and_to_nobody_before() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.client("wren").await;
    wren.is_online().await;
    let shown = || wren.with(|session| session.user(ada.user).and_then(|user| user.tz.clone()));
    assert_eq!(shown(), None);
    let set = async |tz: serde_json::Value| {
        let body = json!({ "tz": tz });
        ada.call(Method::PATCH, "/users/me", Some(body)).await
    };
    let (status, answer) = set(json!("asia/shanghai")).await;
    assert_eq!(
        (status, &answer["user"]["tz"]),
        (200, &json!("Asia/Shanghai"))
    );
    let told = Some("Asia/Shanghai".to_owned());
    until("the zone", || shown() == told).await;
    for wrong in ["Europe/Atlantis", "+02:00", &"x".repeat(100_000)] {
        let (status, answer) = set(json!(wrong)).await;
        let error = &answer["error"];
        assert_eq!(
            (status, &error["code"], &error["field"]),
            (422, &json!("invalid"), &json!("tz"))
        );
    }
    let server = server.restart().await;
    let (_, me) = ada.get("/users/me").await;
    assert_eq!(me["user"]["tz"], json!("Asia/Shanghai"));
    assert_eq!(set(json!("")).await.0, 200);
    let (_, me) = ada.get("/users/me").await;
    assert!(me["user"].get("tz").is_none(), "{me}");
    server.close().await;
}
