//! The shape of single frames and of what follows what.

use protocol::limits::FRAME_BYTES;
use testing::wire::WsFrame;

use super::{Case, case};

/// Section 5.1: a client masks everything.
pub(super) fn masks() -> Vec<Case> {
    vec![
        case(
            "a text without a mask",
            [WsFrame::text("hi").unmasked()],
            1002,
        ),
        case(
            "an empty text without a mask",
            [WsFrame::text("").unmasked()],
            1002,
        ),
        case(
            "a large text without a mask",
            [WsFrame::text([b'x'; 200]).unmasked()],
            1002,
        ),
        case(
            "bytes without a mask",
            [WsFrame::binary("hi").unmasked()],
            1002,
        ),
        case(
            "a ping without a mask",
            [WsFrame::ping("hi").unmasked()],
            1002,
        ),
        case(
            "a pong without a mask",
            [WsFrame::pong("hi").unmasked()],
            1002,
        ),
        case(
            "a close without a mask",
            [WsFrame::close(1000, "").unmasked()],
            1002,
        ),
        case(
            "a second fragment without a mask",
            [WsFrame::text("hi").part(), WsFrame::more("").unmasked()],
            1002,
        ),
    ]
}

/// Section 5.2: nothing gave the reserved bits and opcodes a meaning.
pub(super) fn reserved() -> Vec<Case> {
    let mut cases = Vec::new();
    for bits in 1..8 {
        cases.push(case(
            format!("reserved bits {bits:03b}"),
            [WsFrame::text("hi").reserved(bits)],
            1002,
        ));
    }
    let bits = [
        (
            "a fragment",
            vec![WsFrame::text("hi").part(), WsFrame::more("").reserved(4)],
        ),
        ("an empty text", vec![WsFrame::text("").reserved(4)]),
        ("a ping", vec![WsFrame::ping("hi").reserved(2)]),
        ("a pong", vec![WsFrame::pong("hi").reserved(1)]),
        ("a close", vec![WsFrame::close(1000, "").reserved(4)]),
    ];
    for (what, frames) in bits {
        cases.push(case(format!("{what} with a reserved bit"), frames, 1002));
    }
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        cases.push(case(
            format!("opcode {opcode}"),
            [WsFrame::new(opcode, "hi")],
            1002,
        ));
        cases.push(case(
            format!("opcode {opcode}, empty, within a message"),
            [WsFrame::text("hi").part(), WsFrame::new(opcode, "")],
            1002,
        ));
    }
    cases
}

/// Section 5.4: fragments of one message follow each other.
pub(super) fn fragments() -> Vec<Case> {
    vec![
        case("a continuation of nothing", [WsFrame::more("hi")], 1002),
        case(
            "a first fragment that continues nothing",
            [WsFrame::more("hi").part()],
            1002,
        ),
        case(
            "an empty continuation of nothing",
            [WsFrame::more("")],
            1002,
        ),
        case(
            "a continuation after a whole ping",
            [WsFrame::ping(""), WsFrame::more("hi")],
            1002,
        ),
        case(
            "a text within a fragmented text",
            [WsFrame::text("a").part(), WsFrame::text("b")],
            1002,
        ),
        case(
            "a fragmented text within another",
            [WsFrame::text("a").part(), WsFrame::text("b").part()],
            1002,
        ),
        case(
            "bytes within a fragmented text",
            [WsFrame::text("a").part(), WsFrame::binary("b")],
            1002,
        ),
        case(
            "a text within fragmented bytes",
            [WsFrame::binary("a").part(), WsFrame::text("b")],
            1002,
        ),
        case(
            "a text after two fragments",
            [
                WsFrame::text("a").part(),
                WsFrame::more("b").part(),
                WsFrame::text("c"),
            ],
            1002,
        ),
        case(
            "a text after a fragment and a ping",
            [
                WsFrame::text("a").part(),
                WsFrame::ping("b"),
                WsFrame::text("c"),
            ],
            1002,
        ),
    ]
}

