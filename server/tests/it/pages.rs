//! The pages, as a browser without scripts gets them.

use std::{
    io::Read as _,
    sync::atomic::{AtomicI64, Ordering},
};

use flate2::read::GzDecoder;
use protocol::RoomId;
use reqwest::{Client, header, redirect::Policy};
use server::Clock;
use testing::{PASSWORD, TestServer};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

fn browser() -> Client {
    Client::builder()
        .cookie_store(true)
        .redirect(Policy::none())
        .build()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_begins_before_it_is_drawn() {
    let server = TestServer::start().await;
    let mut page = browser().get(&server.url).send().await.unwrap();
    let first = page.chunk().await.unwrap().unwrap();
    let first = String::from_utf8(first.to_vec()).unwrap();
    assert!(first.starts_with("<!doctype html>") && first.contains("stylesheet"));
    assert!(!first.contains("<title>"), "{first}");
    let mut rest = String::new();
    while let Some(piece) = page.chunk().await.unwrap() {
        rest += std::str::from_utf8(&piece).unwrap();
    }
    assert!(rest.starts_with("<title>") && rest.ends_with("</html>"));
    // Whoever asks only for the head of the answer has nothing drawn, and hears the same.
    let head = browser().head(&server.url).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert!(head.headers().contains_key(header::CONTENT_SECURITY_POLICY));
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_visit_to_the_room_without_scripts() {
    let server = TestServer::with_flags(&["--signup=invite"]).await;
    let ada = browser();
    let first = ada.get(&server.url).send().await.unwrap();
    let policy = first.headers()[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("script-src 'self' 'nonce-") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    let html = first.text().await.unwrap();
    assert!(
        html.contains("action=\"/first\"") && !html.contains(" style="),
        "{html}"
    );
    let short = ada
        .post(format!("{}/first", server.url))
        .form(&[("name", "Ada <b>"), ("password", "short")])
        .send()
        .await
        .unwrap();
    assert_eq!(short.status(), 422);
    let html = short.text().await.unwrap();
    assert!(html.contains("Ada &lt;b&gt;") && !html.contains("value=\"short\""));
    let fields = [("name", "Ada Marlow"), ("password", "correct horse")];
    let done = ada
        .post(format!("{}/first", server.url))
        .form(&fields)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (
            done.status().as_u16(),
            done.headers()[header::LOCATION].to_str().unwrap()
        ),
        (303, "/rooms/1")
    );
    let room = ada
        .get(format!("{}/rooms/1", server.url))
        .send()
        .await
        .unwrap();
    assert_eq!(room.status(), 200);
    assert!(room.text().await.unwrap().contains("general"));
    let again = browser()
        .post(format!("{}/first", server.url))
        .form(&fields)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 409);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_shown_the_door_and_the_way_back() {
    let server = TestServer::start().await;
    server.sign_up("ada").await;
    let stranger = browser();
    let away = stranger
        .get(format!("{}/rooms/1?at=3", server.url))
        .send()
        .await
        .unwrap();
    assert_eq!(
        away.headers()[header::LOCATION],
        "/sign-in?next=/rooms/1%3Fat%3D3"
    );
    let fields = |password: &'static str, next: &'static str| {
        [("name", "ada"), ("password", password), ("next", next)]
    };
    let wrong = stranger
        .post(format!("{}/sign-in", server.url))
        .form(&fields("wrong horse", "/rooms/1"))
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), 401);
    for (next, expected) in [
        ("/rooms/1?at=3", "/rooms/1?at=3"),
        ("//evil.example", "/rooms/1"),
        ("https://evil.example", "/rooms/1"),
    ] {
        let done = browser()
            .post(format!("{}/sign-in", server.url))
            .form(&fields("correct horse", next))
            .send()
            .await
            .unwrap();
        assert_eq!(
            (
                done.status().as_u16(),
                done.headers()[header::LOCATION].to_str().unwrap()
            ),
            (303, expected)
        );
    }
    let foreign = stranger
        .post(format!("{}/sign-in", server.url))
        .header("origin", "http://evil.example")
        .form(&fields("correct horse", "/"))
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 403);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn languages_and_what_is_not_there() {
    let server = TestServer::start().await;
    server.sign_up("ada").await;
    let page = |accept: &'static str| {
        let request = browser()
            .get(format!("{}/sign-in", server.url))
            .header("accept-language", accept);
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    assert!(page("en-GB,en;q=0.9").await.contains("lang=\"en\""));
    assert!(page("zh-CN,zh;q=0.9,en;q=0.8").await.contains("lang=\"zh"));
    let missing = browser()
        .get(format!("{}/nothing/here", server.url))
        .send()
        .await
        .unwrap();
    assert_eq!(missing.status(), 404);
    for path in ["/healthz", "/readyz", "/api/v1/openapi.json"] {
        assert_eq!(
            browser()
                .get(format!("{}{path}", server.url))
                .send()
                .await
                .unwrap()
                .status(),
            200,
            "{path}"
        );
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_told_by_the_rules_of_their_day() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let clock = Clock::jumping(&SKEW);
    let system_ms = clock.now_ms();
    let server = TestServer::unlimited(None, clock, &[]).await;
    let show = |at_ms: u64| {
        let skew = i64::try_from(at_ms).unwrap() - i64::try_from(system_ms).unwrap();
        SKEW.store(skew, Ordering::Relaxed);
    };
    // Monday 23 November 2026, about 02:13 UTC, and from 15 July, 22:30:30 UTC; the test has half a minute.
    let (november, july) = (1_795_400_000_000, 1_784_154_630_000);
    show(july);
    let api = server.sign_up("ada").await;
    api.say(RoomId::new(1).unwrap(), "said in July").await;
    show(november);
    let ada = Client::builder().redirect(Policy::none()).build().unwrap();
    let form = [("name", "ada"), ("password", PASSWORD)];
    let sign_in = format!("{}/sign-in", server.url);
    let signed_in = ada
        .post(&sign_in)
        .header(header::ORIGIN, &server.url)
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(signed_in.status(), 303);
    let cookies: Vec<String> = signed_in
        .cookies()
        .map(|cookie| format!("{}={}", cookie.name(), cookie.value()))
        .collect();
    let cookies = cookies.join("; ");
    for (zone, day, time) in [
        ("60/Europe/Berlin", "Thu 16 Jul", "00:30"),
        // As a page of before told it: today's minutes, for want of more.
        ("60", "Wed 15 Jul", "23:30"),
        ("660/Australia/Lord_Howe", "Thu 16 Jul", "09:00"),
        ("-210/America/St_Johns", "Wed 15 Jul", "20:00"),
        ("0/Europe/London", "Wed 15 Jul", "23:30"),
        ("-480/Mars/Olympus_Mons", "Wed 15 Jul", "14:30"),
        ("", "Wed 15 Jul", "22:30"),
    ] {
        let page = ada
            .get(format!("{}/rooms/1", server.url))
            .header(header::COOKIE, format!("{cookies}; hubbub_tz={zone}"))
            .send()
            .await
            .unwrap();
        let html = page.text().await.unwrap();
        assert!(html.contains("said in July"), "{zone}: {html}");
        assert!(html.contains(&format!(">{day}<")), "{zone}: {html}");
        assert!(html.contains(&format!(">{time}<")), "{zone}: {html}");
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_compressed_and_begins_as_early() {
    let server = TestServer::start().await;
    let plain = reqwest::get(&server.url).await.unwrap();
    assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    let plain = plain.text().await.unwrap();
    let ask = Client::new().get(&server.url);
    let mut page = ask
        .header(header::ACCEPT_ENCODING, "gzip, deflate, br, zstd")
        .send()
        .await
        .unwrap();
    let headers = page.headers();
    assert_eq!(headers[header::CONTENT_ENCODING], "gzip");
    let vary = headers[header::VARY].to_str().unwrap();
    assert!(vary.contains("accept-encoding"), "{vary}");
    let first = page.chunk().await.unwrap().unwrap();
    let mut packed = first.to_vec();
    let mut begins = String::new();
    // It ends too early, but what is there can be read.
    let _ = GzDecoder::new(&first[..]).read_to_string(&mut begins);
    assert!(begins.starts_with("<!doctype html>") && begins.contains("stylesheet"));
    assert!(!begins.contains("<title>"), "{begins}");
    while let Some(piece) = page.chunk().await.unwrap() {
        packed.extend_from_slice(&piece);
    }
    let mut whole = String::new();
    GzDecoder::new(&packed[..])
        .read_to_string(&mut whole)
        .unwrap();
    // Each has a nonce of its own.
    assert!(whole.ends_with("</html>") && whole.len().abs_diff(plain.len()) < 100);
    assert!(
        packed.len() < plain.len() / 2,
        "{} of {}",
        packed.len(),
        plain.len()
    );
    server.close().await;
}

/// Says something over a connection of its own, and tells the status that comes back.
async fn raw(url: &str, said: &str) -> u16 {
    let addr = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(said.as_bytes()).await.unwrap();
    let mut head = String::new();
    BufReader::new(&mut stream)
        .read_line(&mut head)
        .await
        .unwrap();
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_one_host() {
    let server = TestServer::start().await;
    for (path, good) in [("/", 200), ("/healthz", 200), ("/api/v1/openapi.json", 200)] {
        for (version, hosts, status) in [
            ("1.1", "Host: chat.example\r\n", good),
            ("1.0", "", good),
            ("1.1", "", 400),
            ("1.1", "Host: a.example\r\nHost: a.example\r\n", 400),
            ("1.1", "Host: a.example\r\nhost: b.example\r\n", 400),
            ("1.1", "Host: a b\r\n", 400),
            ("1.1", "Host:\r\n", 400),
        ] {
            let said = format!("GET {path} HTTP/{version}\r\n{hosts}\r\n");
            assert_eq!(raw(&server.url, &said).await, status, "{said}");
        }
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_elsewhere_is_answered_with_what_to_set() {
    let server = TestServer::start().await;
    for path in ["/first", "/sign-in", "/join/x", "/reset/x", "/preferences"] {
        let post = browser().post(format!("{}{path}", server.url));
        let post = post
            .header("origin", "http://chat.example")
            .form(&[("name", "Ada")]);
        let answer = post.try_clone().unwrap().send().await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
        let page = answer.text().await.unwrap();
        let own = server.url.strip_prefix("http://").unwrap();
        for told in [
            "http://chat.example",
            own,
            "HUBBUB_PUBLIC_URL",
            "lang=\"en\"",
        ] {
            assert!(page.contains(told), "{path}: {page}");
        }
        let answer = post
            .header("accept-language", "zh-CN")
            .send()
            .await
            .unwrap();
        let page = answer.text().await.unwrap();
        assert!(page.contains("代理") && page.contains("HUBBUB_PUBLIC_URL"));
    }
    // The browser knows better than a proxy that changes the host on the way.
    server.sign_up("ada").await;
    let fields = [("name", "ada"), ("password", PASSWORD)];
    let post = browser()
        .post(format!("{}/sign-in", server.url))
        .form(&fields);
    let post = post.header("origin", "https://chat.example");
    let answer = post.header("sec-fetch-site", "same-origin").send().await;
    assert_eq!(answer.unwrap().status(), 303);
    server.close().await;
}
