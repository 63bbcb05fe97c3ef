//! What must fail the connection (sections 5, 7.4.1 and 8.1).

mod shape;
mod texts;

use testing::{
    TestServer,
    wire::{RawWire, WireEnd, WsFrame, bytes_of},
};

/// What is sent, and the code that it is closed with.
struct Case {
    what: String,
    frames: Vec<WsFrame>,
    code: u16,
}

fn case(what: impl Into<String>, frames: impl Into<Vec<WsFrame>>, code: u16) -> Case {
    Case {
        what: what.into(),
        frames: frames.into(),
        code,
    }
}

fn all() -> Vec<Case> {
    [
        shape::masks(),
        shape::reserved(),
        shape::fragments(),
        shape::controls(),
        shape::bytes(),
        shape::sizes(),
        texts::texts(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How it comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delivery {
    /// In place of a hello.
    First,
    /// After the welcome.
    Later,
    /// After the welcome, a byte at a time.
    Bytes,
}

async fn end_of(url: &str, token: &str, case: &Case, delivery: Delivery) -> WireEnd {
    let mut wire = match delivery {
        Delivery::First => RawWire::open(url, "/ws").await,
        Delivery::Later | Delivery::Bytes => RawWire::hello(url, token).await,
    };
    let bytes = bytes_of(&case.frames);
    if delivery == Delivery::Bytes {
        for byte in bytes {
            wire.send(&[byte]).await;
        }
    } else {
        wire.send(&bytes).await;
    }
    wire.ends().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_not_be_said_is_closed_with_its_code() {
    let server = TestServer::with_flags(&["--sockets-per-user=1000"]).await;
    let ada = server.sign_up("ada").await;
    let mut tried = [0; 3];
    let mut wrong = Vec::new();
    for case in all() {
        let small = case.frames.iter().map(|it| it.bytes().len()).sum::<usize>() < 500;
        for delivery in [Delivery::First, Delivery::Later, Delivery::Bytes] {
            if small || delivery != Delivery::Bytes {
                let end = end_of(&server.url, &ada.token, &case, delivery).await;
                if end != WireEnd::clean(case.code) {
                    wrong.push(format!(
                        "{}, {delivery:?}: {end:?}, not {}",
                        case.what, case.code
                    ));
                }
                tried[delivery as usize] += 1;
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(tried, [171, 171, 161], "as the first, later, byte by byte");
    server.close().await;
}
