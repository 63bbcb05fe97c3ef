//! Cookies of a sign-in: beside those of others, and of other servers on the same host.

use futures_util::StreamExt as _;
use reqwest::{Client, StatusCode, header, redirect::Policy};
use serde_json::{Value, json};
use server::{
    Entropy, Secret,
    parts::{Audience, Subject, Tokens},
};
use testing::{PASSWORD, PATIENCE, Raw, TestServer};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

fn browser() -> Client {
    Client::builder()
        .cookie_store(true)
        .redirect(Policy::none())
        .build()
        .unwrap()
}

/// Signs in, or up if `path` is `accounts`; tells the session cookie's name and value.
async fn session(http: &Client, server: &TestServer, path: &str) -> (String, String) {
    let answer = http
        .post(format!("{}/api/v1/{path}", server.url))
        .header(header::ORIGIN, &server.url)
        .json(&json!({ "name": "ada", "password": PASSWORD }))
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    let lines = answer.headers().get_all(header::SET_COOKIE).iter();
    let mut lines = lines.map(|line| line.to_str().unwrap());
    let line = lines.find(|line| line.contains("session")).unwrap();
    let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
    (name.to_owned(), value.to_owned())
}

/// What the API, a page and a socket say to whoever comes with this header.
async fn answers(server: &TestServer, cookie: &[u8]) -> (StatusCode, StatusCode, Option<u16>) {
    let cookie = header::HeaderValue::from_bytes(cookie).unwrap();
    let http = Client::builder().redirect(Policy::none()).build().unwrap();
    let get = async |path: &str| {
        let request = http.get(format!("{}{path}", server.url));
        let request = request.header(header::COOKIE, cookie.clone());
        request.send().await.unwrap().status()
    };
    let (api, page) = (get("/api/v1/users/me").await, get("/you").await);
    let origin = server.url.parse().unwrap();
    let headers = [(header::COOKIE, cookie), (header::ORIGIN, origin)];
    let headers = headers.into_iter().collect();
    let mut socket = Raw::open_with(&server.url, headers).await.unwrap();
    let hello = json!({ "t": "hello", "v": 1, "device": "0123456789abcdef", "client": "test" });
    socket.say(&hello).await;
    let code = match timeout(PATIENCE, socket.0.next()).await.unwrap() {
        Some(Ok(Message::Close(Some(frame)))) => Some(frame.code.into()),
        _ => None,
    };
    (api, page, code)
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_cookies_of_others_hide_nobody() {
    let server = TestServer::start().await;
    let (name, value) = session(&browser(), &server, "accounts").await;
    let good = format!("{name}={value}");
    let stale = format!("{name}={}x", &value[..value.len() - 1]);
    let forged = format!("{name}=eyJhbGciOiJub25lIn0.e30.");
    let b = |pieces: &[&[u8]]| pieces.concat();
    let me = (StatusCode::OK, StatusCode::OK, None);
    for cookie in [
        good.clone().into_bytes(),
        b(&["owner=José; ".as_bytes(), good.as_bytes()]),
        b(&[b"x=\xff\xfe\x80; ", good.as_bytes(), b"; y=\xe9"]),
        b(&[b"=; ;;x; =y; ", good.as_bytes(), b";"]),
        b(&[b"a=\"one; two\"; ", good.as_bytes()]),
        format!("{name}=\"{value}\"").into_bytes(),
        format!("{name}=; {good}").into_bytes(),
        format!("{good}; {name}=").into_bytes(),
        format!("{stale}; {good}").into_bytes(),
        format!("{forged}; {name}=a.b.c; {name}=nothing; {good}").into_bytes(),
        format!("hubbub_session=a.b.c; {good}; hubbub_session=1").into_bytes(),
    ] {
        let shown = String::from_utf8_lossy(&cookie).into_owned();
        assert_eq!(answers(&server, &cookie).await, me, "{shown}");
    }
    let nobody = (StatusCode::UNAUTHORIZED, StatusCode::SEE_OTHER, Some(4501));
    for cookie in [stale, forged, format!("x{good}"), format!("{name}=")] {
        assert_eq!(
            answers(&server, cookie.as_bytes()).await,
            nobody,
            "{cookie}"
        );
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_host_leave_each_other_signed_in() {
    let (one, two) = (TestServer::start().await, TestServer::start().await);
    let http = browser();
    let (first, _) = session(&http, &one, "accounts").await;
    let (second, _) = session(&http, &two, "accounts").await;
    assert_ne!(first, second);
    let secret = std::fs::read_to_string(one.folder().join("secret.key")).unwrap();
    let tail = first.rsplit('_').next().unwrap();
    assert!(!secret.contains(tail), "{tail}");
    let me = async |server: &TestServer| {
        let asked = http.get(format!("{}/api/v1/users/me", server.url)).send();
        asked.await.unwrap().status().as_u16()
    };
    assert_eq!((me(&one).await, me(&two).await), (200, 200));
    let out = http
        .post(format!("{}/sign-out", one.url))
        .header(header::ORIGIN, &one.url)
        .send()
        .await
        .unwrap();
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    assert_eq!(out.headers()["clear-site-data"], "\"cache\"");
    assert_eq!((me(&one).await, me(&two).await), (401, 200));
    // The name stays with the data folder.
    let two = two.restart().await;
    assert_eq!(me(&two).await, 200);
    one.close().await;
    two.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signed_in_under_the_old_name_still_is() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let secret = Secret::load(server.folder(), &mut Entropy::system().rng()).unwrap();
    let tokens = Tokens::new(&secret);
    let now = server::Clock::system().now_ms();
    let claims = tokens.read(Audience::Access, &ada.token, now).unwrap();
    let subject = Subject {
        user: claims.user().unwrap(),
        sign_in: claims.sid,
        device: &claims.dev,
    };
    let old = tokens.make(Audience::OldSession, subject, now, 30 * 86_400, None);
    let cookie = format!("hubbub_session={}", old.unwrap());
    let me = (StatusCode::OK, StatusCode::OK, None);
    assert_eq!(answers(&server, cookie.as_bytes()).await, me);
    // The next answer gives it its name of now.
    let page = Client::new()
        .get(format!("{}/you", server.url))
        .header(header::COOKIE, &cookie)
        .send()
        .await
        .unwrap();
    let lines = page.headers().get_all(header::SET_COOKIE).iter();
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap()).collect();
    let [fresh, gone] = lines[..] else {
        panic!("{lines:?}")
    };
    assert!(gone.starts_with("hubbub_session=;") && gone.contains("Max-Age=0"));
    let fresh = fresh.split(';').next().unwrap();
    assert!(fresh.starts_with("hubbub_session_"), "{fresh}");
    assert_eq!(answers(&server, fresh.as_bytes()).await, me);
    // What is made now is not taken under the old name, where another host of the domain could have put it.
    let new = tokens.make(Audience::Session, subject, now, 30 * 86_400, None);
    let cookie_of_now = format!("hubbub_session={}", new.unwrap());
    let (api, ..) = answers(&server, cookie_of_now.as_bytes()).await;
    assert_eq!(api, StatusCode::UNAUTHORIZED);
    // A new sign-in takes the old one's cookie away, so that signing out of it signs out.
    let answer = Client::new()
        .post(format!("{}/api/v1/sessions", server.url))
        .header(header::ORIGIN, &server.url)
        .header(header::COOKIE, &cookie)
        .json(&json!({ "name": "ada", "password": PASSWORD }))
        .send()
        .await
        .unwrap();
    let lines = answer.headers().get_all(header::SET_COOKIE).iter();
    let gone = |line: &header::HeaderValue| {
        let line = line.to_str().unwrap();
        line.starts_with("hubbub_session=;") && line.contains("Max-Age=0")
    };
    assert_eq!(lines.filter(|line| gone(line)).count(), 1);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_refreshes_by_its_cookie() {
    let server = TestServer::start().await;
    let http = browser();
    session(&http, &server, "accounts").await;
    let refresh = async || {
        let answer = http
            .post(format!("{}/api/v1/sessions/refresh", server.url))
            .header(header::ORIGIN, &server.url)
            .send()
            .await
            .unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    for _ in 0..3 {
        let (status, body) = refresh().await;
        assert_eq!(status, 200, "{body}");
    }
    let me = http.get(format!("{}/api/v1/users/me", server.url)).send();
    assert_eq!(me.await.unwrap().status(), StatusCode::OK);
    server.close().await;
}
