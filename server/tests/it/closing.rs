//! How connections end.

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use protocol::limits::FRAME_BYTES;
use serde_json::json;
use testing::{Raw, TestServer, close_code};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_protocol_is_closed_with_its_code() {
    let server = TestServer::start().await;
    let text = |json: &str| Message::text(json.to_owned());
    let device = "0123456789abcdef";
    for (message, code) in [
        (Message::binary(vec![1, 2, 3]), 1003),
        (text("not json"), 4502),
        (text(r#"{"t":"ping","n":1}"#), 4502),
        (
            text(r#"{"t":"hello","v":2,"device":"0123456789abcdef"}"#),
            4502,
        ),
        (text(r#"{"t":"hello","v":1,"device":"short"}"#), 4502),
        (
            text(r#"{"t":"hello","v":1,"device":"0123456789abcdef","colour":"red"}"#),
            4502,
        ),
        (
            text(&format!(r#"{{"t":"hello","v":1,"device":"{device}"}}"#)),
            4501,
        ),
        (
            text(&format!(
                r#"{{"t":"hello","v":1,"device":"{device}","token":"x.y.z"}}"#
            )),
            4501,
        ),
        (text(&"x".repeat(FRAME_BYTES + 1)), 1009),
    ] {
        let shown = format!("{message:?}").chars().take(80).collect::<String>();
        assert_eq!(close_code(&server.url, message).await, code, "{shown}");
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_whose_id_is_none_is_refused_and_the_connection_lives() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let room = ada.room("public", "walks").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    for odd in [json!("m-1"), json!(7), json!(""), json!({ "a": 1 })] {
        for frame in [
            json!({ "t": "send", "id": odd, "room": room, "text": "x" }),
            json!({ "t": "edit", "id": odd, "room": room, "of": 1, "text": "x" }),
            json!({ "t": "delete", "id": odd, "room": room, "of": 1 }),
            json!({ "t": "react", "id": odd, "room": room, "of": 1, "emoji": "👍", "on": true }),
        ] {
            raw.say(&frame).await;
            let nack = raw.hear_a("nack").await;
            assert_eq!((&nack["id"], &nack["code"]), (&odd, &json!("invalid")));
        }
    }
    raw.say(&json!({ "t": "history", "req": "first", "room": room }))
        .await;
    let error = raw.hear_a("error").await;
    assert_eq!(
        (&error["req"], &error["code"]),
        (&json!("first"), &json!("invalid"))
    );
    raw.say(&json!({ "t": "send", "room": room, "text": "x" }))
        .await;
    assert_eq!(raw.ends().await.0, 4502, "nothing to answer to");
    server.close().await;
}

/// Sends raw bytes after the upgrade and reads the close code that comes back.
async fn raw_close(url: &str, frame: &[u8]) -> u16 {
    let addr = url.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(addr).await.unwrap();
    let head = format!(
        "GET /ws HTTP/1.1\r\nHost: {addr}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        seen.push(stream.read_u8().await.unwrap());
    }
    assert!(seen.starts_with(b"HTTP/1.1 101"));
    stream.write_all(frame).await.unwrap();
    let (first, length) = (
        stream.read_u8().await.unwrap(),
        stream.read_u8().await.unwrap(),
    );
    assert_eq!(first, 0x88, "a close frame");
    assert!(length >= 2);
    stream.read_u16().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_frames_are_closed_as_rfc_6455_says() {
    let server = TestServer::start().await;
    // Not masked (section 5.1).
    assert_eq!(
        raw_close(&server.url, &[0x81, 0x02, b'h', b'i']).await,
        1002
    );
    // A reserved bit (section 5.2), a reserved opcode, a fragmented control frame (section 5.5).
    assert_eq!(
        raw_close(&server.url, &[0xc1, 0x80, 0, 0, 0, 0]).await,
        1002
    );
    assert_eq!(
        raw_close(&server.url, &[0x83, 0x80, 0, 0, 0, 0]).await,
        1002
    );
    assert_eq!(
        raw_close(&server.url, &[0x09, 0x80, 0, 0, 0, 0]).await,
        1002
    );
    // Text that is not UTF-8 (section 8.1).
    assert_eq!(
        raw_close(&server.url, &[0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]).await,
        1007
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_says_nothing_is_closed() {
    let server = TestServer::with_flags(&["--hello-timeout-s=1", "--heartbeat-s=1"]).await;
    let ada = server.sign_up("ada").await;
    let mut silent = Raw::open(&server.url, &[]).await.unwrap();
    assert_eq!(silent.ends().await.0, 4004);
    let (mut quiet, _) = Raw::hello(&server.url, &ada.token, None).await;
    assert_eq!(quiet.ends().await.0, 4001);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_sign_in_is_over_everywhere() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    assert_eq!(ada.delete("/sessions/current").await, 204);
    assert_eq!(raw.ends().await.0, 4500);
    assert_eq!(ada.get("/rooms").await.0, 401);
    let bearer = format!("Bearer {}", ada.token);
    assert_eq!(
        Raw::open(&server.url, &[("authorization", &bearer)])
            .await
            .err(),
        Some(401)
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_counted() {
    let server = TestServer::with_flags(&["--sockets-per-user=2", "--sockets-per-address=4"]).await;
    let ada = server.sign_up("ada").await;
    let _first = Raw::hello(&server.url, &ada.token, None).await;
    let _second = Raw::hello(&server.url, &ada.token, None).await;
    let mut third = Raw::open(&server.url, &[]).await.unwrap();
    third
        .say(&json!({ "t": "hello", "v": 1, "device": "0123456789abcdef", "token": ada.token }))
        .await;
    assert_eq!(third.ends().await.0, 4504);
    drop(third);
    let _one = Raw::open(&server.url, &[]).await;
    let mut refused = None;
    for _ in 0..3 {
        // The third connection's place comes free once its goodbye is through.
        match Raw::open(&server.url, &[]).await {
            Ok(raw) => std::mem::forget(raw),
            Err(status) => refused = Some(status),
        }
    }
    assert_eq!(refused, Some(429));
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_asks_everybody_to_come_back() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    let sent: Vec<_> = (0..20).map(|_| testing::id()).collect();
    for id in &sent {
        raw.say(&json!({ "t": "send", "id": id, "room": 1, "text": "x" }))
            .await;
    }
    // The last ack shows that all were read from the socket before it is told to close.
    let mut acked = 0;
    while acked < sent.len() {
        raw.hear_a("ack").await;
        acked += 1;
    }
    let ends = tokio::spawn(async move { raw.ends().await });
    let server = server.restart().await;
    let (code, reason) = ends.await.unwrap();
    assert_eq!(code, 1012);
    assert!(protocol::retry_after_ms(&reason).is_some(), "{reason}");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_is_acked_before_a_drain_closes() {
    let server = TestServer::with_flags(&["--send-per-s=0"]).await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    for _ in 0..100 {
        raw.say(&json!({ "t": "send", "id": testing::id(), "room": 1, "text": "x" }))
            .await;
    }
    raw.hear_a("ack").await;
    let counting = tokio::spawn(async move {
        let mut acks = 1;
        loop {
            match raw.0.next().await {
                Some(Ok(Message::Text(text))) => {
                    acks += usize::from(text.contains("\"t\":\"ack\""));
                }
                Some(Ok(Message::Close(Some(frame)))) => return (acks, u16::from(frame.code)),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    });
    let server = server.restart().await;
    let (acks, code) = counting.await.unwrap();
    let stored = ada.get("/rooms/1/messages?limit=100").await.1["messages"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!((acks, code), (stored, 1012));
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_goodbye_is_answered() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    raw.0.close(None).await.unwrap();
    let mut answered = false;
    while let Some(Ok(message)) = raw.0.next().await {
        answered |= matches!(message, Message::Close(_));
    }
    assert!(answered);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_between_upgrade_and_hello_counts() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let bearer = format!("Bearer {}", ada.token);
    let mut raw = Raw::open(&server.url, &[("authorization", &bearer)])
        .await
        .unwrap();
    assert_eq!(ada.delete("/sessions/current").await, 204);
    raw.say(&json!({ "t": "hello", "v": 1, "device": "0123456789abcdef" }))
        .await;
    assert_eq!(raw.ends().await.0, 4500);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_closed() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (mut raw, _) = Raw::hello(&server.url, &ada.token, None).await;
    let flood = async {
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(5));
        for n in 0u64.. {
            tick.tick().await;
            let frame = Message::text(json!({ "t": "ping", "n": n }).to_string());
            if raw.0.send(frame).await.is_err() {
                break;
            }
            while let Some(message) = raw.0.next().now_or_never() {
                match message {
                    Some(Ok(Message::Close(Some(frame)))) => return u16::from(frame.code),
                    Some(Ok(_)) => {}
                    _ => return 1006,
                }
            }
        }
        0
    };
    assert_eq!(
        tokio::time::timeout(testing::PATIENCE, flood)
            .await
            .unwrap(),
        4003
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_not_said_hello_is_told_of_the_stop_too() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let bearer = format!("Bearer {}", ada.token);
    let headers = [("authorization", bearer.as_str())];
    let mut raw = Raw::open(&server.url, &headers).await.unwrap();
    let closed = tokio::spawn(async move { raw.ends().await.0 });
    server.close().await;
    assert_eq!(closed.await.unwrap(), 1012);
}
