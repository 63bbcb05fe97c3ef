//! Accounts, sign-ins, invites.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::support::{Api, House, PASSWORD, described};

async fn post(house: &House, path: &str, body: &Value) -> (u16, Value) {
    let answer = reqwest::Client::new()
        .post(format!("{}/api/v1{path}", house.url))
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
    let house = House::with(&["--signup=invite"]).await;
    let ada = house.sign_up("ada").await;
    let (_, me) = ada.get("/users/me").await;
    assert_eq!(me["user"]["role"], "owner");
    let account = |name: &str, invite: Option<&str>| json!({ "name": name, "password": PASSWORD, "invite": invite });
    assert_eq!(
        post(&house, "/accounts", &account("wren", None)).await.0,
        403
    );
    assert_eq!(
        post(&house, "/accounts", &account("wren", Some("nonsense")))
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
    assert_eq!(body["invite"]["url"], format!("{}/join/{code}", house.url));
    for alike in ["ADA", "ＡＤＡ", "аda"] {
        assert_eq!(
            post(&house, "/accounts", &account(alike, Some(&code)))
                .await
                .0,
            409,
            "{alike}"
        );
    }
    let (status, wren) = post(&house, "/accounts", &account("wren", Some(&code))).await;
    assert_eq!((status, &wren["user"]["name"]), (201, &json!("wren")));
    assert_eq!(
        post(&house, "/accounts", &account("zhou", Some(&code)))
            .await
            .0,
        403,
        "used up"
    );
    let wren = Api::sign_in(&house.url, "WREN", PASSWORD).await.unwrap();
    let (_, rooms) = wren.get("/rooms").await;
    assert_eq!(rooms["rooms"].as_array().unwrap().len(), 2);
    assert_eq!(wren.post("/invites", json!({})).await.0, 403);
    assert_eq!(wren.post("/notices", json!({ "text": "hi" })).await.0, 403);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_counted() {
    let house = House::with(&["--signin-tries=3"]).await;
    house.sign_up("ada").await;
    for name in ["ada", "nobody"] {
        for _ in 0..3 {
            assert_eq!(
                Api::sign_in(&house.url, name, "wrong horse").await.err(),
                Some(StatusCode::UNAUTHORIZED)
            );
        }
        assert_eq!(
            Api::sign_in(&house.url, name, PASSWORD).await.err(),
            Some(StatusCode::TOO_MANY_REQUESTS)
        );
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sign_ins() {
    let house = House::open().await;
    let ada = house.sign_up("ada").await;
    let phone = Api::sign_in(&house.url, "ada", PASSWORD).await.unwrap();
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
    assert!(Api::sign_in(&house.url, "ada", "new horse!").await.is_ok());
    let (_, body) = phone.get("/sessions").await;
    let current: Vec<bool> = body["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["current"].as_bool().unwrap())
        .collect();
    assert_eq!(current.iter().filter(|current| **current).count(), 1);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_counts_only_from_the_own_pages() {
    let house = House::open().await;
    let http = reqwest::Client::builder()
        .cookie_store(true)
        .build()
        .unwrap();
    let account = json!({ "name": "ada", "password": PASSWORD });
    let answer = http
        .post(format!("{}/api/v1/accounts", house.url))
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
            .post(format!("{}/api/v1/rooms", house.url))
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
    assert_eq!(call(vec![("origin", house.url.clone())]).await, 201);
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
        crate::support::Raw::open(&house.url, &foreign).await.err(),
        Some(403)
    );
    let own = [("cookie", cookie.as_str()), ("origin", house.url.as_str())];
    assert!(crate::support::Raw::open(&house.url, &own).await.is_ok());
    house.close().await;
}
