//! Texts that are not UTF-8.

use testing::wire::WsFrame;

use super::{Case, case};

/// Section 8.1: text is UTF-8. As soon as no continuation can mend it, it fails: most of these are never finished.
pub(super) fn texts() -> Vec<Case> {
    let bad: &[(&str, &[u8])] = &[
        ("a byte that never occurs, fe", b"\xfe"),
        ("a byte that never occurs, ff", b"a\xff"),
        ("a lone continuation", b"\x80"),
        ("a lone continuation after text", b"hello \xbf"),
        ("half a character and ASCII", b"\xc3\x28"),
        ("a slash in two bytes", b"\xc0\xaf"),
        ("a slash in three bytes", b"\xe0\x80\xaf"),
        ("a slash in four bytes", b"\xf0\x80\x80\xaf"),
        ("the largest in too many bytes, c1", b"\xc1\xbf"),
        ("the largest in too many bytes, e0", b"\xe0\x9f\xbf"),
        ("the largest in too many bytes, f0", b"\xf0\x8f\xbf\xbf"),
        ("a high surrogate", b"\xed\xa0\x80"),
        ("a low surrogate", b"\xed\xbf\xbf"),
        ("a pair of surrogates", b"\xed\xa0\xbd\xed\xb8\x80"),
        ("beyond the last character", b"\xf4\x90\x80\x80"),
        ("far beyond the last character", b"\xf5\x80\x80\x80"),
        ("five bytes", b"\xf8\x88\x80\x80\x80"),
        ("six bytes", b"\xfc\x84\x80\x80\x80\x80"),
        ("three of four bytes and ASCII", b"\xf0\x9f\x98a"),
        (
            "after good Greek",
            b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited",
        ),
    ];
    let mut cases = Vec::new();
    for (what, text) in bad {
        cases.push(case(format!("{what}, whole"), [WsFrame::text(text)], 1007));
        cases.push(case(
            format!("{what}, early"),
            [WsFrame::text(text).part()],
            1007,
        ));
        cases.push(case(
            format!("{what}, in a later fragment"),
            [WsFrame::text("good").part(), WsFrame::more(text).part()],
            1007,
        ));
        let bytes = text.iter().enumerate().map(|(at, byte)| match at {
            0 => WsFrame::text([*byte]).part(),
            _ => WsFrame::more([*byte]).part(),
        });
        cases.push(case(
            format!("{what}, a byte a fragment"),
            bytes.collect::<Vec<_>>(),
            1007,
        ));
    }
    for half in [&b"\xc3"[..], b"\xe2\x82", b"\xf0\x9f\x98", b"text \xf0"] {
        cases.push(case(
            format!("ends with {half:x?}"),
            [WsFrame::text(half)],
            1007,
        ));
        cases.push(case(
            format!("ends with {half:x?}, then an empty fragment"),
            [WsFrame::text(half).part(), WsFrame::more("")],
            1007,
        ));
        cases.push(case(
            format!("ends with {half:x?}, then a ping and ASCII"),
            [
                WsFrame::text(half).part(),
                WsFrame::ping(b"\xff"),
                WsFrame::more("a").part(),
            ],
            1007,
        ));
    }
    cases
}
