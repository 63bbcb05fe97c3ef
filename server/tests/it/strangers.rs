//! What strangers try: guessing passwords, making the server work for nothing, walking around limits, being taken for somebody else,
//! and the first account of a server that is not theirs.

use futures_util::future::join_all;
use reqwest::{Client, Method, RequestBuilder, header, redirect::Policy};
use serde_json::{Value, json};
use server::{Secret, parts::SetupCode};
use testing::{PASSWORD, Raw, ServerProcess, TestApi, TestServer, until};

use crate::support::HUBBUB;

const PHONE: &str = "0123456789abcdef";
const BEHIND_A_PROXY: &str = "--trusted-proxies=127.0.0.1/32";

/// A client whose connections are its own.
fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

fn sign_in(server: &TestServer, name: &str, password: &str) -> RequestBuilder {
    let body = json!({ "name": name, "password": password });
    client()
        .post(format!("{}/api/v1/sessions", server.url))
        .json(&body)
}

fn from_device(server: &TestServer, device: &str, password: &str) -> RequestBuilder {
    let body = json!({ "name": "ada", "password": password, "device": device });
    client()
        .post(format!("{}/api/v1/sessions", server.url))
        .json(&body)
}

fn sign_up(server: &TestServer, body: &Value) -> RequestBuilder {
    client()
        .post(format!("{}/api/v1/accounts", server.url))
        .json(body)
}

fn account(name: &str, password: &str) -> Value {
    json!({ "name": name, "password": password })
}

