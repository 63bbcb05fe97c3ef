//! The opening handshake (section 4.2).

use testing::{
    TestServer,
    wire::{AnswerHead, RawWire},
};

const GET: &str = "GET /ws HTTP/1.1";
const UPGRADE: &str = "Upgrade: websocket";
const CONNECTION: &str = "Connection: Upgrade";
const VERSION: &str = "Sec-WebSocket-Version: 13";
const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

/// What is asked in which way, and the status of the answer.
const REQUESTS: &[(&str, &str, &[&str], u16)] = &[
    ("all", GET, &[UPGRADE, CONNECTION, VERSION, KEY], 101),
    (
        "names and words in any case",
        GET,
        &["uPGRADE: WebSocket", "CONNECTION: uPgRaDe", VERSION, KEY],
        101,
    ),
    (
        "a list of what the connection is",
        GET,
        &[UPGRADE, "Connection: keep-alive, Upgrade", VERSION, KEY],
        101,
    ),
    (
        "the list on two lines",
        GET,
        &[UPGRADE, "Connection: keep-alive", CONNECTION, VERSION, KEY],
        101,
    ),
    (
        "an extension that is not known",
        GET,
        &[
            UPGRADE,
            CONNECTION,
            VERSION,
            KEY,
            "Sec-WebSocket-Extensions: permessage-deflate",
        ],
        101,
    ),
    (
        "a query",
        "GET /ws?a=b HTTP/1.1",
        &[UPGRADE, CONNECTION, VERSION, KEY],
        101,
    ),
    ("no upgrade", GET, &[CONNECTION, VERSION, KEY], 426),
    (
        "another upgrade",
        GET,
        &["Upgrade: h2c", CONNECTION, VERSION, KEY],
        426,
    ),
    ("no connection header", GET, &[UPGRADE, VERSION, KEY], 426),
    (
        "a connection header that only contains the word",
        GET,
        &[UPGRADE, "Connection: no-upgrade-please", VERSION, KEY],
        426,
    ),
    ("nothing", GET, &[], 426),
    ("no version", GET, &[UPGRADE, CONNECTION, KEY], 426),
    (
        "version 8",
        GET,
        &[UPGRADE, CONNECTION, "Sec-WebSocket-Version: 8", KEY],
        426,
    ),
    (
        "version 14",
        GET,
        &[UPGRADE, CONNECTION, "Sec-WebSocket-Version: 14", KEY],
        426,
    ),
    (
        "version 013",
        GET,
        &[UPGRADE, CONNECTION, "Sec-WebSocket-Version: 013", KEY],
        426,
    ),
    (
        "a version that is no number",
        GET,
        &[UPGRADE, CONNECTION, "Sec-WebSocket-Version: x", KEY],
        426,
    ),
    ("no key", GET, &[UPGRADE, CONNECTION, VERSION], 400),
    (
        "an empty key",
        GET,
        &[UPGRADE, CONNECTION, VERSION, "Sec-WebSocket-Key:"],
        400,
    ),
    (
        "a key of 15 bytes",
        GET,
        &[
            UPGRADE,
            CONNECTION,
            VERSION,
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA",
        ],
        400,
    ),
    (
        "a key of 17 bytes",
        GET,
        &[
            UPGRADE,
            CONNECTION,
            VERSION,
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAA=",
        ],
        400,
    ),
    (
        "a key that is not Base64",
        GET,
        &[
            UPGRADE,
            CONNECTION,
            VERSION,
            "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==",
        ],
        400,
    ),
    (
        "HEAD",
        "HEAD /ws HTTP/1.1",
        &[UPGRADE, CONNECTION, VERSION, KEY],
        400,
    ),
    (
        "POST",
        "POST /ws HTTP/1.1",
        &[UPGRADE, CONNECTION, VERSION, KEY, "Content-Length: 0"],
        405,
    ),
    (
        "HTTP/1.0",
        "GET /ws HTTP/1.0",
        &[UPGRADE, CONNECTION, VERSION, KEY],
        400,
    ),
];

fn header<'h>(head: &'h AnswerHead, name: &str) -> Option<&'h str> {
    let mut all = head.1.iter().filter(|(known, _)| known == name);
    let found = all.next().map(|(_, value)| value.as_str());
    assert!(all.next().is_none(), "{name} twice");
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_becomes_a_websocket_only_if_it_says_all_that_it_must() {
    let server = TestServer::start().await;
    let mut right = 0;
    for (what, first, lines, status) in REQUESTS {
        let (_, head) = RawWire::ask(&server.url, first, lines).await;
        assert_eq!(head.0, *status, "{what}");
        match status {
            101 => {
                // The very answer that section 1.3 works out for this key.
                assert_eq!(
                    header(&head, "sec-websocket-accept"),
                    Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                    "{what}"
                );
                assert_eq!(header(&head, "upgrade"), Some("websocket"), "{what}");
                assert_eq!(header(&head, "connection"), Some("upgrade"), "{what}");
                assert_eq!(
                    header(&head, "sec-websocket-extensions"),
                    None,
                    "{what}: nothing was agreed"
                );
                assert_eq!(
                    header(&head, "sec-websocket-protocol"),
                    None,
                    "{what}: none was offered"
                );
            }
            426 => {
                assert_eq!(header(&head, "upgrade"), Some("websocket"), "{what}");
                let told = what.contains("version").then_some("13");
                assert_eq!(header(&head, "sec-websocket-version"), told, "{what}");
            }
            _ => {}
        }
        right += 1;
    }
    assert_eq!(right, 24, "handshakes tried");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subprotocol_that_fits_is_echoed() {
    let server = TestServer::start().await;
    let cases: &[(&[&str], Option<&str>)] = &[
        (&["hubbub.v1"], Some("hubbub.v1")),
        (&["chat, hubbub.v1"], Some("hubbub.v1")),
        (&["hubbub.v2,hubbub.v1 ,chat"], Some("hubbub.v1")),
        (&["chat", "hubbub.v1"], Some("hubbub.v1")),
        (&["chat"], None),
        (&["Hubbub.V1"], None),
        (&["hubbub.v1x"], None),
        (&[""], None),
        (&[], None),
    ];
    let mut right = 0;
    for (offers, chosen) in cases {
        let offers: Vec<String> = offers
            .iter()
            .map(|it| format!("Sec-WebSocket-Protocol: {it}"))
            .collect();
        let mut lines = vec![UPGRADE, CONNECTION, VERSION, KEY];
        lines.extend(offers.iter().map(String::as_str));
        let (_, head) = RawWire::ask(&server.url, GET, &lines).await;
        assert_eq!(head.0, 101, "{offers:?}: a subprotocol is optional");
        assert_eq!(
            header(&head, "sec-websocket-protocol"),
            *chosen,
            "{offers:?}"
        );
        right += 1;
    }
    assert_eq!(right, 9, "offers tried");
    server.close().await;
}
