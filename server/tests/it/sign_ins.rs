//! Sign-ins: refreshed, replaced, and beside a clock that is set.

use std::sync::atomic::{AtomicI64, Ordering};

use reqwest::{Client, header};
use serde_json::{Value, json};
use server::Clock;
use testing::{PASSWORD, PATIENCE, Raw, TestApi, TestServer};

const HOUR_MS: i64 = 3_600_000;

/// Refreshes as a device that looks like `agent`.
async fn refresh(server: &TestServer, body: Value, agent: &str) -> (u16, Value) {
    let answer = Client::new()
        .post(format!("{}/api/v1/sessions/refresh", server.url))
        .header(header::USER_AGENT, agent)
        .json(&body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn token(token: &str) -> Value {
    json!({ "refresh_token": token })
}

/// The tokens of an answer, which must be one.
fn pair((status, body): (u16, Value)) -> (String, String) {
    assert_eq!(status, 200, "{body}");
    let text = |key: &str| body[key].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

async fn works(server: &TestServer, access: &str) -> bool {
    let answer = Client::new()
        .get(format!("{}/api/v1/rooms", server.url))
        .bearer_auth(access)
        .send()
        .await
        .unwrap();
    answer.status().is_success()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_sent_twice_gets_the_same_answer() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let server = TestServer::unlimited(None, Clock::jumping(&SKEW), &[]).await;
    let ada = server.sign_up("ada").await;
    let (mut socket, _) = Raw::hello(&server.url, &ada.token, None).await;
    let begun = tokio::time::Instant::now();
    let once = || refresh(&server, token(&ada.refresh), "bot/1");
    let (one, two, three, four) = tokio::join!(once(), once(), once(), once());
    let first = pair(one);
    for answer in [two, three, four] {
        assert_eq!(pair(answer), first, "at once");
    }
    assert!(works(&server, &first.0).await && works(&server, &ada.token).await);
    // The answer was lost, the server began anew meanwhile, and 25 s have passed.
    let server = server.restart().await;
    assert_eq!(socket.ends().await.0, 1012);
    let passed = i64::try_from(begun.elapsed().as_millis()).unwrap();
    SKEW.store(25_000 - passed, Ordering::SeqCst);
    let again = refresh(&server, token(&ada.refresh), "bot/1").await;
    let left = again.1["expires_in"].as_u64().unwrap();
    assert!((870..=876).contains(&left), "{left} s are left of 900");
    assert_eq!(pair(again), first);
    // The chain goes on from there.
    let second = pair(refresh(&server, token(&first.1), "bot/1").await);
    assert!(second.0 != first.0 && second.1 != first.1);
    assert!(works(&server, &second.0).await);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spent_token_ends_its_sign_in() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let server = TestServer::unlimited(None, Clock::jumping(&SKEW), &[]).await;
    let ada = server.sign_up("ada").await;
    let phone = TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    for (n, (later_ms, agent, device)) in [
        (31_000, "bot/1", None),
        (3 * HOUR_MS, "bot/1", None),
        (0, "bot/2", None),
        (10_000, "Mozilla/5.0 (X11; Linux) Firefox/140.0", None),
        (0, "bot/1", Some("fedcba9876543210")),
    ]
    .into_iter()
    .enumerate()
    {
        SKEW.store(0, Ordering::SeqCst);
        let device_id = format!("0123456789abcdef-{n}");
        let thing = TestApi::sign_in_on(&server.url, "ada", PASSWORD, Some(&device_id)).await;
        let thing = thing.unwrap();
        let (mut socket, _) = Raw::hello(&server.url, &thing.token, None).await;
        let own = json!({ "refresh_token": thing.refresh, "device": device_id });
        let fresh = pair(refresh(&server, own.clone(), "bot/1").await);
        assert_eq!(pair(refresh(&server, own, "bot/1").await), fresh, "{n}");
        SKEW.store(later_ms, Ordering::SeqCst);
        let mut body = token(&thing.refresh);
        if let Some(device) = device {
            body["device"] = device.into();
        }
        let (status, answer) = refresh(&server, body, agent).await;
        assert_eq!(status, 401, "{n}: {answer}");
        assert_eq!(answer["error"]["code"], "unauthorized", "{n}");
        assert_eq!(socket.ends().await.0, 4500, "{n}");
        assert!(!works(&server, &fresh.0).await, "{n}");
        let (status, _) = refresh(&server, token(&fresh.1), "bot/1").await;
        assert_eq!(status, 401, "{n}");
    }
    SKEW.store(0, Ordering::SeqCst);
    // A token that is older than the spent one.
    let fresh = pair(refresh(&server, token(&phone.refresh), "bot/1").await);
    let next = pair(refresh(&server, token(&fresh.1), "bot/1").await);
    let (status, _) = refresh(&server, token(&phone.refresh), "bot/1").await;
    assert_eq!(status, 401);
    assert!(!works(&server, &next.0).await);
    assert!(works(&server, &ada.token).await, "another sign-in");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_devices_token_is_not_refreshed_even_once() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let body = json!({ "refresh_token": ada.refresh, "device": "fedcba9876543210" });
    assert_eq!(refresh(&server, body, "bot/1").await.0, 401);
    assert!(!works(&server, &ada.token).await);
    let body = json!({ "refresh_token": ada.refresh, "device": "short" });
    assert_eq!(refresh(&server, body, "bot/1").await.0, 422);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_back_refuses_nobody() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let mut server = TestServer::unlimited(None, Clock::jumping(&SKEW), &[]).await;
    server.sign_up("ada").await;
    for back_ms in [3_000, HOUR_MS, 20 * HOUR_MS] {
        SKEW.store(0, Ordering::SeqCst);
        let answer = Client::new()
            .post(format!("{}/api/v1/sessions", server.url))
            .json(&json!({ "name": "ada", "password": PASSWORD }))
            .send()
            .await
            .unwrap();
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let body: Value = answer.json().await.unwrap();
        let (access, renew) = pair((200, body));
        SKEW.store(-back_ms, Ordering::SeqCst);
        assert!(works(&server, &access).await, "bearer, {back_ms}");
        drop(Raw::hello(&server.url, &access, None).await);
        // A server that began anew knows it from the sign-in.
        server = server.restart().await;
        assert!(works(&server, &access).await, "{back_ms}, later");
        let page = Client::new()
            .get(format!("{}/api/v1/rooms", server.url))
            .header(header::COOKIE, &cookie)
            .send()
            .await
            .unwrap();
        assert_eq!(page.status(), 200, "cookie, {back_ms}");
        let fresh = pair(refresh(&server, token(&renew), "bot/1").await);
        assert!(
            works(&server, &fresh.0).await && works(&server, &access).await,
            "refreshed, {back_ms}"
        );
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_sign_in_on_a_device_replaces_the_first() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    server.sign_up("wren").await;
    let device = Some("0123456789abcdef");
    let on_it = |name| TestApi::sign_in_on(&server.url, name, PASSWORD, device);
    let first = on_it("ada").await.unwrap();
    let wren = on_it("wren").await.unwrap();
    let (mut socket, _) = Raw::hello(&server.url, &first.token, None).await;
    let second = on_it("ada").await.unwrap();
    assert_eq!(socket.ends().await.0, 4500);
    assert_eq!(first.get("/rooms").await.0, 401);
    assert_eq!(
        refresh(&server, token(&first.refresh), "bot/1").await.0,
        401
    );
    for other in [&ada, &wren, &second] {
        assert_eq!(other.get("/rooms").await.0, 200);
    }
    let (_, listed) = second.get("/sessions").await;
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 2);
    server.close().await;
}

const DAY_MS: i64 = 24 * HOUR_MS;

/// The session cookie that an answer sets, and for how long.
fn cookie_of(answer: &reqwest::Response) -> Option<(String, u64)> {
    let lines = answer.headers().get_all(header::SET_COOKIE).iter();
    let mut lines = lines.map(|line| line.to_str().unwrap());
    let line = lines.find(|line| line.starts_with("hubbub_session_"))?;
    let life = line.split("Max-Age=").nth(1).unwrap();
    let life = life.split(';').next().unwrap().parse().unwrap();
    Some((line.split(';').next().unwrap().to_owned(), life))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_used_goes_on_for_a_year() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let server = TestServer::unlimited(None, Clock::jumping(&SKEW), &[]).await;
    let ada = server.sign_up("ada").await;
    let idle = server.sign_up("wren").await;
    let mut tokens = (ada.token, ada.refresh);
    for day in (20..=360).step_by(20).chain([364]) {
        SKEW.store(day * DAY_MS, Ordering::SeqCst);
        tokens = pair(refresh(&server, token(&tokens.1), "bot/1").await);
        assert!(works(&server, &tokens.0).await, "day {day}");
        if day == 40 {
            let (status, _) = refresh(&server, token(&idle.refresh), "bot/1").await;
            assert_eq!(status, 401, "30 idle days end it");
        }
    }
    SKEW.store(365 * DAY_MS, Ordering::SeqCst);
    assert_eq!(refresh(&server, token(&tokens.1), "bot/1").await.0, 401);
    assert!(!works(&server, &tokens.0).await);
    SKEW.store(0, Ordering::SeqCst);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn using_it_is_enough_and_the_cookie_goes_on_too() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let flags = ["--access-ttl-s=86400", "--signin-ttl-s=86400"];
    let server = TestServer::unlimited(None, Clock::jumping(&SKEW), &flags).await;
    let http = Client::new();
    let made = http
        .post(format!("{}/api/v1/accounts", server.url))
        .json(&json!({ "name": "ada", "password": PASSWORD }))
        .send()
        .await
        .unwrap();
    let (mut cookie, life) = cookie_of(&made).unwrap();
    assert!((364 * 86_400..=365 * 86_400).contains(&life), "{life}");
    let page = async |cookie: &str| {
        let asked = http.get(format!("{}/you", server.url));
        asked.header(header::COOKIE, cookie).send().await.unwrap()
    };
    assert_eq!(cookie_of(&page(&cookie).await), None, "not so soon");
    for hours in (20..=200).step_by(20) {
        SKEW.store(hours * HOUR_MS, Ordering::SeqCst);
        let (fresh, left) = cookie_of(&page(&cookie).await).expect("it is renewed");
        assert!(left < life, "{left}");
        // Noted once an hour: when it is, the cookie stays as it is.
        let noted = async { while cookie_of(&page(&fresh).await).is_some() {} };
        tokio::time::timeout(PATIENCE, noted)
            .await
            .expect("it is noted");
        SKEW.store(hours * HOUR_MS + HOUR_MS / 2, Ordering::SeqCst);
        assert_eq!(cookie_of(&page(&fresh).await), None, "{hours}");
        cookie = fresh;
    }
    SKEW.store(225 * HOUR_MS, Ordering::SeqCst);
    let over = page(&cookie).await;
    assert!(over.url().path() == "/sign-in", "an idle day ends it");
    SKEW.store(0, Ordering::SeqCst);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_connection_is_a_use() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let server =
        TestServer::unlimited(None, Clock::jumping(&SKEW), &["--signin-ttl-s=86400"]).await;
    let watcher = server.sign_up("ada").await;
    let [here, away] = [
        TestApi::sign_in(&server.url, "ada", PASSWORD)
            .await
            .unwrap(),
        TestApi::sign_in(&server.url, "ada", PASSWORD)
            .await
            .unwrap(),
    ];
    let (mut socket, _) = Raw::hello(&server.url, &here.token, None).await;
    let mut renews = watcher.refresh.clone();
    for hours in (20..=100).step_by(20) {
        SKEW.store(hours * HOUR_MS, Ordering::SeqCst);
        // Who looks has a sign-in of their own.
        let (access, next) = pair(refresh(&server, token(&renews), "bot/1").await);
        renews = next;
        let now = u64::try_from(hours * HOUR_MS).unwrap() + Clock::system().now_ms();
        let noted = async || {
            let listed = Client::new()
                .get(format!("{}/api/v1/sessions", server.url))
                .bearer_auth(&access)
                .send()
                .await
                .unwrap();
            let listed: Value = listed.json().await.unwrap();
            let all = listed["sessions"].as_array().unwrap().clone();
            let seen = all.iter().map(|one| one["seen_at"].as_u64().unwrap());
            let recent = seen.filter(|at| now.abs_diff(*at) < 3_600_000).count();
            recent == 2 && all.len() == if hours < 24 { 3 } else { 2 }
        };
        let looking = async { while !noted().await {} };
        tokio::time::timeout(PATIENCE, looking)
            .await
            .expect("it is noted that the one with a connection is used");
    }
    socket.say(&json!({ "t": "ping", "n": 1 })).await;
    socket.hear_a("pong").await;
    pair(refresh(&server, token(&here.refresh), "bot/1").await);
    assert_eq!(refresh(&server, token(&away.refresh), "bot/1").await.0, 401);
    SKEW.store(0, Ordering::SeqCst);
    server.close().await;
}
