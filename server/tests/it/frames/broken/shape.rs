//! The shape of single frames and of what follows what.

use protocol::limits::FRAME_BYTES;

use super::{Case, case};
use crate::support::wire::Frame;

/// Section 5.1: a client masks everything.
pub(super) fn masks() -> Vec<Case> {
    vec![
        case(
            "a text without a mask",
            [Frame::text("hi").unmasked()],
            1002,
        ),
        case(
            "an empty text without a mask",
            [Frame::text("").unmasked()],
            1002,
        ),
        case(
            "a large text without a mask",
            [Frame::text([b'x'; 200]).unmasked()],
            1002,
        ),
        case(
            "bytes without a mask",
            [Frame::binary("hi").unmasked()],
            1002,
        ),
        case(
            "a ping without a mask",
            [Frame::ping("hi").unmasked()],
            1002,
        ),
        case(
            "a pong without a mask",
            [Frame::pong("hi").unmasked()],
            1002,
        ),
        case(
            "a close without a mask",
            [Frame::close(1000, "").unmasked()],
            1002,
        ),
        case(
            "a second fragment without a mask",
            [Frame::text("hi").part(), Frame::more("").unmasked()],
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
            [Frame::text("hi").reserved(bits)],
            1002,
        ));
    }
    let bits = [
        (
            "a fragment",
            vec![Frame::text("hi").part(), Frame::more("").reserved(4)],
        ),
        ("an empty text", vec![Frame::text("").reserved(4)]),
        ("a ping", vec![Frame::ping("hi").reserved(2)]),
        ("a pong", vec![Frame::pong("hi").reserved(1)]),
        ("a close", vec![Frame::close(1000, "").reserved(4)]),
    ];
    for (what, frames) in bits {
        cases.push(case(format!("{what} with a reserved bit"), frames, 1002));
    }
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        cases.push(case(
            format!("opcode {opcode}"),
            [Frame::new(opcode, "hi")],
            1002,
        ));
        cases.push(case(
            format!("opcode {opcode}, empty, within a message"),
            [Frame::text("hi").part(), Frame::new(opcode, "")],
            1002,
        ));
    }
    cases
}

/// Section 5.4: fragments of one message follow each other.
pub(super) fn fragments() -> Vec<Case> {
    vec![
        case("a continuation of nothing", [Frame::more("hi")], 1002),
        case(
            "a first fragment that continues nothing",
            [Frame::more("hi").part()],
            1002,
        ),
        case("an empty continuation of nothing", [Frame::more("")], 1002),
        case(
            "a continuation after a whole ping",
            [Frame::ping(""), Frame::more("hi")],
            1002,
        ),
        case(
            "a text within a fragmented text",
            [Frame::text("a").part(), Frame::text("b")],
            1002,
        ),
        case(
            "a fragmented text within another",
            [Frame::text("a").part(), Frame::text("b").part()],
            1002,
        ),
        case(
            "bytes within a fragmented text",
            [Frame::text("a").part(), Frame::binary("b")],
            1002,
        ),
        case(
            "a text within fragmented bytes",
            [Frame::binary("a").part(), Frame::text("b")],
            1002,
        ),
        case(
            "a text after two fragments",
            [
                Frame::text("a").part(),
                Frame::more("b").part(),
                Frame::text("c"),
            ],
            1002,
        ),
        case(
            "a text after a fragment and a ping",
            [Frame::text("a").part(), Frame::ping("b"), Frame::text("c")],
            1002,
        ),
    ]
}

/// Section 5.5: a control frame is whole, and has 125 bytes at most.
pub(super) fn controls() -> Vec<Case> {
    let long = [b'x'; 126];
    vec![
        case("a fragmented ping", [Frame::ping("hi").part()], 1002),
        case(
            "a fragmented ping, whole",
            [Frame::ping("hi").part(), Frame::more("")],
            1002,
        ),
        case("a fragmented pong", [Frame::pong("hi").part()], 1002),
        case("a fragmented close", [Frame::close(1000, "").part()], 1002),
        case(
            "a fragmented ping within a message",
            [Frame::text("a").part(), Frame::ping("").part()],
            1002,
        ),
        case("a ping of 126 bytes", [Frame::ping(long)], 1002),
        case("a pong of 126 bytes", [Frame::pong(long)], 1002),
        case(
            "a close of 126 bytes",
            [Frame::new(
                8,
                [&1000u16.to_be_bytes()[..], &long[2..]].concat(),
            )],
            1002,
        ),
        case(
            "a ping of 126 bytes within a message",
            [Frame::text("a").part(), Frame::ping(long)],
            1002,
        ),
        case(
            "a ping of 60,000 bytes",
            [Frame::ping(vec![b'x'; 60_000])],
            1002,
        ),
        // Both rules are broken; the size is seen first.
        case(
            "a ping over the limit",
            [Frame::ping("").claims(70_000)],
            1009,
        ),
    ]
}

/// Bytes are not part of this protocol.
pub(super) fn bytes() -> Vec<Case> {
    vec![
        case("bytes", [Frame::binary([1, 2, 3])], 1003),
        case("no bytes", [Frame::binary("")], 1003),
        case(
            "bytes that are a frame in JSON",
            [Frame::binary(r#"{"t":"ping","n":1}"#)],
            1003,
        ),
        case(
            "fragmented bytes",
            [
                Frame::binary([1]).part(),
                Frame::more([0xff]).part(),
                Frame::more([]),
            ],
            1003,
        ),
        case(
            "as many bytes as may be",
            [Frame::binary(vec![0; FRAME_BYTES])],
            1003,
        ),
    ]
}

/// Over 64 KiB, whole and in fragments. A length is enough: what it tells need not come.
pub(super) fn sizes() -> Vec<Case> {
    let most = FRAME_BYTES;
    let long = |bytes: usize| vec![b' '; bytes];
    let mut tiny: Vec<Frame> = vec![Frame::text(" ").part(); 1];
    tiny.resize(most + 1, Frame::more(" ").part());
    vec![
        case("one byte over", [Frame::text(long(most + 1))], 1009),
        case(
            "one byte over, in bytes",
            [Frame::binary(long(most + 1))],
            1009,
        ),
        case("1 MiB, all of it sent", [Frame::text(long(1 << 20))], 1009),
        case("8 MiB, all of it sent", [Frame::text(long(8 << 20))], 1009),
        case(
            "a length of one byte over",
            [Frame::text("").claims(most as u64 + 1)],
            1009,
        ),
        case("a length of 4 GiB", [Frame::text("").claims(1 << 32)], 1009),
        case(
            "the largest length",
            [Frame::text("").claims(u64::MAX >> 1)],
            1009,
        ),
        case(
            "a length with its first bit set",
            [Frame::text("").claims(u64::MAX)],
            1009,
        ),
        case(
            "two fragments",
            [Frame::text(long(most)).part(), Frame::more(" ")],
            1009,
        ),
        case(
            "two fragments of 40,000",
            [
                Frame::text(long(40_000)).part(),
                Frame::more(long(40_000)).part(),
            ],
            1009,
        ),
        case(
            "two fragments of bytes",
            [Frame::binary(long(most)).part(), Frame::more(" ").part()],
            1009,
        ),
        case(
            "a second fragment with a large length",
            [Frame::text("a").part(), Frame::more("").claims(1 << 40)],
            1009,
        ),
        case("a fragment of one byte each", tiny, 1009),
    ]
}
