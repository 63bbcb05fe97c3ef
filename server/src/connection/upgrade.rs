//! `GET /ws`: who it is and whether there is room is decided before the upgrade, so that a refusal is an HTTP status.

use axum::{
    extract::{State as Extract, ws::WebSocketUpgrade},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use protocol::{ErrorCode, SUBPROTOCOL, limits::FRAME_BYTES};

use super::hello;
use crate::{
    auth::{Identity, bearer, cookie, cookies, from_cookie, from_token, is_own_origin},
    error::Refusal,
    http::address::ClientAddress,
    state::State,
};

/// Bytes that a connection reserves to read: small, since thousands sit idle.
const READ_BUFFER: usize = 1024;
/// Several events share one write up to this.
const WRITE_BUFFER: usize = 16 * 1024;
/// Most bytes of one frame that goes out: a page of 100 messages of 8,000 characters each fits. What waits behind it is
/// bounded by the connection itself.
const MOST_WRITE_BUFFER: usize = 8 * 1024 * 1024;

/// Takes a WebSocket, or says why not.
pub(crate) async fn upgrade(
    Extract(state): Extract<State>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    socket: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    if state.is_draining() {
        return Refusal::later(
            ErrorCode::Unavailable,
            "the server is going away; come back shortly",
            2_000,
        )
        .into_response();
    }
    let identity = match identify(&state, &headers).await {
        Ok(identity) => identity,
        Err(why) => return why.into_response(),
    };
    let socket = match socket {
        Ok(socket) => socket,
        Err(why) => return why.into_response(),
    };
    let Some(place) = state
        .sockets
        .take(address, state.config.limits.sockets_per_address)
    else {
        let wait = u64::try_from(protocol::limits::TOO_MANY_WAIT.as_millis()).unwrap_or(u64::MAX);
        return Refusal::later(
            ErrorCode::RateLimited,
            "too many connections from this address",
            wait,
        )
        .into_response();
    };
    let tasks = state.tasks.clone();
    socket
        .protocols([SUBPROTOCOL])
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MOST_WRITE_BUFFER)
        .max_message_size(FRAME_BYTES)
        .max_frame_size(FRAME_BYTES)
        .on_upgrade(move |socket| {
            // The tracker owns it: a stop waits until every connection said goodbye.
            tasks.track_future(async move {
                hello::serve(state, socket, identity).await;
                drop(place);
            })
        })
}

/// The bearer decides if there is one, then the cookie, which needs an own `Origin`; `hello.token` may follow if neither is there.
async fn identify(state: &State, headers: &HeaderMap) -> Result<Option<Identity>, Refusal> {
    let now = state.now();
    if let Some(token) = bearer(headers) {
        let identity = from_token(token, &state.tokens, &*state.store, now).await?;
        return identity.map(Some).ok_or_else(|| {
            Refusal::unauthorized("this access token is wrong or over; refresh it or sign in")
        });
    }
    if cookie(headers, cookies::SESSION).is_none() {
        return Ok(None);
    }
    let foreign = !is_own_origin(headers, &state.config.serve.public_url);
    if foreign {
        return Err(Refusal::forbidden(
            "a connection with a cookie must come from this server's own pages",
        ));
    }
    Ok(from_cookie(headers, &state.tokens, &*state.store, now).await?)
}
