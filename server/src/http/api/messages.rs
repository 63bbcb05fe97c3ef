//! Messages over HTTP: the same commands as over the live connection.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro writes its paths in full"
)]

use axum::{
    body::Body,
    extract::State as Extract,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use protocol::{Ack, Act, Command, ErrorBody, Mentions, NewMessage, Page, RoomId, Seq};
use serde::Deserialize;
use tokio::sync::oneshot;
use utoipa::IntoParams;

use super::{RoomPath, ids};
use crate::{
    commands::{
        act::{self, Acked, Admission},
        history::{mentions as mentioned, named, page, page_at, page_limit},
    },
    error::Refusal,
    http::extract::{Caller, Json, Path, Query},
    state::State,
};

/// Which messages: one of `before`, `after`, `around`; the newest without.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Older than this.
    #[param(value_type = Option<u64>)]
    before: Option<Seq>,
    /// Newer than this.
    #[param(value_type = Option<u64>)]
    after: Option<Seq>,
    /// Half up to and with this, half after it.
    #[param(value_type = Option<u64>)]
    around: Option<Seq>,
    /// How many, 1…100; larger is cut to 100, 50 when left out.
    #[param(minimum = 1)]
    limit: Option<u32>,
    /// Instead of all these: just these, by their places; comma separated, at most 100.
    seqs: Option<String>,
}

/// Which mentions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// Newer than this; from the first one when left out.
    #[serde(default)]
    #[param(value_type = u64, required = false)]
    after: Seq,
    /// How many, 1…100; larger is cut to 100, 50 when left out.
    #[param(minimum = 1)]
    limit: Option<u32>,
}

/// Messages as they stand now, oldest first.
#[utoipa::path(get, path = "/rooms/{id}/messages", operation_id = "list_messages", tag = "messages", params(RoomPath, Which), responses(
    (status = 200, description = "A page of messages.", body = Page)))]
pub(super) async fn history(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    Query(which): Query<Which>,
) -> Result<Response, Refusal> {
    let at = page_at(which.before, which.after, which.around)?;
    let limit = page_limit(which.limit)?;
    let who = identity.who();
    let place = state.answers.place(who.id).await?;
    let page = match which.seqs {
        Some(seqs) => named(&state, who, room, &ids("seqs", &seqs)?).await?,
        None => page(&state, who, room, at, limit).await?,
    };
    let json = serde_json::to_vec(&page).map_err(|_| Refusal::unavailable())?;
    let kind = HeaderValue::from_static("application/json");
    let bytes = Body::from(place.hold(json));
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

/// Where one is named, or everybody is, in order.
#[utoipa::path(get, path = "/rooms/{id}/mentions", operation_id = "list_mentions", tag = "messages", params(RoomPath, After), responses(
    (status = 200, description = "Places of messages of others.", body = Mentions)))]
pub(super) async fn mentions(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    Query(which): Query<After>,
) -> Result<axum::Json<Mentions>, Refusal> {
    let limit = page_limit(which.limit)?;
    Ok(axum::Json(
        mentioned(&state, identity.who(), room, which.after, limit).await?,
    ))
}

/// Say something. The same id again gets the same answer, with 200.
#[utoipa::path(post, path = "/rooms/{id}/messages", operation_id = "send_message", tag = "messages", params(RoomPath), request_body = NewMessage, responses(
    (status = 201, description = "It is stored.", body = Ack),
    (status = 200, description = "It was stored before, under the same id.", body = Ack),
    (status = 409, description = "The id was used for something else.", body = ErrorBody)))]
pub(super) async fn send(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    Json(body): Json<NewMessage>,
) -> Result<(StatusCode, axum::Json<Ack>), Refusal> {
    let NewMessage { id, text, reply_to } = body;
    let act = Act::Send { text, reply_to };
    let (tell, told) = oneshot::channel();
    let tell = move |answer| drop(tell.send(answer));
    let Acked { ack, repeat } =
        match act::submit(&state, identity.who(), Command { id, room, act }, tell) {
            Admission::Queued => told.await.map_err(|_| Refusal::unavailable())??,
            Admission::Deferred(one) => act::deferred(&state, *one).await?,
        };
    let status = if repeat {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, axum::Json(ack)))
}
