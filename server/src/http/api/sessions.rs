//! Sign-ins.

use axum::{
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
    response::{AppendHeaders, IntoResponse, Response},
};
use protocol::{ErrorBody, NewSession, RefreshSession, Sessions, SignedIn, limits::MAX_ID};

use super::{Cursor, SignInPath};
use crate::{
    commands::{refresh, sign_in},
    error::Refusal,
    http::{
        cookies,
        extract::{Caller, From, Json, MaybeJson, Path, Query},
    },
    state::State,
};

/// The answer to whoever signed in, with their cookies.
pub(super) fn signed_in(state: &State, headers: &HeaderMap, grant: sign_in::Grant) -> Response {
    let cookies = cookies::set(state, headers, &grant);
    (AppendHeaders(cookies), axum::Json(grant.body)).into_response()
}

/// Sign in.
#[utoipa::path(post, path = "/sessions", operation_id = "sign_in", tag = "sign-ins", security(()), request_body = NewSession, responses(
    (status = 200, description = "Signed in.", body = SignedIn),
    (status = 401, description = "The name and the password do not go together.", body = ErrorBody)))]
pub(super) async fn create(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    From(device): From,
    Json(body): Json<NewSession>,
) -> Result<Response, Refusal> {
    let grant = sign_in::create(&state, body, device).await?;
    Ok(signed_in(&state, &headers, grant))
}

/// New tokens for a refresh token, from the body or the cookie.
#[utoipa::path(post, path = "/sessions/refresh", operation_id = "refresh_tokens", tag = "sign-ins", security(()), request_body(content = RefreshSession, description = "A browser, which has the token in a cookie, sends nothing at all."), responses(
    (status = 200, description = "New tokens; the old refresh token is used up.", body = SignedIn),
    (status = 401, description = "The refresh token is over, used up, or none.", body = ErrorBody)))]
pub(super) async fn refresh(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    From(device): From,
    MaybeJson(body): MaybeJson<RefreshSession>,
) -> Result<Response, Refusal> {
    // A browser with its cookie sends no body at all.
    let secure = cookies::is_secure(&state, &headers);
    let tokens: Vec<&str> = match &body.refresh_token {
        Some(token) => vec![token],
        None => state.cookies.refreshes(&headers, secure).collect(),
    };
    let grant = refresh::refresh(&state, &tokens, device.named(body.device)?).await?;
    Ok(signed_in(&state, &headers, grant))
}

/// The devices that are signed in.
#[utoipa::path(get, path = "/sessions", operation_id = "list_sign_ins", params(Cursor), tag = "sign-ins", responses(
    (status = 200, description = "The devices that are signed in.", body = Sessions)))]
pub(super) async fn list(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Query(cursor): Query<Cursor>,
) -> Result<axum::Json<Sessions>, Refusal> {
    let before = cursor.id()?.unwrap_or(MAX_ID);
    let page = sign_in::list(&state, &identity, before).await?;
    Ok(axum::Json(page))
}

/// Sign a device out: its connections close with 4500.
#[utoipa::path(delete, path = "/sessions/{id}", operation_id = "revoke_sign_in", tag = "sign-ins", params(SignInPath), responses(
    (status = 204, description = "It is signed out.")))]
pub(super) async fn revoke(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(id): Path<u64>,
) -> Result<StatusCode, Refusal> {
    sign_in::revoke(&state, identity.account.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign this device out.
#[utoipa::path(delete, path = "/sessions/current", operation_id = "sign_out", tag = "sign-ins", responses(
    (status = 204, description = "This device is signed out."),
    (status = 404, description = "It was signed out already.", body = ErrorBody)))]
pub(super) async fn revoke_current(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    sign_in::revoke(&state, identity.account.id, identity.sign_in).await?;
    let cookies = cookies::clear(&state, &headers);
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookies)).into_response())
}
