//! Accounts, people, invites, notices.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro writes its paths in full"
)]

use axum::{
    extract::State as Extract,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use protocol::{
    ErrorBody, InviteBody, NewAccount, NewInvite, NewNotice, SignedIn, UserBody, UserPatch, Users,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Cursor;
use crate::{
    commands::{account, invite as invites, notice as notices, profile},
    error::Refusal,
    http::{
        cookies,
        extract::{Caller, From, Json, Query, own_page},
    },
    state::{Shared, State},
    store::UserPage,
};

/// People that one page lists at most.
const PAGE: u32 = 100;

/// Make an account and sign it in.
#[utoipa::path(post, path = "/accounts", request_body = NewAccount, tag = "accounts", responses(
    (status = 201, body = SignedIn), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn create(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    From(device): From,
    Json(body): Json<NewAccount>,
) -> Result<Response, Refusal> {
    own_page(&headers, &state)?;
    let grant = account::create(&state, body, device).await?;
    let cookies = cookies::set(&grant, cookies::is_secure(&state, &headers));
    Ok((
        StatusCode::CREATED,
        AppendHeaders(cookies),
        axum::Json(grant.body),
    )
        .into_response())
}

/// Whom to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(super) struct Search {
    /// Part of a name or display name; everybody when left out.
    #[serde(default)]
    q: String,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// Find people.
#[utoipa::path(get, path = "/users", params(Search), tag = "people", responses((status = 200, body = Users), (status = 401, body = ErrorBody)))]
pub(super) async fn users(
    Extract(state): Extract<State>,
    Caller(_): Caller,
    Query(search): Query<Search>,
) -> Result<axum::Json<Users>, Refusal> {
    let Search { q, cursor } = search;
    let after = Cursor { cursor }.after()?;
    let page = state.store.users_page(q.trim(), after, PAGE).await?;
    Ok(axum::Json(list(&state, &page)))
}

/// People with their states, as a body.
pub(super) fn list(state: &Shared, page: &UserPage) -> Users {
    let states = state
        .hub
        .states_of(page.users.iter().map(|account| account.id));
    let users = page
        .users
        .iter()
        .map(|account| account.summary(states.get(&account.id).copied()))
        .collect();
    Users {
        users,
        next: page.next.map(|next| next.to_string()),
    }
}

/// Who one is.
#[utoipa::path(get, path = "/users/me", tag = "people", responses((status = 200, body = UserBody), (status = 401, body = ErrorBody)))]
pub(super) async fn me(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
) -> axum::Json<UserBody> {
    let state = state.hub.state_of(identity.account.id);
    axum::Json(UserBody {
        user: identity.account.summary(Some(state)),
    })
}

/// Change what is shown of oneself, or one's password, which ends the other sign-ins.
#[utoipa::path(patch, path = "/users/me", request_body = UserPatch, tag = "people", responses(
    (status = 200, body = UserBody), (status = 403, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn change(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Json(body): Json<UserPatch>,
) -> Result<axum::Json<UserBody>, Refusal> {
    let account = profile::change(&state, &identity, body).await?;
    Ok(axum::Json(UserBody {
        user: account.summary(None),
    }))
}

/// Invite people: owners and admins.
#[utoipa::path(post, path = "/invites", request_body = NewInvite, tag = "accounts", responses(
    (status = 201, body = InviteBody), (status = 403, body = ErrorBody), (status = 422, body = ErrorBody)))]
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

/// What links start with: the public URL, or the host that the request named.
fn origin(state: &Shared, headers: &HeaderMap) -> String {
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

/// Tell everybody something: owners and admins.
#[utoipa::path(post, path = "/notices", request_body = NewNotice, tag = "accounts", responses(
    (status = 201), (status = 403, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn notice(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Json(body): Json<NewNotice>,
) -> Result<StatusCode, Refusal> {
    notices::notice(&state, identity.who(), body)?;
    Ok(StatusCode::CREATED)
}
