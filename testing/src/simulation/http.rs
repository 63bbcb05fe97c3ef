//! One request over HTTP, as a page makes it.

use std::time::Duration;

use protocol::{RoomId, UserId};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};
use turmoil::net::TcpStream;

use super::wire::PORT;

/// How long a page waits for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request over HTTP.
#[derive(Clone, Debug)]
pub enum SimRequest {
    /// Join a room.
    Join(RoomId),
    /// Add a user to a room.
    Add(RoomId, UserId),
    /// Remove a user from a room.
    Leave(RoomId, UserId),
    /// Make a room of this kind and name.
    Make(&'static str, String),
    /// Open the direct room with these users.
    Direct(Vec<UserId>),
    /// Set a room's topic.
    Topic(RoomId, String),
    /// Shut a user out.
    Ban(UserId),
}

impl SimRequest {
    fn request(&self) -> (&'static str, String, Value) {
        match self {
            Self::Join(room) => ("POST", format!("rooms/{room}/members"), json!({})),
            Self::Add(room, user) => (
                "POST",
                format!("rooms/{room}/members"),
                json!({ "user": user }),
            ),
            Self::Leave(room, user) => {
                ("DELETE", format!("rooms/{room}/members/{user}"), json!({}))
            }
            Self::Make(kind, name) => (
                "POST",
                "rooms".to_owned(),
                json!({ "kind": kind, "name": name }),
            ),
            Self::Direct(users) => ("POST", "direct".to_owned(), json!({ "users": users })),
            Self::Ban(user) => ("PATCH", format!("users/{user}"), json!({ "banned": true })),
            Self::Topic(room, topic) => {
                ("PATCH", format!("rooms/{room}"), json!({ "topic": topic }))
            }
        }
    }
}

/// Whether the server is ready; false if it cannot be reached.
pub(super) async fn ready(host: &str) -> bool {
    let request = "GET /readyz HTTP/1.1\r\nhost: server\r\nconnection: close\r\n\r\n";
    exchange(host, request)
        .await
        .is_some_and(|status| status < 500)
}

/// The status; none if nobody answered in time.
pub(super) async fn call(host: &str, token: &str, call: &SimRequest) -> Option<u16> {
    timeout(PATIENCE, ask(host, token, call))
        .await
        .ok()
        .flatten()
}

async fn ask(host: &str, token: &str, call: &SimRequest) -> Option<u16> {
    let (method, path, body) = call.request();
    let body = body.to_string();
    let request = format!(
        "{method} /api/v1/{path} HTTP/1.1\r\nhost: server\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    exchange(host, &request).await
}

async fn exchange(host: &str, request: &str) -> Option<u16> {
    let mut stream = TcpStream::connect((host, PORT)).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let head = String::from_utf8_lossy(&answer);
    head.split(' ').nth(1)?.parse().ok()
}
