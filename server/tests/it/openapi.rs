//! What the API says of itself, held against what it does.

use std::collections::HashSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::parts::document;
use testing::{TestServer, described};

/// Every call: its method, its path, and its description.
fn calls(document: &Value) -> Vec<(String, String, &Value)> {
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            calls.push((method.to_uppercase(), path.clone(), call));
        }
    }
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_served_and_whole() {
    let server = TestServer::start().await;
    let url = format!("{}/api/v1/openapi.json", server.url);
    let served: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    assert_eq!(served, serde_json::to_value(document()).unwrap());
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1."));
    let mut ids = HashSet::new();
    for (method, path, call) in calls(&served) {
        let name = call["operationId"].as_str().unwrap();
        assert!(ids.insert(name), "{name} is used twice");
        for (status, answer) in call["responses"].as_object().unwrap() {
            let answer = answer["$ref"].as_str().map_or(answer, |place| {
                served.pointer(place.trim_start_matches('#')).unwrap()
            });
            let text = answer["description"].as_str().unwrap_or_default();
            assert!(text.len() > 5, "{method} {path} {status}");
        }
        let written = path.matches('{').count();
        let parameters = call["parameters"].as_array().map_or(&[][..], |all| all);
        let in_path = parameters.iter().filter(|known| known["in"] == "path");
        assert_eq!(in_path.count(), written, "{method} {path}");
        for known in parameters {
            let place = known["in"].as_str().unwrap();
            assert_eq!(
                known["required"] == true,
                place == "path",
                "{method} {path}"
            );
        }
    }
    assert!(ids.len() >= 22, "{ids:?}");
    server.close().await;
}

/// Bodies that are wrong in one way each; what takes one refuses it.
fn bodies() -> Vec<Option<String>> {
    let long = format!("\"{}\"", "x".repeat(300_000));
    let texts = [
        "",
        "{",
        "null",
        "[]",
        "1",
        "{}",
        &long,
        r#"{"name":1}"#,
        r#"{"unknown":1}"#,
        r#"{"name":"","password":""}"#,
        r#"{"name":"wren","password":"correct horse","invite":"x"}"#,
        r#"{"kind":"public","name":"general"}"#,
        r#"{"kind":"direct","name":"x"}"#,
        r#"{"kind":"public","name":"quiet"}"#,
        r#"{"kind":"public","name":""}"#,
        r#"{"users":[]}"#,
        r#"{"users":[99]}"#,
        r#"{"user":99}"#,
        r#"{"user":0}"#,
        r#"{"text":""}"#,
        r#"{"text":"x"}"#,
        r#"{"id":"x","text":"x"}"#,
        r#"{"uses":0}"#,
        r#"{"rooms":[99]}"#,
        r#"{"topic":"x"}"#,
        r#"{"refresh_token":"x"}"#,
        r#"{"display_name":""}"#,
        r#"{"password":{"old":"wrong horse","new":"another horse"}}"#,
    ];
    let mut bodies = vec![None];
    bodies.extend(texts.iter().map(|text| Some((*text).to_owned())));
    bodies
}

async fn ask(method: &Method, url: &str, token: &str, body: Option<&str>) -> StatusCode {
    let mut request = reqwest::Client::new().request(method.clone(), url);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request
            .header("content-type", "application/json")
            .body(body.to_owned());
    }
    request.send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_the_answer_is_described() {
    // Passwords are hashed for some of it, which takes its time.
    let server = TestServer::with_flags(&["--signin-tries=0", "--http-per-s-address=0"]).await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let board = ada.room("private", "board").await;
    ada.say(board, "hello").await;
    let document = serde_json::to_value(document()).unwrap();
    let (tokens, bodies) = ([&wren.token, "", "nonsense"], bodies());
    let queries = [
        "",
        "?cursor=x",
        "?limit=0",
        "?limit=x",
        "?before=1&after=1",
        "?q=w",
    ];
    let mut statuses = HashSet::new();
    for (method, path, call) in calls(&document) {
        // They end the sign-in that asks.
        if ["sign_out", "revoke_sign_in"].contains(&call["operationId"].as_str().unwrap()) {
            continue;
        }
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let queries = if method == Method::GET {
            &queries[..]
        } else {
            &queries[..1]
        };
        let bodies = if call["requestBody"].is_null() {
            &bodies[..1]
        } else {
            &bodies[..]
        };
        for place in ["1", "2", "99", "0", "x", "99999999999999999999"] {
            let path = path.replace("{id}", place).replace("{user}", "99");
            for query in queries {
                for (n, body) in bodies.iter().enumerate() {
                    let tokens = if n == 0 { &tokens[..] } else { &tokens[..1] };
                    for token in tokens {
                        let url = format!("{}/api/v1{path}{query}", server.url);
                        let status = ask(&method, &url, token, body.as_deref()).await;
                        described(&method, &path, status);
                        statuses.insert(status);
                    }
                }
            }
            if !path.contains(place) {
                break;
            }
        }
    }
    for seen in [200, 201, 400, 401, 403, 404, 409, 413, 422] {
        let seen = StatusCode::from_u16(seen).unwrap();
        assert!(statuses.contains(&seen), "{seen} was never seen");
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_answered_with_itself() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let notice = json!({ "text": "Storm at six" });
    let made = ada.post("/notices", notice.clone()).await;
    assert_eq!(made, (201, json!({ "notice": { "text": "Storm at six" } })));
    assert_eq!(wren.post("/notices", notice).await.0, 403);
    assert_eq!(ada.post("/notices", json!({ "text": "" })).await.0, 422);
    server.close().await;
}
