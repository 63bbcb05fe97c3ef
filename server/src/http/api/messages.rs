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
use protocol::{
    Ack, Act, Command, EditList, ErrorBody, FirstSince, History, InThread, Mentions, NewMessage,
    Page, PinList, ReactionList, RoomId, Seq,
};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use utoipa::IntoParams;

use super::{MessagePath, RoomPath, ids};
use crate::{
    answers::AnswerPlace,
    commands::{
        self,
        act::{self, Acked, Admission},
        history::{first_since, mentions as mentioned, named, page_limit},
        message,
    },
    error::Refusal,
    http::extract::{Caller, Json, Path, Query},
    state::State,
};

/// Which messages: one of `before`, `after`, `around`; the newest without.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MessagesQuery {
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
    /// The thread whose replies are meant, by its first message; the room's own messages without.
    #[param(value_type = Option<u64>)]
    thread: Option<Seq>,
    /// Whether the page is to come with the room's counts, or the thread's.
    #[serde(default)]
    #[param(required = false)]
    counts: bool,
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

/// Since when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Since {
    /// In milliseconds since the epoch; must be there.
    at: Option<u64>,
}

/// Messages as they stand now, oldest first.
#[utoipa::path(get, path = "/rooms/{id}/messages", operation_id = "list_messages", tag = "messages", params(RoomPath, MessagesQuery), responses(
    (status = 200, description = "A page of messages.", body = Page)))]
pub(super) async fn history(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    Query(which): Query<MessagesQuery>,
) -> Result<Response, Refusal> {
    let who = identity.who();
    let place = state.answers.place(who.id).await?;
    let page = if let Some(seqs) = which.seqs {
        named(&state, who, room, &ids("seqs", &seqs)?).await?
    } else {
        let ask = History {
            req: 0,
            room,
            thread: which.thread,
            before: which.before,
            after: which.after,
            around: which.around,
            limit: which.limit,
            counts: which.counts,
        };
        let page = commands::history::history(&state, who, ask).await?;
        Page { req: None, ..page }
    };
    answer(&page, place)
}

/// An answer that may be large, in JSON; it keeps its place until it is sent.
pub(super) fn answer(body: &impl Serialize, place: AnswerPlace) -> Result<Response, Refusal> {
    let json = serde_json::to_vec(body).map_err(|_| Refusal::unavailable())?;
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

/// The first message of a room since a time: where a day begins in it.
#[utoipa::path(get, path = "/rooms/{id}/day", operation_id = "first_message_since", tag = "messages", params(RoomPath, Since), responses(
    (status = 200, description = "The place of the first of the room's own messages that was stored then or later; without it there is none.", body = FirstSince)))]
pub(super) async fn day(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    Query(since): Query<Since>,
) -> Result<axum::Json<FirstSince>, Refusal> {
    let Some(at) = since.at else {
        return Err(Refusal::invalid("at", "say since when, in milliseconds"));
    };
    let found = first_since(&state, identity.who(), room, at).await?;
    Ok(axum::Json(found))
}

/// What is pinned in a room, what was pinned last first.
#[utoipa::path(get, path = "/rooms/{id}/pins", operation_id = "list_pins", tag = "messages", params(RoomPath), responses(
    (status = 200, description = "The pinned messages as they stand now; at most 100, and about 1 MiB.", body = PinList)))]
pub(super) async fn pins(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
) -> Result<Response, Refusal> {
    let who = identity.who();
    let place = state.answers.place(who.id).await?;
    let pins = commands::history::pins(&state, who, room).await?;
    answer(&pins, place)
}

/// Who gives which emoji to a message.
#[utoipa::path(get, path = "/rooms/{id}/messages/{seq}/reactions", operation_id = "list_reactions", tag = "messages", params(MessagePath), responses(
    (status = 200, description = "The emoji in the order in which each was first given, with at most 100 people each; none of a deleted message.", body = ReactionList)))]
pub(super) async fn reactions(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(at): Path<(RoomId, Seq)>,
) -> Result<Response, Refusal> {
    let who = identity.who();
    let place = state.answers.place(who.id).await?;
    answer(&message::reactions(&state, who, at).await?, place)
}

/// What a message said before.
#[utoipa::path(get, path = "/rooms/{id}/messages/{seq}/edits", operation_id = "list_edits", tag = "messages", params(MessagePath), responses(
    (status = 200, description = "Earlier texts, the oldest first, what it first said included; at most 100, and about 1 MiB; none of a deleted message.", body = EditList)))]
pub(super) async fn edits(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(at): Path<(RoomId, Seq)>,
) -> Result<Response, Refusal> {
    let who = identity.who();
    let place = state.answers.place(who.id).await?;
    answer(&message::edits(&state, who, at).await?, place)
}

/// Say something. The same id again gets the same answer, with 200.
#[utoipa::path(post, path = "/rooms/{id}/messages", operation_id = "send_message", tag = "messages", params(RoomPath), request_body = NewMessage, responses(
    (status = 201, description = "It is stored.", body = Ack),
    (status = 200, description = "It was stored before, under the same id.", body = Ack),
    (status = 409, description = "The id was used for something else, the room is archived, or the first message of the thread is deleted.", body = ErrorBody)))]
pub(super) async fn send(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    Json(body): Json<NewMessage>,
) -> Result<(StatusCode, axum::Json<Ack>), Refusal> {
    let NewMessage {
        id,
        text,
        reply_to,
        thread,
        also,
    } = body;
    let act = Act::Send {
        text,
        reply_to,
        thread: InThread::of(thread, also),
    };
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
