//! A client of the HTTP API.

use std::sync::OnceLock;

use protocol::{RoomId, UserId};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::parts::document;

/// An account that is signed in over the HTTP API.
pub struct TestApi {
    /// Its access token.
    pub token: String,
    /// Its refresh token.
    pub refresh: String,
    /// Its user.
    pub user: UserId,
    url: String,
    http: reqwest::Client,
}

impl TestApi {
    /// Makes an account.
    pub async fn sign_up(url: &str, name: &str, password: &str) -> Self {
        let http = reqwest::Client::new();
        let body = json!({ "name": name, "password": password });
        let answer = http
            .post(format!("{url}/api/v1/accounts"))
            .json(&body)
            .send()
            .await
            .unwrap();
        described(&Method::POST, "/accounts", answer.status());
        assert_eq!(answer.status(), StatusCode::CREATED, "sign-up of {name}");
        Self::of(url, http, &answer.json().await.unwrap())
    }

    /// Signs in; the HTTP status if that is refused.
    pub async fn sign_in(url: &str, name: &str, password: &str) -> Result<Self, StatusCode> {
        Self::sign_in_on(url, name, password, None).await
    }

    /// As [`TestApi::sign_in`], on the device of this id; on a new one if none.
    pub async fn sign_in_on(
        url: &str,
        name: &str,
        password: &str,
        device: Option<&str>,
    ) -> Result<Self, StatusCode> {
        let http = reqwest::Client::new();
        let body = json!({ "name": name, "password": password, "device": device });
        let answer = http
            .post(format!("{url}/api/v1/sessions"))
            .json(&body)
            .send()
            .await
            .unwrap();
        described(&Method::POST, "/sessions", answer.status());
        if answer.status() != StatusCode::OK {
            return Err(answer.status());
        }
        Ok(Self::of(url, http, &answer.json().await.unwrap()))
    }

    fn of(url: &str, http: reqwest::Client, body: &Value) -> Self {
        let text = |key: &str| body[key].as_str().unwrap().to_owned();
        Self {
            token: text("access_token"),
            refresh: text("refresh_token"),
            user: UserId::new(body["user"]["id"].as_u64().unwrap()).unwrap(),
            url: url.to_owned(),
            http,
        }
    }

    /// Makes a request, and returns the status and the body; the status must be in the API's description.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let asked = method.clone();
        let mut request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.url))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        described(&asked, path, answer.status());
        (
            answer.status().as_u16(),
            answer.json().await.unwrap_or(Value::Null),
        )
    }

    /// Makes a GET request.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, None).await
    }

    /// Makes a POST request.
    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Makes a DELETE request, and returns the status.
    pub async fn delete(&self, path: &str) -> u16 {
        self.call(Method::DELETE, path, None).await.0
    }

    /// Makes a room.
    pub async fn room(&self, kind: &str, name: &str) -> RoomId {
        let (status, body) = self
            .post("/rooms", json!({ "kind": kind, "name": name }))
            .await;
        assert_eq!(status, 201, "{body}");
        RoomId::new(body["room"]["id"].as_u64().unwrap()).unwrap()
    }

    /// Sends a message into a room, and returns its `seq`.
    pub async fn say(&self, room: RoomId, text: &str) -> u64 {
        let (status, body) = self
            .post(
                &format!("/rooms/{room}/messages"),
                json!({ "id": crate::id(), "text": text }),
            )
            .await;
        assert_eq!(status, 201, "{body}");
        body["seq"].as_u64().unwrap()
    }
}

/// Panics unless the API's description names this status for this request.
pub fn described(method: &Method, path: &str, status: StatusCode) {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    let document = DOCUMENT.get_or_init(|| serde_json::to_value(document()).unwrap());
    let path = path.split('?').next().unwrap();
    let paths = document["paths"].as_object().unwrap();
    // One that is written out is meant before one with a place for anything.
    let found = paths.get_key_value(path).or_else(|| {
        let mut templates = paths.iter();
        templates.find(|(template, _)| fits(template, path))
    });
    let Some((template, calls)) = found else {
        assert_eq!(status, StatusCode::NOT_FOUND, "{path} is not described");
        return;
    };
    let call = &calls[method.as_str().to_lowercase()];
    let known = if call.is_null() {
        status == StatusCode::METHOD_NOT_ALLOWED
    } else {
        !call["responses"][status.as_str()].is_null()
    };
    assert!(
        known,
        "{method} {template} is not described to answer {status}"
    );
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template
            .iter()
            .zip(path)
            .all(|(place, part)| place.starts_with('{') || *place == part)
}
