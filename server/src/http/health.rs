//! Alive, and ready to serve.

use axum::{
    extract::State as Extract,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use protocol::ErrorCode;

use crate::{error::Refusal, state::State};

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: it may be sent people; 503 while draining or without its store.
pub async fn ready(Extract(state): Extract<State>) -> Response {
    if state.is_draining() {
        return Refusal::later(ErrorCode::Unavailable, "the server is going away", 5_000)
            .into_response();
    }
    match state.store.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n").into_response(),
        Err(why) => Refusal::from(why).into_response(),
    }
}
