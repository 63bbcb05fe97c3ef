//! The HTTP API, `/api/v1`, described by itself at `/api/v1/openapi.json`.

mod accounts;
mod document;
mod links;
mod messages;
mod personal;
mod places;
mod sessions;

use axum::{
    Json, Router, extract::DefaultBodyLimit, middleware, response::IntoResponse as _, routing::get,
};
use protocol::{
    ErrorBody, RoomId, UserId,
    limits::{BODY_BYTES, MAX_ID, MAX_IDS},
};
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) use self::links::origin;
use super::limit::limit;
use crate::{error::Refusal, state::State};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hubbub",
        description = "Chat that people own: the HTTP API. Bodies are wrapped by name; errors are `{\"error\":{\"code\",\"message\",\"field\"?}}`. A path that there is not is answered by 404, a method that a path does not take by 405, a head over 32 KiB by 431.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(ErrorBody))
)]
struct Doc;

/// Which room.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
struct RoomPath {
    /// The room.
    id: RoomId,
}

/// Which message of which room.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
struct MessagePath {
    /// The room.
    id: RoomId,
    /// The message's place.
    seq: u64,
}

/// Which member of which room.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
struct MemberPath {
    /// The room.
    id: RoomId,
    /// The member.
    user: UserId,
}

/// Which person.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
struct UserPath {
    /// The person.
    id: UserId,
}

/// Which sign-in.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
struct SignInPath {
    /// The sign-in, as `GET /sessions` lists it.
    id: u64,
}

/// Where a long list goes on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Cursor {
    /// The `next` of the page before.
    cursor: Option<String>,
}

impl Cursor {
    /// The id after which the page starts.
    fn after(&self) -> Result<u64, Refusal> {
        Ok(self.id()?.unwrap_or_default())
    }

    /// The last id of the page before; none for the first page.
    fn id(&self) -> Result<Option<u64>, Refusal> {
        let read = |text: &str| {
            let id = text.parse().ok().filter(|id| *id <= MAX_ID);
            id.ok_or_else(|| {
                Refusal::invalid("cursor", "a cursor is the `next` of the page before")
            })
        };
        self.cursor.as_deref().map(read).transpose()
    }
}

/// Ids in a query, comma separated, at most [`MAX_IDS`].
fn ids<T: std::str::FromStr>(field: &'static str, text: &str) -> Result<Vec<T>, Refusal> {
    let wrong = || Refusal::invalid(field, "name 1 to 100 ids, comma separated");
    let ids: Result<Vec<T>, _> = text
        .split(',')
        .take(MAX_IDS + 1)
        .map(|id| id.parse().map_err(|_| wrong()))
        .collect();
    ids.and_then(|ids| {
        if ids.len() > MAX_IDS {
            Err(wrong())
        } else {
            Ok(ids)
        }
    })
}

/// Every call.
fn calls() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Doc::openapi())
        .routes(routes!(accounts::create))
        .routes(routes!(sessions::create, sessions::list))
        .routes(routes!(sessions::refresh))
        .routes(routes!(sessions::revoke))
        .routes(routes!(sessions::revoke_current))
        .routes(routes!(places::list, places::create))
        .routes(routes!(places::one, places::change, places::delete))
        .routes(routes!(places::undelete))
        .routes(routes!(places::members, places::add_member))
        .routes(routes!(places::remove_member))
        .routes(routes!(places::direct))
        .routes(routes!(places::prefer))
        .routes(routes!(places::read))
        .routes(routes!(messages::history, messages::send))
        .routes(routes!(messages::mentions))
        .routes(routes!(messages::day))
        .routes(routes!(messages::pins))
        .routes(routes!(messages::reactions))
        .routes(routes!(messages::edits))
        .routes(routes!(personal::saved))
        .routes(routes!(personal::save, personal::unsave))
        .routes(routes!(personal::for_you))
        .routes(routes!(personal::threads))
        .routes(routes!(accounts::users))
        .routes(routes!(accounts::me, accounts::change))
        .routes(routes!(accounts::set_rights))
        .routes(routes!(links::invite, links::list))
        .routes(routes!(links::revoke))
        .routes(routes!(links::reset))
        .routes(routes!(links::use_reset))
        .routes(routes!(accounts::notice))
}

/// The description of every call (`OpenAPI` 3.1).
pub fn document() -> utoipa::openapi::OpenApi {
    document::complete(calls().into_openapi())
}

/// Every call, with its limits.
pub(crate) fn router(state: &State) -> Router<State> {
    let (calls, doc) = calls().split_for_parts();
    let doc = document::complete(doc);
    calls
        .route(
            "/openapi.json",
            get(move || std::future::ready(Json(doc.clone()))),
        )
        .fallback(|| async { Refusal::not_found("call").into_response() })
        .method_not_allowed_fallback(|| async {
            let why = Refusal::new(
                protocol::ErrorCode::Invalid,
                "this place does not take that method",
            );
            why.with_status(axum::http::StatusCode::METHOD_NOT_ALLOWED)
        })
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn_with_state(state.clone(), limit))
}
