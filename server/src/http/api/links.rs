//! Links that let people in: invites, and resets of passwords.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro writes its paths in full"
)]

use axum::{
    extract::State as Extract,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use protocol::{
    ErrorBody, InviteBody, InviteList, NewInvite, NewPassword, ResetBody, SignedIn, UserId,
};
use utoipa::IntoParams;

use super::{Cursor, UserPath, sessions::signed_in};
use crate::{
    commands::{invite as invites, reset as resets},
    error::Refusal,
    http::{
        cookies,
        extract::{Caller, From, Json, Path, Query},
    },
    state::{Shared, State},
};

/// Which invite.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
struct InvitePath {
    /// What its link ends in.
    code: String,
}

/// Invite people: owners and admins.
#[utoipa::path(post, path = "/invites", operation_id = "create_invite", tag = "accounts", request_body = NewInvite, responses(
    (status = 201, description = "The invite is made.", body = InviteBody),
    (status = 404, description = "One of the rooms does not exist, or the caller cannot see it.", body = ErrorBody)))]
pub(super) async fn invite(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    headers: HeaderMap,
    Json(body): Json<NewInvite>,
) -> Result<(StatusCode, axum::Json<InviteBody>), Refusal> {
    let origin = origin(&state, &headers);
    let invite = invites::create(&state, identity.who(), body, &origin).await?;
    Ok((StatusCode::CREATED, axum::Json(InviteBody { invite })))
}

/// The invites that still work: owners and admins.
#[utoipa::path(get, path = "/invites", operation_id = "list_invites", tag = "accounts", params(Cursor), responses(
    (status = 200, description = "A page of invites, the newest first.", body = InviteList),
    (status = 403, description = "Only owners and admins see them.", body = ErrorBody)))]
pub(super) async fn list(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    headers: HeaderMap,
    Query(cursor): Query<Cursor>,
) -> Result<axum::Json<InviteList>, Refusal> {
    let origin = origin(&state, &headers);
    let cursor = cursor.cursor.as_deref();
    let list = invites::list(&state, identity.who(), cursor, &origin).await?;
    Ok(axum::Json(list))
}

/// Make an invite worth nothing: owners and admins.
#[utoipa::path(delete, path = "/invites/{code}", operation_id = "revoke_invite", tag = "accounts", params(InvitePath), responses(
    (status = 204, description = "It opens nothing any more.")))]
pub(super) async fn revoke(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(code): Path<String>,
) -> Result<StatusCode, Refusal> {
    invites::revoke(&state, identity.who(), code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a link by which somebody chooses a new password, once within an hour: owners, and admins for everybody but owners.
#[utoipa::path(post, path = "/users/{id}/reset", operation_id = "create_reset", tag = "accounts", params(UserPath), responses(
    (status = 201, description = "The link is made; one that was made before is worth nothing any more.", body = ResetBody),
    (status = 422, description = "It is oneself: whoever is signed in changes their password by `PATCH /users/me`.", body = ErrorBody)))]
pub(super) async fn reset(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    headers: HeaderMap,
    Path(user): Path<UserId>,
) -> Result<(StatusCode, axum::Json<ResetBody>), Refusal> {
    let origin = origin(&state, &headers);
    let reset = resets::create(&state, identity.who(), user, &origin).await?;
    Ok((StatusCode::CREATED, axum::Json(ResetBody { reset })))
}

/// Choose a new password by a link, and sign in with it. All that was signed in before is over.
#[utoipa::path(post, path = "/resets", operation_id = "use_reset", tag = "accounts", security(()), request_body = NewPassword, responses(
    (status = 200, description = "The password is changed; signed in.", body = SignedIn),
    (status = 404, description = "The code is wrong, used or over.", body = ErrorBody)))]
pub(super) async fn use_reset(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    From(device): From,
    Json(body): Json<NewPassword>,
) -> Result<Response, Refusal> {
    let grant = resets::redeem(&state, body, device).await?;
    Ok(signed_in(&state, &headers, grant))
}

/// What links start with: the public URL, or the host that the request named.
pub(in crate::http) fn origin(state: &Shared, headers: &HeaderMap) -> String {
    if let Some(url) = state.config.serve.public_url.first() {
        return url.origin().ascii_serialization();
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    let scheme = if cookies::is_secure(state, headers) {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{host}")
}
