//! The echo of `examples/echo`, which foreign suites are run against: it is the same connection with another limit.

#[path = "../../../examples/echo/service.rs"]
mod service;

use server::connection::wire::Options;
use tokio::{
    net::TcpListener,
    task::{AbortHandle, JoinSet},
};

use crate::support::wire::{End, Frame, Said, Wire};

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

fn fragments(first: Frame, payload: &[u8], bytes: usize) -> Vec<Frame> {
    let mut frames = vec![first.part()];
    frames.extend(payload.chunks(bytes).map(|piece| Frame::more(piece).part()));
    frames.push(Frame::more(""));
    frames
}

#[tokio::test(flavor = "multi_thread")]
async fn the_echo_says_back_what_it_hears() {
    let echo = Echo::open(16 * MIB).await;
    let mut wire = Wire::open(&echo.url, "/").await;
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
        let text = Said::Text(String::from_utf8(payload.clone()).unwrap());
        let mut sent = vec![
            (vec![Frame::text(&payload)], text.clone()),
            (vec![Frame::binary(&payload)], Said::Binary(payload.clone())),
        ];
        for size in [64, 1024, 65_536]
            .into_iter()
            .filter(|_| bytes > 0 && bytes <= MIB)
        {
            sent.push((fragments(Frame::text(""), &payload, size), text.clone()));
            sent.push((
                fragments(Frame::binary(""), &payload, size),
                Said::Binary(payload.clone()),
            ));
        }
        for (frames, back) in sent {
            wire.say(&frames).await;
            let said = wire.hear().await;
            assert!(said == Ok(back), "{bytes} bytes in {} frames", frames.len());
            right += 1;
        }
    }
    wire.say(&[Frame::close(4999, "done")]).await;
    assert_eq!(wire.ends().await, End::clean(4999));
    assert_eq!(right, 76, "messages said back");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_echo_closes_as_the_chat_does() {
    let echo = Echo::open(MIB).await;
    let cases = [
        (vec![Frame::text("hi").unmasked()], 1002),
        (vec![Frame::text("hi").part(), Frame::text("hi")], 1002),
        (vec![Frame::text(b"\xf4\x90").part()], 1007),
        (vec![Frame::text("").claims(MIB as u64 + 1)], 1009),
        (
            fragments(Frame::binary(""), &vec![0; MIB + 1], 65_536),
            1009,
        ),
        (vec![Frame::new(8, "")], 1005),
        (vec![Frame::close(1004, "")], 1002),
    ];
    let mut right = 0;
    for (frames, code) in cases {
        let mut wire = Wire::open(&echo.url, "/").await;
        wire.say(&frames).await;
        assert_eq!(wire.ends().await, End::clean(code));
        right += 1;
    }
    assert_eq!(right, 7, "connections closed");
}
