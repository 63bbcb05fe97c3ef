//! Accounts, people, notices.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro writes its paths in full"
)]

use axum::{
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
    response::{AppendHeaders, IntoResponse, Response},
};
use protocol::{
    ErrorBody, NewAccount, NewNotice, NoticeBody, RolePatch, SignedIn, UserBody, UserId, UserPatch,
    Users, compose_name,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Cursor, UserPath};
use crate::{
    commands::{account, govern, notice as notices, profile},
    error::Refusal,
    http::{
        cookies,
        extract::{Caller, From, Json, Path, Query},
    },
    state::{Shared, State},
    store::{UserPage, UsersAsked},
};

/// People that one page lists at most.
const PAGE: u32 = 100;

/// Make an account and sign it in.
#[utoipa::path(post, path = "/accounts", operation_id = "create_account", tag = "accounts", security(()), request_body = NewAccount, responses(
    (status = 201, description = "The account is made and signed in.", body = SignedIn),
    (status = 409, description = "Somebody has that name, or one that looks like it.", body = ErrorBody)))]
pub(super) async fn create(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    From(device): From,
    Json(body): Json<NewAccount>,
) -> Result<Response, Refusal> {
    let grant = account::create(&state, body, device).await?;
    let cookies = cookies::set(&state, &headers, &grant);
    Ok((
        StatusCode::CREATED,
        AppendHeaders(cookies),
        axum::Json(grant.body),
    )
        .into_response())
}

/// Whom to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// Part of a name or display name; everybody when left out.
    #[serde(default)]
    #[param(required = false)]
    q: String,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Instead of these: just these people, by their ids; comma separated, at most 100.
    ids: Option<String>,
}

/// Find people.
#[utoipa::path(get, path = "/users", operation_id = "find_users", tag = "people", params(Search), responses(
    (status = 200, description = "A page of people.", body = Users)))]
pub(super) async fn users(
    Extract(state): Extract<State>,
    Caller(_): Caller,
    Query(search): Query<Search>,
) -> Result<axum::Json<Users>, Refusal> {
    let Search { q, cursor, ids } = search;
    if let Some(ids) = ids {
        let users = state.cache.accounts(&super::ids("ids", &ids)?).await?;
        return Ok(axum::Json(list(&state, &UserPage { users, next: None })));
    }
    let q = compose_name(&q).map_err(|why| Refusal::invalid("q", why.to_string()))?;
    let after = Cursor { cursor }.after()?;
    let page = state
        .store
        .users_page(UsersAsked::In, q.trim(), after, PAGE)
        .await?;
    Ok(axum::Json(list(&state, &page)))
}

/// People with their states, as a body.
pub(super) fn list(state: &Shared, page: &UserPage) -> Users {
    let states = state
        .hub
        .people
        .states_of(page.users.iter().map(|account| account.id));
    let users = page
        .users
        .iter()
        .map(|account| account.summary(states.get(&account.id).copied()))
        .collect();
    Users {
        users,
        next: page.next.map(|next| next.to_string()),
        total: None,
    }
}

/// Who one is.
#[utoipa::path(get, path = "/users/me", operation_id = "get_me", tag = "people", responses(
    (status = 200, description = "Who asks.", body = UserBody)))]
pub(super) async fn me(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
) -> axum::Json<UserBody> {
    let state = state.hub.people.state_of(identity.account.id);
    axum::Json(UserBody {
        user: identity.account.summary(Some(state)),
    })
}

/// Change what is shown of oneself, or one's password, which ends the other sign-ins.
#[utoipa::path(patch, path = "/users/me", operation_id = "change_me", tag = "people", request_body = UserPatch, responses(
    (status = 200, description = "It is changed.", body = UserBody),
    (status = 409, description = "Somebody else has that display name, or a name that looks like it.", body = ErrorBody)))]
pub(super) async fn change(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    From(device): From,
    Json(body): Json<UserPatch>,
) -> Result<axum::Json<UserBody>, Refusal> {
    let account = profile::change(&state, &identity, body, &device).await?;
    Ok(axum::Json(UserBody {
        user: account.summary(None),
    }))
}

/// Change what somebody may do, or shut them out: owners and admins.
#[utoipa::path(patch, path = "/users/{id}", operation_id = "govern_user", tag = "people", params(UserPath), request_body = RolePatch, responses(
    (status = 200, description = "It is changed.", body = UserBody),
    (status = 404, description = "There is no such person.", body = ErrorBody),
    (status = 409, description = "Nobody would be the owner, or it is oneself who would be shut out.", body = ErrorBody)))]
pub(super) async fn set_rights(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(user): Path<UserId>,
    Json(body): Json<RolePatch>,
) -> Result<axum::Json<UserBody>, Refusal> {
    let account = govern::govern(&state, identity.who(), user, body).await?;
    Ok(axum::Json(UserBody {
        user: account.summary(None),
    }))
}

/// Tell everybody something: owners and admins.
#[utoipa::path(post, path = "/notices", operation_id = "send_notice", tag = "accounts", request_body = NewNotice, responses(
    (status = 201, description = "Everybody who is connected was told.", body = NoticeBody)))]
pub(super) async fn notice(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Json(body): Json<NewNotice>,
) -> Result<(StatusCode, axum::Json<NoticeBody>), Refusal> {
    let notice = notices::notice(&state, identity.who(), body)?;
    Ok((StatusCode::CREATED, axum::Json(NoticeBody { notice })))
}
