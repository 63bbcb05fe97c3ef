//! `GET /ws`: who it is and whether there is room is decided before the upgrade, so that a refusal is an HTTP status.

use std::net::IpAddr;

use axum::{
    extract::State as Extract,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use protocol::{ErrorCode, SUBPROTOCOL};

use super::{
    handshake::{Handshake, NoHandshake},
    hello,
    wire::Options,
};
use crate::{
    auth::{Audience, Identity, bearer, from_token, is_own_origin},
    commands::using,
    error::Refusal,
    http::{address::ClientAddress, cookies},
    state::State,
    telemetry::Limit,
};

/// Takes a WebSocket, or says why not.
pub(crate) async fn upgrade(
    Extract(state): Extract<State>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    handshake: Result<Handshake, NoHandshake>,
) -> Response {
    if state.is_draining() {
        return Refusal::later(
            ErrorCode::Unavailable,
            "the server is going away; come back shortly",
            2_000,
        )
        .into_response();
    }
    let identity = match identify(&state, &headers, address).await {
        Ok(identity) => identity,
        Err(why) => return why.into_response(),
    };
    let handshake = match handshake {
        Ok(handshake) => handshake,
        Err(why) => return why.into_response(),
    };
    let Ok(place) = state.sockets.take(address.into(), 1) else {
        state.metrics.hit(Limit::Sockets);
        let wait = u64::try_from(protocol::limits::TOO_MANY_WAIT.as_millis()).unwrap_or(u64::MAX);
        return Refusal::later(
            ErrorCode::RateLimited,
            "too many connections from this address",
            wait,
        )
        .into_response();
    };
    let (answer, wire) = handshake.accept(&[SUBPROTOCOL], Options::default());
    let tasks = state.tasks.clone();
    // The tracker owns it: a stop waits until every connection said goodbye.
    tasks.spawn(async move {
        if let Some(wire) = wire.await {
            hello::serve(state, wire, identity, place).await;
        }
    });
    answer
}

/// The bearer decides if there is one, then the cookie, which needs an own `Origin`; `hello.token` may follow if neither is there.
async fn identify(
    state: &State,
    headers: &HeaderMap,
    address: IpAddr,
) -> Result<Option<Identity>, Refusal> {
    let now = state.now();
    if let Some(token) = bearer(headers) {
        let identity =
            from_token(Audience::Access, token, &state.tokens, &state.cache, now).await?;
        let identity = identity.ok_or_else(|| {
            Refusal::unauthorized("this access token is wrong or over; refresh it or sign in")
        })?;
        using::seen(state, &identity, Some(address));
        return Ok(Some(identity));
    }
    if !state.cookies.are_in(headers) {
        return Ok(None);
    }
    let foreign = !is_own_origin(headers, &state.config.serve.public_url);
    if foreign {
        return Err(Refusal::forbidden(
            "a connection with a cookie must come from this server's own pages",
        ));
    }
    Ok(cookies::who(state, headers).await?)
}
