//! What is right is understood, however it is cut (sections 5.4 and 5.5).

use protocol::limits::FRAME_BYTES;
use serde_json::{Value, json};
use testing::{
    TestServer, id,
    wire::{RawWire, ServerSaid, WsFrame, bytes_of},
};

/// A heartbeat of this many bytes.
fn beat(n: u64, bytes: usize) -> String {
    let mut frame = format!(r#"{{"t":"ping","n":{n}}}"#);
    frame.extend(std::iter::repeat_n(' ', bytes - frame.len()));
    frame
}

/// `text` in fragments of `bytes` each.
fn cut(text: &str, bytes: usize) -> Vec<WsFrame> {
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(bytes).collect();
    let frame = |(at, piece): (usize, &&[u8])| {
        let frame = WsFrame::new(u8::from(at == 0), piece);
        if at + 1 == pieces.len() {
            frame
        } else {
            frame.part()
        }
    };
    pieces.iter().enumerate().map(frame).collect()
}

/// Puts a control frame after every frame of a message but its last.
fn between(message: &[WsFrame], control: &WsFrame) -> Vec<WsFrame> {
    let (last, first) = message.split_last().unwrap();
    let mut out: Vec<WsFrame> = first
        .iter()
        .flat_map(|it| [it.clone(), control.clone()])
        .collect();
    out.push(last.clone());
    out
}

/// What is sent, the heartbeats that are in it, and the payloads of its pings.
struct Case {
    what: String,
    frames: Vec<WsFrame>,
    beats: u64,
    pings: Vec<Vec<u8>>,
}

fn case(
    what: impl Into<String>,
    frames: impl Into<Vec<WsFrame>>,
    beats: u64,
    pings: &[&[u8]],
) -> Case {
    Case {
        what: what.into(),
        frames: frames.into(),
        beats,
        pings: pings.iter().map(|it| it.to_vec()).collect(),
    }
}

fn sizes() -> Vec<Case> {
    let mut cases = Vec::new();
    for bytes in [
        18,
        124,
        125,
        126,
        127,
        128,
        255,
        256,
        1023,
        1024,
        1025,
        65_534,
        65_535,
        FRAME_BYTES,
    ] {
        cases.push(case(
            format!("{bytes} bytes"),
            [WsFrame::text(beat(0, bytes))],
            1,
            &[],
        ));
        let half = bytes.div_ceil(2);
        cases.push(case(
            format!("{bytes} bytes in two fragments"),
            cut(&beat(0, bytes), half),
            1,
            &[],
        ));
    }
    // More bytes for a length than it needs: a sender must not (section 5.2), and a receiver is not told to mind.
    for (width, bytes) in [(2, 18), (2, 125), (8, 18), (8, 125), (8, 126), (8, 65_535)] {
        let frame = WsFrame::text(beat(0, bytes)).wide(width);
        cases.push(case(
            format!("a length of {bytes} in {width} bytes"),
            [frame],
            1,
            &[],
        ));
    }
    for mask in [[0; 4], [0xff; 4], [1, 0, 0, 0], [0, 0, 0, 0x80]] {
        cases.push(case(
            format!("mask {mask:?}"),
            [WsFrame::text(beat(0, 30)).mask(mask)],
            1,
            &[],
        ));
    }
    cases
}

fn fragments() -> Vec<Case> {
    let whole = beat(0, 40);
    let mut cases = Vec::new();
    for bytes in [1, 2, 3, 7, 20, 39] {
        let parts = cut(&whole, bytes);
        let count = parts.len() - 1;
        cases.push(case(format!("fragments of {bytes}"), parts.clone(), 1, &[]));
        let pings = vec![&b"hi"[..]; count];
        let mixed = between(&parts, &WsFrame::ping("hi"));
        cases.push(case(
            format!("fragments of {bytes}, a ping after each"),
            mixed,
            1,
            &pings,
        ));
        let mixed = between(&parts, &WsFrame::pong("unasked"));
        cases.push(case(
            format!("fragments of {bytes}, a pong after each"),
            mixed,
            1,
            &[],
        ));
    }
    let empty = |frames: Vec<WsFrame>| {
        [
            vec![WsFrame::text("").part()],
            frames,
            vec![WsFrame::more("")],
        ]
        .concat()
    };
    cases.extend([
        case(
            "an empty fragment first and last",
            empty(vec![WsFrame::more(&whole).part()]),
            1,
            &[],
        ),
        case(
            "empty fragments all over",
            empty(
                [
                    vec![WsFrame::more("").part(); 50],
                    vec![WsFrame::more(&whole).part()],
                    vec![WsFrame::more("").part(); 50],
                ]
                .concat(),
            ),
            1,
            &[],
        ),
        case(
            "as many fragments as bytes, at the limit",
            cut(&beat(0, FRAME_BYTES), 1),
            1,
            &[],
        ),
        case(
            "two fragments of different lengths",
            [
                WsFrame::text(&whole[..1]).part(),
                WsFrame::more(format!("{:<60000}", &whole[1..])),
            ],
            1,
            &[],
        ),
    ]);
    cases
}

fn controls() -> Vec<Case> {
    let whole = beat(0, 40);
    let bytes: Vec<u8> = (0..125).map(|n| n * 2 + 1).collect();
    let many: Vec<Vec<u8>> = (0..10).map(|n| vec![n; usize::from(n)]).collect();
    let many: Vec<&[u8]> = many.iter().map(Vec::as_slice).collect();
    let pings: Vec<WsFrame> = many.iter().map(WsFrame::ping).collect();
    let fifty: Vec<WsFrame> = (0..50).map(|n| WsFrame::text(beat(n, 300))).collect();
    let two = |n| [WsFrame::text(beat(n, 30)), WsFrame::text(beat(n + 1, 30))];
    vec![
        case("an empty ping", [WsFrame::ping("")], 0, &[b""]),
        case("a ping with text", [WsFrame::ping("Hello")], 0, &[b"Hello"]),
        case(
            "a ping with bytes that are no text",
            [WsFrame::ping(b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff")],
            0,
            &[b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff"],
        ),
        case("a ping of 125 bytes", [WsFrame::ping(&bytes)], 0, &[&bytes]),
        case("ten pings at once", pings.clone(), 0, &many),
        case("a pong that nobody asked for", [WsFrame::pong("")], 0, &[]),
        case(
            "a pong that nobody asked for, and a ping",
            [WsFrame::pong("x"), WsFrame::ping("y")],
            0,
            &[b"y"],
        ),
        case(
            "pings around a message",
            [
                WsFrame::ping("1"),
                WsFrame::text(&whole),
                WsFrame::ping("2"),
            ],
            1,
            &[b"1", b"2"],
        ),
        case("two messages at once", two(0), 2, &[]),
        case(
            "a whole message after a fragmented one",
            [cut(&beat(0, 30), 7), vec![WsFrame::text(beat(1, 30))]].concat(),
            2,
            &[],
        ),
        case(
            "fragmented messages one after the other",
            [
                cut(&beat(0, 30), 7),
                cut(&beat(1, 30), 3),
                cut(&beat(2, 30), 11),
            ]
            .concat(),
            3,
            &[],
        ),
        case("fifty messages at once", fifty, 50, &[]),
        case(
            "ten pings within a message",
            [
                vec![WsFrame::text(&whole[..9]).part()],
                pings,
                vec![WsFrame::more(&whole[9..])],
            ]
            .concat(),
            1,
            &many,
        ),
    ]
}

/// What the server says until it has answered all of it, apart: heartbeats and pongs of the layer below overtake each other.
async fn answers(wire: &mut RawWire, case: &Case) -> (Vec<u64>, Vec<Vec<u8>>) {
    let (mut beats, mut pongs) = (Vec::new(), Vec::new());
    while (beats.len() as u64) < case.beats || pongs.len() < case.pings.len() {
        match wire.hear().await {
            Ok(ServerSaid::Pong(payload)) => pongs.push(payload),
            Ok(ServerSaid::Text(text)) => {
                let frame: Value = serde_json::from_str(&text).unwrap();
                beats.extend(frame["n"].as_u64().filter(|_| frame["t"] == "pong"));
            }
            other => panic!("{}: {other:?}", case.what),
        }
    }
    (beats, pongs)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_right_is_understood_however_it_is_cut() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let (mut right, mut slowly) = (0, 0);
    for case in [sizes(), fragments(), controls()].into_iter().flatten() {
        let expected = ((0..case.beats).collect(), case.pings.clone());
        let bytes = bytes_of(&case.frames);
        let mut wire = RawWire::hello(&server.url, &ada.token).await;
        wire.send(&bytes).await;
        assert_eq!(answers(&mut wire, &case).await, expected, "{}", case.what);
        right += 1;
        if bytes.len() < 500 {
            // The same connection again: nothing of the first time is left.
            for byte in bytes {
                wire.send(&[byte]).await;
            }
            assert_eq!(
                answers(&mut wire, &case).await,
                expected,
                "{}, byte by byte",
                case.what
            );
            slowly += 1;
        }
        wire.say(&[WsFrame::close(1000, "")]).await;
        assert_eq!(wire.ends().await.code, 1000, "{}", case.what);
    }
    assert_eq!((right, slowly), (73, 54), "at once, byte by byte");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_character_may_be_cut_between_fragments() {
    let server = TestServer::with_flags(&["--send-per-s=0"]).await;
    let ada = server.sign_up("ada").await;
    let mut wire = RawWire::hello(&server.url, &ada.token).await;
    let texts = [
        "é",
        "€",
        "😀",
        "\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}",
        "κόσμε 你好 👩‍👩‍👧 \u{fdd0}",
    ];
    let mut right = 0;
    for text in texts {
        let frame = |id| json!({ "t": "send", "id": id, "room": 1, "text": text }).to_string();
        let length = frame(id()).len();
        let start = length - text.len() - 12;
        // At every byte of the text, and at all of them.
        let mut ways: Vec<Vec<usize>> = (start..length).map(|at| vec![at]).collect();
        ways.push((1..length).collect());
        for way in ways {
            let whole = frame(id());
            let mut frames = Vec::new();
            let mut from = 0;
            for at in way {
                frames.push(WsFrame::new(u8::from(from == 0), &whole.as_bytes()[from..at]).part());
                from = at;
            }
            frames.push(WsFrame::more(&whole.as_bytes()[from..]));
            wire.say(&frames).await;
            loop {
                let said = wire.json().await;
                assert!(said["t"] == "ack" || said["t"] == "event", "{said}");
                if said["kind"] == "message" {
                    assert_eq!(said["text"], text);
                    break;
                }
            }
            right += 1;
        }
    }
    assert_eq!(right, 130, "cuts tried");
    server.close().await;
}
