//! Links that let people in: invites that are listed and revoked, and new passwords for who forgot theirs.

use std::{sync::atomic::AtomicI64, time::Duration};

use protocol::UserId;
use reqwest::{Client, Method, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use server::Clock;
use testing::{PASSWORD, Raw, TestApi, TestServer};

const NEW: &str = "a quiet lamp on the landing";

async fn make_admin(by: &TestApi, whom: &TestApi) {
    let body = Some(json!({ "role": "admin" }));
    let path = format!("/users/{}", whom.user);
    assert_eq!(by.call(Method::PATCH, &path, body).await.0, 200);
}

async fn reset(by: &TestApi, whom: UserId) -> (u16, Value) {
    by.call(Method::POST, &format!("/users/{whom}/reset"), None)
        .await
}

async fn code(by: &TestApi, whom: UserId) -> String {
    let (status, body) = reset(by, whom).await;
    assert_eq!(status, 201, "{body}");
    body["reset"]["code"].as_str().unwrap().to_owned()
}

/// Its status, and the answer.
async fn redeem(server: &TestServer, code: &str, password: &str) -> (u16, Value) {
    let body = json!({ "code": code, "password": password });
    let url = format!("{}/api/v1/resets", server.url);
    let answer = Client::new().post(url).json(&body).send().await.unwrap();
    let status = answer.status();
    testing::described(&Method::POST, "/resets", status);
    (status.as_u16(), answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn invites_are_listed_and_revoked_at_once() {
    let server = TestServer::with_flags(&["--signup=invite", "--changes-per-min=0"]).await;
    let ada = server.sign_up("ada").await;
    let (_, first) = ada.post("/invites", json!({ "uses": 2 })).await;
    let first = first["invite"].clone();
    let code = first["code"].as_str().unwrap();
    let join = async |name: &str, code: &str| {
        let body = json!({ "name": name, "password": PASSWORD, "invite": code });
        let url = format!("{}/api/v1/accounts", server.url);
        let answer = Client::new().post(url).json(&body).send().await.unwrap();
        answer.status().as_u16()
    };
    assert_eq!(join("wren", code).await, 201);
    let wren = TestApi::sign_in(&server.url, "wren", PASSWORD)
        .await
        .unwrap();
    assert_eq!(wren.get("/invites").await.0, 403);
    assert_eq!(wren.delete(&format!("/invites/{code}")).await, 403);
    make_admin(&ada, &wren).await;

    // Another's private room is not told of.
    let attic = ada.room("private", "attic").await;
    let (status, second) = ada.post("/invites", json!({ "rooms": [attic, 1] })).await;
    assert_eq!(status, 201, "{second}");
    let (_, list) = wren.get("/invites").await;
    let invites = list["invites"].as_array().unwrap();
    assert_eq!(invites.len(), 2);
    let of = |code: &Value| invites.iter().find(|one| one["code"] == *code).unwrap();
    let (one, other) = (of(&first["code"]), of(&second["invite"]["code"]));
    assert_eq!((&one["uses"], &one["by"]), (&json!(1), &json!(ada.user)));
    assert_eq!(one["url"], first["url"]);
    assert_eq!(one["expires_at"], first["expires_at"]);
    assert_eq!(other["rooms"], json!([1]));
    assert_eq!(second["invite"]["rooms"], json!([attic, 1]));

    assert_eq!(wren.delete(&format!("/invites/{code}")).await, 204);
    assert_eq!(join("eve", code).await, 403);
    assert_eq!(wren.delete(&format!("/invites/{code}")).await, 404);
    assert_eq!(
        ada.get("/invites").await.1["invites"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    // A hundred a page.
    for _ in 0..101 {
        assert_eq!(ada.post("/invites", json!({})).await.0, 201);
    }
    let (_, page) = ada.get("/invites").await;
    assert_eq!(page["invites"].as_array().unwrap().len(), 100);
    let next = page["next"].as_str().unwrap();
    let (_, rest) = ada.get(&format!("/invites?cursor={next}")).await;
    assert_eq!(rest["invites"].as_array().unwrap().len(), 2);
    assert!(rest.get("next").is_none());
    assert_eq!(ada.get("/invites?cursor=nonsense").await.0, 422);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_is_good_once_and_ends_what_was_signed_in() {
    let server = TestServer::with_flags(&["--signin-tries=0"]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    let (status, body) = reset(&ada, wren.user).await;
    let link = &body["reset"];
    let first = link["code"].as_str().unwrap();
    assert_eq!(status, 201);
    assert_eq!(link["url"], format!("{}/reset/{first}", server.url));
    let second = code(&ada, wren.user).await;
    for (code, password, status) in [
        (first, NEW, 404),
        ("nonsense", NEW, 404),
        ("", NEW, 404),
        (&*"x".repeat(1_000), NEW, 404),
        // Refused passwords leave it good.
        (&second, "short", 422),
        (&second, "wren", 422),
        (&second, "password1", 422),
    ] {
        let (got, body) = redeem(&server, code, password).await;
        assert_eq!(got, status, "{code} {password}: {body}");
        if status == 422 {
            assert_eq!(body["error"]["field"], "password");
        }
    }
    assert_eq!(wren.get("/users/me").await.0, 200);
    let (status, body) = redeem(&server, &second, NEW).await;
    assert_eq!((status, &body["user"]["name"]), (200, &json!("wren")));
    assert!(body["access_token"].is_string() && body["refresh_token"].is_string());
    assert_eq!(raw.ends().await.0, 4500);
    assert_eq!(wren.get("/users/me").await.0, 401);
    assert_eq!(redeem(&server, &second, NEW).await.0, 404);
    let old = TestApi::sign_in(&server.url, "wren", PASSWORD).await;
    assert_eq!(old.err(), Some(StatusCode::UNAUTHORIZED));
    let new = TestApi::sign_in(&server.url, "wren", NEW).await.unwrap();
    assert_eq!(
        new.get("/sessions").await.1["sessions"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_govern_somebody_may_give_them_a_new_password() {
    let server = TestServer::with_flags(&["--signin-tries=3"]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let zhou = server.sign_up("zhou").await;
    make_admin(&ada, &wren).await;
    let nobody = UserId::new(999).unwrap();
    for (by, whom, status) in [
        (&zhou, wren.user, 403),
        (&zhou, zhou.user, 403),
        (&wren, ada.user, 403),
        (&wren, wren.user, 422),
        (&ada, ada.user, 422),
        (&ada, nobody, 404),
        (&wren, zhou.user, 201),
        (&ada, wren.user, 201),
    ] {
        let (got, body) = reset(by, whom).await;
        assert_eq!(got, status, "{whom}: {body}");
    }
    // Who is shut out does not come back by a link that they were sent.
    let lost = code(&ada, zhou.user).await;
    let ban = Some(json!({ "banned": true }));
    let path = format!("/users/{}", zhou.user);
    assert_eq!(ada.call(Method::PATCH, &path, ban).await.0, 200);
    assert_eq!(redeem(&server, &lost, NEW).await.0, 404);
    // Guesses are counted by address, and then a right one waits, too.
    let good = code(&ada, wren.user).await;
    for status in [404, 404, 429, 429] {
        assert_eq!(redeem(&server, "guess", NEW).await.0, status);
    }
    assert_eq!(redeem(&server, &good, NEW).await.0, 429);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_is_over_after_an_hour() {
    static SKEW: AtomicI64 = AtomicI64::new(0);
    let server = TestServer::unlimited(None, Clock::jumping(&SKEW), &[]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let link = code(&ada, wren.user).await;
    let hour = i64::try_from(Duration::from_secs(3_600).as_millis()).unwrap();
    SKEW.store(hour + 1, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(redeem(&server, &link, NEW).await.0, 404);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_reset_works_without_scripts() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let url = format!("{}/reset/{}", server.url, code(&ada, wren.user).await);
    let http = Client::builder().redirect(Policy::none()).build().unwrap();
    let page = http.get(&url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let html = page.text().await.unwrap();
    assert!(
        html.contains("method=\"post\"") && html.contains("wren"),
        "{html}"
    );
    let post = async |password: &str| {
        let form = [("password", password)];
        let origin = server.url.clone();
        let request = http.post(&url).header("origin", origin).form(&form);
        request.send().await.unwrap()
    };
    assert_eq!(post("short").await.status(), 422);
    assert_eq!(post("password1").await.status(), 422);
    let done = post(NEW).await;
    assert_eq!(done.status(), 303);
    assert_eq!(done.headers()["location"], "/rooms/1");
    assert!(done.headers().contains_key("set-cookie"));
    assert!(TestApi::sign_in(&server.url, "wren", NEW).await.is_ok());
    assert_eq!(post(NEW).await.status(), 404);
    assert_eq!(http.get(&url).send().await.unwrap().status(), 404);
    server.close().await;
}
