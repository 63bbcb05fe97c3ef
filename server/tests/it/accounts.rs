//! Accounts, sign-ins, invites.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use testing::{PASSWORD, TestApi, TestServer, described};

async fn post(server: &TestServer, path: &str, body: &Value) -> (u16, Value) {
    let answer = reqwest::Client::new()
        .post(format!("{}/api/v1{path}", server.url))
        .json(body)
        .send()
        .await
        .unwrap();
    described(&Method::POST, path, answer.status());
    (
        answer.status().as_u16(),
        answer.json().await.unwrap_or(Value::Null),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_is_the_owner_and_the_next_need_an_invite() {
    let server = TestServer::with_flags(&["--signup=invite"]).await;
    let ada = server.sign_up("ada").await;
    let (_, me) = ada.get("/users/me").await;
    assert_eq!(me["user"]["role"], "owner");
    let account = |name: &str, invite: Option<&str>| json!({ "name": name, "password": PASSWORD, "invite": invite });
    assert_eq!(
        post(&server, "/accounts", &account("wren", None)).await.0,
        403
    );
    assert_eq!(
        post(&server, "/accounts", &account("wren", Some("nonsense")))
            .await
            .0,
        403
    );
    let board = ada.room("private", "board").await;
    let (status, body) = ada
        .post("/invites", json!({ "uses": 1, "rooms": [board] }))
        .await;
    assert_eq!(status, 201);
    let code = body["invite"]["code"].as_str().unwrap().to_owned();
    assert_eq!(body["invite"]["url"], format!("{}/join/{code}", server.url));
    for alike in ["ADA", "ＡＤＡ", "аda"] {
        assert_eq!(
            post(&server, "/accounts", &account(alike, Some(&code)))
                .await
                .0,
            409,
            "{alike}"
        );
    }
    let (status, wren) = post(&server, "/accounts", &account("wren", Some(&code))).await;
    assert_eq!((status, &wren["user"]["name"]), (201, &json!("wren")));
    assert_eq!(
        post(&server, "/accounts", &account("zhou", Some(&code)))
            .await
            .0,
        403,
        "used up"
    );
    let wren = TestApi::sign_in(&server.url, "WREN", PASSWORD)
        .await
        .unwrap();
    let (_, rooms) = wren.get("/rooms").await;
    assert_eq!(rooms["rooms"].as_array().unwrap().len(), 2);
    assert_eq!(wren.post("/invites", json!({})).await.0, 403);
    assert_eq!(wren.post("/notices", json!({ "text": "hi" })).await.0, 403);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_counted() {
    let server = TestServer::with_flags(&["--signin-tries=3"]).await;
    server.sign_up("ada").await;
    for name in ["ada", "nobody"] {
        for _ in 0..3 {
            assert_eq!(
                TestApi::sign_in(&server.url, name, "wrong horse")
                    .await
                    .err(),
                Some(StatusCode::UNAUTHORIZED)
            );
        }
        assert_eq!(
            TestApi::sign_in(&server.url, name, PASSWORD).await.err(),
            Some(StatusCode::TOO_MANY_REQUESTS)
        );
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sign_ins() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let phone = TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    let change = |old: &str, new: &str| Some(json!({ "password": { "old": old, "new": new } }));
    assert_eq!(
        phone
            .call(
                Method::PATCH,
                "/users/me",
                change("wrong horse", "new horse!")
            )
            .await
            .0,
        403
    );
    assert_eq!(
        phone
            .call(Method::PATCH, "/users/me", change(PASSWORD, "short"))
            .await
            .0,
        422
    );
    assert_eq!(
        phone
            .call(Method::PATCH, "/users/me", change(PASSWORD, "new horse!"))
            .await
            .0,
        200
    );
    assert_eq!(
        (ada.get("/rooms").await.0, phone.get("/rooms").await.0),
        (401, 200)
    );
    assert!(
        TestApi::sign_in(&server.url, "ada", "new horse!")
            .await
            .is_ok()
    );
    let (_, body) = phone.get("/sessions").await;
    let current: Vec<bool> = body["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["current"].as_bool().unwrap())
        .collect();
    assert_eq!(current.iter().filter(|current| **current).count(), 1);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_counts_only_from_the_own_pages() {
    let server = TestServer::start().await;
    let http = reqwest::Client::builder()
        .cookie_store(true)
        .build()
        .unwrap();
    let account = json!({ "name": "ada", "password": PASSWORD });
    let answer = http
        .post(format!("{}/api/v1/accounts", server.url))
        .json(&account)
        .send()
        .await
        .unwrap();
    let cookies: Vec<String> = answer
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|line| line.to_str().unwrap().to_owned())
        .collect();
    assert!(
        cookies
            .iter()
            .all(|line| line.contains("HttpOnly") && line.contains("SameSite=Lax")),
        "{cookies:?}"
    );
    let call = |headers: Vec<(&'static str, String)>| {
        let mut request = http
            .post(format!("{}/api/v1/rooms", server.url))
            .json(&json!({ "kind": "private", "name": "x" }));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(call(vec![]).await, 403);
    assert_eq!(
        call(vec![("origin", "http://evil.example".into())]).await,
        403
    );
    assert_eq!(call(vec![("origin", server.url.clone())]).await, 201);
    assert_eq!(
        call(vec![("sec-fetch-site", "same-origin".into())]).await,
        201
    );
    assert_eq!(
        call(vec![("sec-fetch-site", "cross-site".into())]).await,
        403
    );
    let cookie = cookies[0].split(';').next().unwrap().to_owned();
    let foreign = [
        ("cookie", cookie.as_str()),
        ("origin", "http://evil.example"),
    ];
    assert_eq!(
        testing::Raw::open(&server.url, &foreign).await.err(),
        Some(403)
    );
    let own = [("cookie", cookie.as_str()), ("origin", server.url.as_str())];
    assert!(testing::Raw::open(&server.url, &own).await.is_ok());
    server.close().await;
}
