//! The closing handshake (sections 5.5.1 and 7).

use testing::{
    TestServer,
    wire::{RawWire, ServerSaid, WireEnd, WsFrame},
};

/// Close frames and the code that answers each.
fn goodbyes() -> Vec<(String, WsFrame, u16)> {
    let mut cases = vec![
        ("nothing".to_owned(), WsFrame::new(8, ""), 1005),
        ("half a code".to_owned(), WsFrame::new(8, [3]), 1002),
        ("a reason".to_owned(), WsFrame::close(1000, "bye"), 1000),
        (
            "a reason in Chinese".to_owned(),
            WsFrame::close(1000, "再见"),
            1000,
        ),
        (
            "the longest reason".to_owned(),
            WsFrame::close(1000, [b'x'; 123]),
            1000,
        ),
        (
            "a reason that is too long".to_owned(),
            WsFrame::close(1000, [b'x'; 124]),
            1002,
        ),
        (
            "a reason that is not UTF-8".to_owned(),
            WsFrame::close(1000, b"\xce\xba\xed\xa0\x80"),
            1007,
        ),
        (
            "a reason that ends within a character".to_owned(),
            WsFrame::close(1000, b"\xf0\x9f\x98"),
            1007,
        ),
        (
            "a bad code and a bad reason".to_owned(),
            WsFrame::close(999, b"\xff"),
            1007,
        ),
    ];
    let good = [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4502,
        4999,
    ];
    cases.extend(good.map(|code| (format!("code {code}"), WsFrame::close(code, ""), code)));
    // Reserved, or for what is never on the wire, or nobody's (section 7.4.2).
    let bad = [
        0, 1, 500, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2500, 2999, 5000, 65535,
    ];
    cases.extend(bad.map(|code| (format!("code {code}"), WsFrame::close(code, ""), 1002)));
    cases
}

#[tokio::test(flavor = "multi_thread")]
async fn a_goodbye_is_answered_with_its_code_or_with_what_is_wrong_with_it() {
    let server = TestServer::with_flags(&["--sockets-per-user=1000"]).await;
    let ada = server.sign_up("ada").await;
    let mut right = 0;
    for (what, frame, code) in goodbyes() {
        let mut early = RawWire::open(&server.url, "/ws").await;
        early.say(std::slice::from_ref(&frame)).await;
        assert_eq!(
            early.ends().await,
            WireEnd::clean(code),
            "{what}, before a hello"
        );
        let mut late = RawWire::hello(&server.url, &ada.token).await;
        late.say(&[frame]).await;
        assert_eq!(
            late.ends().await,
            WireEnd::clean(code),
            "{what}, after the welcome"
        );
        right += 2;
    }
    assert_eq!(right, 82, "goodbyes said");
    server.close().await;
}

/// What comes after a goodbye is not for anybody.
fn afterwards() -> Vec<(&'static str, Vec<WsFrame>)> {
    let ping = WsFrame::text(r#"{"t":"ping","n":1}"#);
    vec![
        ("a text", vec![ping.clone()]),
        ("a text that is not UTF-8", vec![WsFrame::text([0xff])]),
        ("bytes", vec![WsFrame::binary([1])]),
        ("a ping", vec![WsFrame::ping("hi")]),
        ("another goodbye", vec![WsFrame::close(1001, "")]),
        ("a goodbye that is wrong", vec![WsFrame::new(8, [3])]),
        (
            "a frame without a mask",
            vec![WsFrame::text("hi").unmasked()],
        ),
        ("a reserved opcode", vec![WsFrame::new(3, "")]),
        ("the rest of a message", vec![WsFrame::more("hi")]),
        ("a megabyte", vec![WsFrame::text(vec![b'x'; 1 << 20])]),
        ("many frames", vec![ping; 5_000]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_a_goodbye_is_passed_over() {
    let server = TestServer::with_flags(&["--sockets-per-user=1000"]).await;
    let ada = server.sign_up("ada").await;
    let mut right = 0;
    for (what, rest) in afterwards() {
        let frames = [vec![WsFrame::close(1000, "bye")], rest].concat();
        let mut early = RawWire::open(&server.url, "/ws").await;
        early.say(&frames).await;
        assert_eq!(
            early.all().await,
            (Vec::new(), WireEnd::clean(1000)),
            "{what}"
        );
        let mut late = RawWire::hello(&server.url, &ada.token).await;
        late.say(&frames).await;
        assert_eq!(
            late.all().await,
            (Vec::new(), WireEnd::clean(1000)),
            "{what}"
        );
        right += 2;
    }
    // Within a message that is not finished, too.
    let mut wire = RawWire::hello(&server.url, &ada.token).await;
    let cut = [WsFrame::text("{\"t\":").part(), WsFrame::close(1000, "")];
    wire.say(&cut).await;
    assert_eq!(wire.all().await, (Vec::new(), WireEnd::clean(1000)));
    assert_eq!(right, 22, "goodbyes with something behind them");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_s_own_goodbye_passes_over_what_was_still_on_its_way() {
    let server = TestServer::with_flags(&["--sockets-per-user=1000"]).await;
    let ada = server.sign_up("ada").await;
    for rest in [
        vec![WsFrame::text("x"); 1_000],
        vec![WsFrame::text(vec![b'x'; 1 << 20])],
        vec![WsFrame::text("hi").unmasked()],
    ] {
        let mut wire = RawWire::hello(&server.url, &ada.token).await;
        let frames = [
            vec![WsFrame::text(r#"{"t":"bye"}"#), WsFrame::ping("late")],
            rest,
        ]
        .concat();
        wire.say(&frames).await;
        let (said, end) = wire.all().await;
        assert_eq!(end, WireEnd::clean(1000));
        assert!(
            said.iter()
                .all(|it| *it == ServerSaid::Pong(b"late".to_vec())),
            "{said:?}"
        );
    }
    server.close().await;
}