/// Section 5.5: a control frame is whole, and has 125 bytes at most.
pub(super) fn controls() -> Vec<Case> {
    let long = [b'x'; 126];
    vec![
        case("a fragmented ping", [WsFrame::ping("hi").part()], 1002),
        case(
            "a fragmented ping, whole",
            [WsFrame::ping("hi").part(), WsFrame::more("")],
            1002,
        ),
        case("a fragmented pong", [WsFrame::pong("hi").part()], 1002),
        case(
            "a fragmented close",
            [WsFrame::close(1000, "").part()],
            1002,
        ),
        case(
            "a fragmented ping within a message",
            [WsFrame::text("a").part(), WsFrame::ping("").part()],
            1002,
        ),
        case("a ping of 126 bytes", [WsFrame::ping(long)], 1002),
        case("a pong of 126 bytes", [WsFrame::pong(long)], 1002),
        case(
            "a close of 126 bytes",
            [WsFrame::new(
                8,
                [&1000u16.to_be_bytes()[..], &long[2..]].concat(),
            )],
            1002,
        ),
        case(
            "a ping of 126 bytes within a message",
            [WsFrame::text("a").part(), WsFrame::ping(long)],
            1002,
        ),
        case(
            "a ping of 60,000 bytes",
            [WsFrame::ping(vec![b'x'; 60_000])],
            1002,
        ),
        // Both rules are broken; the size is seen first.
        case(
            "a ping over the limit",
            [WsFrame::ping("").claims(70_000)],
            1009,
        ),
    ]
}

/// Bytes are not part of this protocol.
pub(super) fn bytes() -> Vec<Case> {
    vec![
        case("bytes", [WsFrame::binary([1, 2, 3])], 1003),
        case("no bytes", [WsFrame::binary("")], 1003),
        case(
            "bytes that are a frame in JSON",
            [WsFrame::binary(r#"{"t":"ping","n":1}"#)],
            1003,
        ),
        case(
            "fragmented bytes",
            [
                WsFrame::binary([1]).part(),
                WsFrame::more([0xff]).part(),
                WsFrame::more([]),
            ],
            1003,
        ),
        case(
            "as many bytes as may be",
            [WsFrame::binary(vec![0; FRAME_BYTES])],
            1003,
        ),
    ]
}

/// Over 64 KiB, whole and in fragments. A length is enough: what it tells need not come.
pub(super) fn sizes() -> Vec<Case> {
    let most = FRAME_BYTES;
    let long = |bytes: usize| vec![b' '; bytes];
    let mut tiny: Vec<WsFrame> = vec![WsFrame::text(" ").part(); 1];
    tiny.resize(most + 1, WsFrame::more(" ").part());
    vec![
        case("one byte over", [WsFrame::text(long(most + 1))], 1009),
        case(
            "one byte over, in bytes",
            [WsFrame::binary(long(most + 1))],
            1009,
        ),
        case(
            "1 MiB, all of it sent",
            [WsFrame::text(long(1 << 20))],
            1009,
        ),
        case(
            "8 MiB, all of it sent",
            [WsFrame::text(long(8 << 20))],
            1009,
        ),
        case(
            "a length of one byte over",
            [WsFrame::text("").claims(most as u64 + 1)],
            1009,
        ),
        case(
            "a length of 4 GiB",
            [WsFrame::text("").claims(1 << 32)],
            1009,
        ),
        case(
            "the largest length",
            [WsFrame::text("").claims(u64::MAX >> 1)],
            1009,
        ),
        case(
            "a length with its first bit set",
            [WsFrame::text("").claims(u64::MAX)],
            1009,
        ),
        case(
            "two fragments",
            [WsFrame::text(long(most)).part(), WsFrame::more(" ")],
            1009,
        ),
        case(
            "two fragments of 40,000",
            [
                WsFrame::text(long(40_000)).part(),
                WsFrame::more(long(40_000)).part(),
            ],
            1009,
        ),
        case(
            "two fragments of bytes",
            [
                WsFrame::binary(long(most)).part(),
                WsFrame::more(" ").part(),
            ],
            1009,
        ),
        case(
            "a second fragment with a large length",
            [WsFrame::text("a").part(), WsFrame::more("").claims(1 << 40)],
            1009,
        ),
        case("a fragment of one byte each", tiny, 1009),
    ]
}
