//! The echo of `examples/echo`, which foreign suites are run against: it is the same connection with another limit.

#[path = "../../../examples/echo/service.rs"]
mod service;

use server::parts::Options;
use testing::wire::{RawWire, ServerSaid, WireEnd, WsFrame};
use tokio::{
    net::TcpListener,
    task::{AbortHandle, JoinSet},
};

const MIB: usize = 1 << 20;

struct Echo {
    url: String,
    _running: JoinSet<std::io::Result<()>>,
}

impl Echo {
    async fn open(message_bytes: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut running = JoinSet::new();
        let _: AbortHandle = running.spawn(service::serve(listener, Options { message_bytes }));
        Self {
            url,
            _running: running,
        }
    }
}

fn fragments(first: WsFrame, payload: &[u8], bytes: usize) -> Vec<WsFrame> {
    let mut frames = vec![first.part()];
    frames.extend(
        payload
            .chunks(bytes)
            .map(|piece| WsFrame::more(piece).part()),
    );
    frames.push(WsFrame::more(""));
    frames
}

#[tokio::test(flavor = "multi_thread")]
async fn the_echo_says_back_what_it_hears() {
    let echo = Echo::open(16 * MIB).await;
    let mut wire = RawWire::open(&echo.url, "/").await;
    let mut right = 0;
    for bytes in [
        0,
        1,
        125,
        126,
        127,
        128,
        65_535,
        65_536,
        65_537,
        MIB,
        4 * MIB,
    ] {
        let payload = vec![b'*'; bytes];
        let text = ServerSaid::Text(String::from_utf8(payload.clone()).unwrap());
        let mut sent = vec![
            (vec![WsFrame::text(&payload)], text.clone()),
            (
                vec![WsFrame::binary(&payload)],
                ServerSaid::Binary(payload.clone()),
            ),
        ];
        for size in [64, 1024, 65_536]
            .into_iter()
            .filter(|_| bytes > 0 && bytes <= MIB)
        {
            sent.push((fragments(WsFrame::text(""), &payload, size), text.clone()));
            sent.push((
                fragments(WsFrame::binary(""), &payload, size),
                ServerSaid::Binary(payload.clone()),
            ));
        }
        for (frames, back) in sent {
            wire.say(&frames).await;
            let said = wire.hear().await;
            assert!(said == Ok(back), "{bytes} bytes in {} frames", frames.len());
            right += 1;
        }
    }
    wire.say(&[WsFrame::close(4999, "done")]).await;
    assert_eq!(wire.ends().await, WireEnd::clean(4999));
    assert_eq!(right, 76, "messages said back");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_echo_closes_as_the_chat_does() {
    let echo = Echo::open(MIB).await;
    let cases = [
        (vec![WsFrame::text("hi").unmasked()], 1002),
        (vec![WsFrame::text("hi").part(), WsFrame::text("hi")], 1002),
        (vec![WsFrame::text(b"\xf4\x90").part()], 1007),
        (vec![WsFrame::text("").claims(MIB as u64 + 1)], 1009),
        (
            fragments(WsFrame::binary(""), &vec![0; MIB + 1], 65_536),
            1009,
        ),
        (vec![WsFrame::new(8, "")], 1005),
        (vec![WsFrame::close(1004, "")], 1002),
    ];
    let mut right = 0;
    for (frames, code) in cases {
        let mut wire = RawWire::open(&echo.url, "/").await;
        wire.say(&frames).await;
        assert_eq!(wire.ends().await, WireEnd::clean(code));
        right += 1;
    }
    assert_eq!(right, 7, "connections closed");
}