fn form(server: &TestServer, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
    client().post(format!("{}{path}", server.url)).form(fields)
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

/// The statuses of requests that are all under way at once.
async fn statuses(requests: impl IntoIterator<Item = RequestBuilder>) -> Vec<u16> {
    join_all(requests.into_iter().map(status)).await
}

fn count(statuses: &[u16], wanted: u16) -> usize {
    statuses.iter().filter(|status| **status == wanted).count()
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}

/// What somebody who is signed in may send too much of, with the field that is to blame.
fn with_a_token(
    server: &TestServer,
    token: &str,
    huge: &str,
) -> Vec<(RequestBuilder, &'static str)> {
    let url = |path: &str| format!("{}/api/v1{path}", server.url);
    let bearer = |method: Method, path: &str, body: Value| {
        client()
            .request(method, url(path))
            .bearer_auth(token)
            .json(&body)
    };
    vec![
        (
            bearer(Method::PATCH, "/users/me", json!({ "display_name": huge })),
            "display_name",
        ),
        (
            bearer(
                Method::PATCH,
                "/users/me",
                json!({ "password": { "old": huge, "new": "a new sentence" } }),
            ),
            "old",
        ),
        (
            bearer(
                Method::PATCH,
                "/users/me",
                json!({ "password": { "old": PASSWORD, "new": huge } }),
            ),
            "password",
        ),
        (
            bearer(
                Method::POST,
                "/rooms",
                json!({ "kind": "public", "name": huge }),
            ),
            "name",
        ),
        (
            bearer(Method::PATCH, "/rooms/1", json!({ "name": huge })),
            "name",
        ),
        (
            bearer(Method::PATCH, "/rooms/1", json!({ "topic": huge })),
            "topic",
        ),
        (
            client()
                .get(url(&format!("/users?q={}", "%EF%B7%BA".repeat(3_000))))
                .bearer_auth(token),
            "q",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn lengths_are_looked_at_first_in_every_edge() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let huge = "\u{fdfa}".repeat(80_000);
    let told = async |request: RequestBuilder, field: &str| {
        let (status, body) = answer(request).await;
        let blamed = &body["error"]["field"];
        assert_eq!((status, blamed), (422, &json!(field)), "{body}");
    };
    for (request, field) in [
        (sign_in(&server, &huge, PASSWORD), "name"),
        (sign_in(&server, "ada", &huge), "password"),
        (sign_up(&server, &account(&huge, PASSWORD)), "name"),
        (sign_up(&server, &account("wren", &huge)), "password"),
        (from_device(&server, &huge, PASSWORD), "device"),
        (
            sign_up(
                &server,
                &json!({ "name": "wren", "password": PASSWORD, "display_name": huge }),
            ),
            "display_name",
        ),
    ] {
        told(request, field).await;
    }
    for (request, field) in with_a_token(&server, &ada.token, &huge) {
        told(request, field).await;
    }
    let invite = json!({ "name": "wren", "password": PASSWORD, "invite": huge });
    assert_eq!(status(sign_up(&server, &invite)).await, 403);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_are_bounded_and_hold_whatever_may_be_right() {
    let server = TestServer::start().await;
    server.sign_up("ada").await;
    let huge = "\u{fdfa}".repeat(80_000);
    for path in ["/sign-in", "/first", "/join/x", "/preferences"] {
        let whole = form(&server, path, &[("name", &huge), ("password", PASSWORD)]);
        assert_eq!(status(whole).await, 413, "{path}");
    }
    // A form of 16 KB holds whatever may be right, however it is encoded.
    let most = "\u{1d15e}".repeat(50);
    let fits = [("name", &*most), ("password", &*"\u{1d15e}".repeat(256))];
    assert_eq!(status(form(&server, "/sign-in", &fits)).await, 401);
    let longer = "\u{fdfa}".repeat(300);
    let fields = [("name", &*longer), ("password", PASSWORD)];
    assert_eq!(status(form(&server, "/sign-in", &fields)).await, 422);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_guesses_than_the_limit_however_many_come_at_once() {
    let server = TestServer::with_flags(&["--signin-tries=3", BEHIND_A_PROXY]).await;
    server.sign_up("ada").await;
    let guess = |n: u32| {
        sign_in(&server, "ada", "wrong horse").header("x-forwarded-for", format!("203.0.113.{n}"))
    };
    let answers = statuses((1..=40).map(guess)).await;
    assert_eq!(
        (count(&answers, 401), count(&answers, 429)),
        (3, 37),
        "{answers:?}"
    );
    assert_eq!(status(sign_in(&server, "ada", PASSWORD)).await, 429);
    // One network: ten times as many, of whatever names, by the API and by the form.
    let name = |n: u32| format!("nobody-{n}");
    let guess = |n: u32| {
        let name = name(n);
        let fields = [("name", &*name), ("password", "wrong horse")];
        let request = if n.is_multiple_of(2) {
            form(&server, "/sign-in", &fields)
        } else {
            sign_in(&server, &name, "wrong horse")
        };
        request.header("x-forwarded-for", "198.51.100.1")
    };
    let answers = statuses((1..=60).map(guess)).await;
    assert_eq!(
        (count(&answers, 401), count(&answers, 429)),
        (30, 30),
        "{answers:?}"
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_lock_nobody_out_of_their_own_device() {
    let server = TestServer::with_flags(&["--signin-tries=3"]).await;
    let ada = server.sign_up("ada").await;
    assert_eq!(status(from_device(&server, PHONE, PASSWORD)).await, 200);
    let other = "another-device-0";
    let strangers = statuses((0..40).map(|_| from_device(&server, other, "wrong horse"))).await;
    assert_eq!(count(&strangers, 401), 3);
    assert_eq!(status(from_device(&server, other, PASSWORD)).await, 429);
    assert_eq!(status(from_device(&server, PHONE, PASSWORD)).await, 200);
    assert_eq!(
        status(from_device(&server, other, PASSWORD)).await,
        429,
        "the owner's coming gives strangers no new tries"
    );
    let change = |old: &str| {
        client()
            .patch(format!("{}/api/v1/users/me", server.url))
            .bearer_auth(&ada.token)
            .json(&json!({ "password": { "old": old, "new": "a new sentence" } }))
    };
    assert_eq!(status(change(PASSWORD)).await, 200);
    // Whoever holds the device has as many tries as others, and no more.
    let guesses = statuses((0..20).map(|_| change("wrong horse"))).await;
    assert_eq!(
        (count(&guesses, 403), count(&guesses, 429)),
        (3, 17),
        "{guesses:?}"
    );
    let guesses = statuses((0..20).map(|_| from_device(&server, PHONE, "wrong horse"))).await;
    assert_eq!(
        (count(&guesses, 401), count(&guesses, 429)),
        (3, 17),
        "{guesses:?}"
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_keeps_nobody_else_from_signing_in() {
    let server = TestServer::with_flags(&[
        "--signup=invite",
        "--password-workers=1",
        "--http-per-s-address=0",
        BEHIND_A_PROXY,
    ])
    .await;
    server.sign_up("ada").await;
    let from = |request: RequestBuilder, address: &str| request.header("x-forwarded-for", address);
    // An invite that does not exist costs no hash, and more right sign-ins than the pool has room for wait in a line of their own.
    let flood = (0..160).map(|n| {
        let name = format!("stranger-{n}");
        let fields = [("name", &*name), ("password", PASSWORD)];
        let request = if n % 2 == 0 {
            form(&server, "/join/nonsense", &fields)
        } else {
            sign_in(&server, "ada", PASSWORD)
        };
        from(request, "198.51.100.1")
    });
    let others =
        (1..=20).map(|n| from(sign_in(&server, "ada", PASSWORD), &format!("203.0.113.{n}")));
    let (strangers, others) = tokio::join!(statuses(flood), statuses(others));
    assert_eq!(others, vec![200; 20]);
    let known = [200, 403, 422, 503];
    assert!(
        strangers.iter().all(|status| known.contains(status)),
        "{strangers:?}"
    );
    assert!(
        count(&strangers, 503) > 0,
        "the flood filled its line: {strangers:?}"
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cheap_to_refuse_is_refused_before_the_password_is_hashed() {
    // One password at a time, and one that waits for it behind 64 others would not be answered at all.
    let server = TestServer::with_flags(&[
        "--signup=invite",
        "--password-workers=1",
        "--http-per-s-address=0",
    ])
    .await;
    let ada = server.sign_up("ada").await;
    let (_, body) = ada.post("/invites", json!({ "uses": 5 })).await;
    let invite = body["invite"]["code"].as_str().unwrap();
    let taken = json!({ "name": "ADA", "password": PASSWORD, "invite": invite });
    let unknown = json!({ "name": "wren", "password": PASSWORD, "invite": "nonsense" });
    let none = json!({ "name": "wren", "password": PASSWORD });
    for (body, expected) in [(taken, 409), (unknown, 403), (none, 403)] {
        let answers = statuses((0..100).map(|_| sign_up(&server, &body))).await;
        assert_eq!(answers, vec![expected; 100]);
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_one_network_share_its_limits() {
    let server = TestServer::with_flags(&[
        "--signin-tries=1",
        "--sockets-per-address=2",
        BEHIND_A_PROXY,
    ])
    .await;
    server.sign_up("ada").await;
    let guess = async |n: u32, address: String| {
        let name = format!("nobody-{n}");
        let request = sign_in(&server, &name, "wrong horse");
        status(request.header("x-forwarded-for", address)).await
    };
    for n in 0..10 {
        assert_eq!(
            guess(n, format!("[2001:db8:1:2::{n}]:40{n}")).await,
            401,
            "{n}"
        );
    }
    assert_eq!(guess(10, "2001:db8:1:2:ffff::1".into()).await, 429);
    assert_eq!(guess(11, "2001:db8:1:3::1".into()).await, 401);
    for n in 12..21 {
        assert_eq!(guess(n, "::ffff:203.0.113.7".into()).await, 401, "{n}");
    }
    assert_eq!(guess(21, "203.0.113.7:40001".into()).await, 401);
    assert_eq!(guess(22, "203.0.113.7".into()).await, 429);
    let socket =
        async |address: &str| Raw::open(&server.url, &[("x-forwarded-for", address)]).await;
    let held = (
        socket("2001:db8::1").await.unwrap(),
        socket("2001:db8::2").await.unwrap(),
    );
    assert_eq!(socket("2001:db8::3").await.err(), Some(429));
    assert!(socket("2001:db8:0:1::3").await.is_ok());
    drop(held);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_forms_count_as_requests_do_and_files_do_not() {
    let server = TestServer::with_flags(&["--http-per-s-address=5", "--http-per-s-total=0"]).await;
    let page = |path: &str| client().get(format!("{}{path}", server.url));
    for path in ["/", "/sign-in", "/nothing/here", "/join/x"] {
        let answers = statuses((0..40).map(|_| page(path))).await;
        assert!(count(&answers, 429) > 0, "{path}: {answers:?}");
    }
    let fields = [("theme", "dark")];
    let answers = statuses((0..40).map(|_| form(&server, "/preferences", &fields))).await;
    assert!(count(&answers, 429) > 0, "{answers:?}");
    let answers = statuses((0..40).map(|_| page("/pkg/hubbub.css"))).await;
    assert_eq!(count(&answers, 429), 0, "{answers:?}");
    for (accept, words) in [("en", "Try again"), ("zh", "\u{8bf7}\u{7a0d}\u{540e}")] {
        let told = loop {
            let answer = page("/sign-in")
                .header("accept-language", accept)
                .send()
                .await
                .unwrap();
            if answer.status() == 429 {
                break answer;
            }
        };
        assert!(told.headers().contains_key(header::RETRY_AFTER));
        let html = told.text().await.unwrap();
        assert!(
            html.starts_with("<!doctype html>") && html.contains(words),
            "{html}"
        );
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_passwords_are_the_same_in_both_forms_of_unicode() {
    let server = TestServer::start().await;
    server.sign_up("ada").await;
    for (composed, apart) in [
        ("Vi\u{1ec7}t", "Vie\u{323}\u{302}t"),
        ("jos\u{e9}", "jose\u{301}"),
        (
            "\u{d55c}\u{ad6d}",
            "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}",
        ),
    ] {
        let (secret, typed) = (
            format!("{composed} is right"),
            format!("{apart}\u{a0}is right"),
        );
        let (status, body) = answer(sign_up(&server, &account(apart, &secret))).await;
        assert_eq!((status, &body["user"]["name"]), (201, &json!(composed)));
        assert!(TestApi::sign_in(&server.url, apart, &typed).await.is_ok());
        assert!(
            TestApi::sign_in(&server.url, composed, &secret)
                .await
                .is_ok()
        );
        let api = TestApi::sign_in(&server.url, composed, &typed)
            .await
            .unwrap();
        let (_, room) = api
            .post("/rooms", json!({ "kind": "public", "name": apart }))
            .await;
        assert_eq!(room["room"]["name"], composed);
        let (_, found) = api.get(&format!("/users?q={apart}")).await;
        assert_eq!(found["users"][0]["name"], composed);
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_taken_for_somebody_else() {
    let server = TestServer::start().await;
    server.sign_up("Alice").await;
    let bob = server.sign_up("bob").await;
    let rename = |name: &str| {
        bob.call(
            Method::PATCH,
            "/users/me",
            Some(json!({ "display_name": name })),
        )
    };
    assert_eq!(rename("Bill Stone").await.0, 200);
    for alike in [
        "AIice",
        "A1ice",
        "\u{0391}lice",
        "ALICE",
        "BilI-Stone",
        "BiIlStone",
    ] {
        let expected = if alike == "BilI-Stone" { 201 } else { 409 };
        let (status, body) = answer(sign_up(&server, &account(alike, PASSWORD))).await;
        assert_eq!(status, expected, "{alike}: {body}");
    }
    let shown =
        |shown: &str| json!({ "name": "wren", "password": PASSWORD, "display_name": shown });
    for alike in ["alice", "A l i c e", "A\u{200d}lice", "BiII  Stone"] {
        let (status, body) = answer(sign_up(&server, &shown(alike))).await;
        assert_eq!(
            (status, &body["error"]["field"]),
            (409, &json!("display_name")),
            "{alike}"
        );
        if !alike.starts_with("Bi") {
            assert_eq!(rename(alike).await.0, 409, "{alike}");
        }
    }
    // One's own, in another case.
    assert_eq!(rename("BILL STONE").await.0, 200);
    assert_eq!(rename("bob").await.0, 200);
    assert_eq!(rename("Alice B.").await.0, 200);
    let names = [("name", "Bob"), ("password", PASSWORD)];
    let (_, invite) = house_invite(&server).await;
    assert_eq!(
        status(form(&server, &format!("/join/{invite}"), &names)).await,
        409
    );
    let server = server.restart().await;
    assert_eq!(
        status(sign_up(&server, &account("AIice", PASSWORD))).await,
        409
    );
    server.close().await;
}

async fn house_invite(server: &TestServer) -> (u16, String) {
    let owner = TestApi::sign_in(&server.url, "alice", PASSWORD)
        .await
        .unwrap();
    let (status, body) = owner.post("/invites", json!({})).await;
    (status, body["invite"]["code"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_guessed_first_is_no_password() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    for bad in [
        "password",
        "Passw0rd",
        "12345678",
        "        ",
        "wrenwood",
        "zzzzzzzzzzz",
        "WrenWood",
    ] {
        let (status, body) = answer(sign_up(&server, &account("wrenwood", bad))).await;
        assert_eq!(
            (status, &body["error"]["field"]),
            (422, &json!("password")),
            "{bad}"
        );
    }
    let change = json!({ "password": { "old": PASSWORD, "new": "password1" } });
    assert_eq!(
        ada.call(Method::PATCH, "/users/me", Some(change)).await.0,
        422
    );
    let fields = [("name", "wrenwood"), ("password", "iloveyou")];
    let (_, body) = ada.post("/invites", json!({})).await;
    let path = format!("/join/{}", body["invite"]["code"].as_str().unwrap());
    let told = form(&server, &path, &fields).send().await.unwrap();
    assert_eq!(told.status(), 422);
    assert!(told.text().await.unwrap().contains("password-e"));
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_account_is_made_at_the_machine_or_with_the_code_of_the_log() {
    let server = TestServer::with_flags(&[BEHIND_A_PROXY]).await;
    let secret = Secret::load(server.folder(), &mut rand_none()).unwrap();
    let code = SetupCode::of(&secret).to_string();
    let elsewhere = ("x-forwarded-for", "203.0.113.7");
    let rebound = ("host", "evil.example:3000");
    for (name, value) in [elsewhere, rebound] {
        let first = client()
            .get(&server.url)
            .header(name, value)
            .send()
            .await
            .unwrap();
        assert!(first.text().await.unwrap().contains("name=\"code\""));
        for wrong in [None, Some("nonsense"), Some("0000-0000-0000-0000")] {
            let body = json!({ "name": "mallory", "password": PASSWORD, "invite": wrong });
            let (status, body) = answer(sign_up(&server, &body).header(name, value)).await;
            assert_eq!((status, &body["error"]["field"]), (403, &json!("invite")));
            let fields = [
                ("name", "mallory"),
                ("password", PASSWORD),
                ("code", wrong.unwrap_or_default()),
            ];
            let answer = form(&server, "/first", &fields)
                .header(name, value)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 403);
            assert!(answer.text().await.unwrap().contains("id=\"code-e\""));
        }
    }
    let near = client().get(&server.url).send().await.unwrap();
    assert!(!near.text().await.unwrap().contains("name=\"code\""));
    let fields = [
        ("name", "ada"),
        ("password", PASSWORD),
        ("code", &*code.to_lowercase()),
    ];
    let done = form(&server, "/first", &fields).header(elsewhere.0, elsewhere.1);
    assert_eq!(status(done).await, 303);
    server.close().await;
    // Without a proxy that is trusted, a word about forwarding tells that there is one: it may be anybody.
    let server = TestServer::start().await;
    let body = account("mallory", PASSWORD);
    assert_eq!(
        status(sign_up(&server, &body).header("x-forwarded-for", "127.0.0.1")).await,
        403
    );
    assert_eq!(status(sign_up(&server, &body)).await, 201);
    server.close().await;
}

/// A proxy on the same machine that says nothing of itself, as nginx with a bare `proxy_pass`: the host is a loopback name then.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_through_a_silent_proxy_makes_no_first_account_without_the_code() {
    let server = TestServer::start().await;
    let body = account("mallory", PASSWORD);
    let fields = [("name", "mallory"), ("password", PASSWORD)];
    let signs = [
        ("origin", "https://chat.example"),
        ("referer", "https://chat.example/first"),
        ("origin", "null"),
    ];
    for (name, value) in signs {
        let by_page = |request: RequestBuilder| {
            let request = request.header("sec-fetch-site", "same-origin");
            request.header(name, value)
        };
        let told = status(by_page(sign_up(&server, &body))).await;
        assert_eq!(told, 403, "{name}: {value}");
        let told = status(by_page(form(&server, "/first", &fields))).await;
        assert_eq!(told, 403, "{name}: {value}");
    }
    let old = sign_up(&server, &body).version(reqwest::Version::HTTP_10);
    assert_eq!(status(old).await, 403, "HTTP/1.0");
    assert_eq!(status(sign_up(&server, &body)).await, 201);
    server.close().await;
    for (url, expected) in [
        ("https://chat.example", 403),
        ("http://localhost:3000,https://chat.example", 403),
        ("http://localhost:3000", 201),
    ] {
        let server = TestServer::with_flags(&[&format!("--public-url={url}")]).await;
        assert_eq!(status(sign_up(&server, &body)).await, expected, "{url}");
        server.close().await;
    }
}

/// The secret is there; nothing is drawn.
fn rand_none() -> impl rand::RngCore {
    use rand::SeedableRng as _;
    rand::rngs::StdRng::seed_from_u64(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn https_is_believed_of_trusted_proxies_only() {
    for (flags, proto, secure) in [
        (&[] as &[&str], "https", false),
        (&["--trusted-proxies=10.0.0.0/8"], "https", false),
        (&[BEHIND_A_PROXY], "https", true),
        (&[BEHIND_A_PROXY], "HTTPS", true),
        (&[BEHIND_A_PROXY], "https, http", true),
        (&[BEHIND_A_PROXY], "http, https", false),
        (&[BEHIND_A_PROXY], "http", false),
    ] {
        let server = TestServer::with_flags(flags).await;
        server.sign_up("ada").await;
        let request = sign_in(&server, "ada", PASSWORD).header("x-forwarded-proto", proto);
        let answer = request.send().await.unwrap();
        let cookies: Vec<_> = answer
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .collect();
        assert!(!cookies.is_empty());
        for cookie in cookies {
            let line = cookie.to_str().unwrap();
            assert_eq!(
                line.contains("; Secure"),
                secure,
                "{flags:?} {proto}: {line}"
            );
        }
        server.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_are_in_the_log_and_passwords_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let process = ServerProcess::start(HUBBUB, folder.path(), "127.0.0.1:0").await;
    let code = SetupCode::of(&Secret::load(folder.path(), &mut rand_none()).unwrap()).to_string();
    let ada = TestApi::sign_up(&process.url, "ada", PASSWORD).await;
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let sign_in = async |name: &str, password: &str| {
        let body = json!({ "name": name, "password": password });
        let request = client()
            .post(format!("{}/api/v1/sessions", process.url))
            .json(&body);
        let answer = request.header("user-agent", agent).send().await.unwrap();
        answer.status().as_u16()
    };
    assert_eq!(sign_in("ada", PASSWORD).await, 200);
    assert_eq!(sign_in("ada", "wrong horse").await, 401);
    assert_eq!(
        sign_in("my secret in the wrong field", "wrong horse").await,
        401
    );
    let line = |words: &[&str]| {
        let lines = process.lines();
        lines
            .iter()
            .any(|line| words.iter().all(|word| line.contains(word)))
    };
    until("the lines of the log", || {
        line(&["setup code", &code])
            && line(&["signed in", "ada", "Firefox on Linux", "127.0.0.1"])
            && line(&[
                "WARN",
                "a wrong password",
                "ada",
                "Firefox on Linux",
                "127.0.0.1",
            ])
            && line(&["a wrong password", "nobody"])
    })
    .await;
    let all = process.lines().join("\n");
    for secret in [
        PASSWORD,
        "wrong horse",
        "my secret",
        &*ada.token,
        &*ada.refresh,
    ] {
        assert!(!all.contains(secret), "{secret}");
    }
    assert_eq!(process.terminate().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_are_listed_page_by_page() {
    let server = TestServer::with_flags(&["--http-per-s-address=0"]).await;
    let ada = server.sign_up("ada").await;
    for round in 0..5 {
        let some = statuses((0..21).map(|_| sign_in(&server, "ada", PASSWORD))).await;
        assert_eq!(some, vec![200; 21], "{round}");
    }
    let (_, first) = ada.get("/sessions").await;
    let ids = |page: &Value| -> Vec<u64> {
        let sessions = page["sessions"].as_array().unwrap();
        sessions
            .iter()
            .map(|one| one["id"].as_u64().unwrap())
            .collect()
    };
    let next = first["next"].as_str().expect("there are more");
    let (_, second) = ada.get(&format!("/sessions?cursor={next}")).await;
    let all: Vec<u64> = ids(&first).into_iter().chain(ids(&second)).collect();
    assert_eq!((ids(&first).len(), all.len()), (100, 106));
    assert!(all.is_sorted_by(|one, next| one > next), "{all:?}");
    assert_eq!(second["next"], Value::Null);
    assert_eq!(ada.get("/sessions?cursor=nonsense").await.0, 422);
    server.close().await;
}
