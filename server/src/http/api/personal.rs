//! What is the caller's own over all rooms.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro writes its paths in full"
)]

use axum::{extract::State as Extract, http::StatusCode, response::Response};
use protocol::{ErrorBody, ForYou, RoomId, SavedList, Seq, ThreadList};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Cursor, messages::answer};
use crate::{
    commands::{personal, threads},
    error::Refusal,
    http::extract::{Caller, Path, Query},
    state::State,
};

/// Which message of which room.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
struct SavedPath {
    /// The room.
    room: RoomId,
    /// The message.
    #[param(value_type = u64)]
    seq: Seq,
}

/// Save a message that one may read. Saved again it is saved.
#[utoipa::path(put, path = "/saved/{room}/{seq}", operation_id = "save_message", tag = "messages", params(SavedPath), responses(
    (status = 204, description = "It is saved."),
    (status = 409, description = "One has saved too many.", body = ErrorBody)))]
pub(super) async fn save(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(at): Path<(RoomId, Seq)>,
) -> Result<StatusCode, Refusal> {
    personal::save(&state, identity.who(), at, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let go of a message, saved or not.
#[utoipa::path(delete, path = "/saved/{room}/{seq}", operation_id = "unsave_message", tag = "messages", params(SavedPath), responses(
    (status = 204, description = "It is not saved.")))]
pub(super) async fn unsave(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(at): Path<(RoomId, Seq)>,
) -> Result<StatusCode, Refusal> {
    personal::save(&state, identity.who(), at, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What of the saved messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SavedQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// 1 for the places of all of them instead, `{"saved":[{"room","seq"}]}`.
    #[param(minimum = 0, maximum = 1)]
    ids: Option<u8>,
}

/// What one saved and may still read, what was saved last first.
#[utoipa::path(get, path = "/saved", operation_id = "list_saved", tag = "messages", params(SavedQuery), responses(
    (status = 200, description = "A page of messages as they stand now; with `ids=1` the places of all.", body = SavedList)))]
pub(super) async fn saved(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Query(SavedQuery { cursor, ids }): Query<SavedQuery>,
) -> Result<Response, Refusal> {
    let who = identity.who();
    let before = Cursor { cursor }.id()?;
    let place = state.answers.place(who.id).await?;
    match ids {
        Some(1) => answer(&personal::saved_places(&state, who).await?, place),
        None | Some(0) => answer(&personal::saved(&state, who, before).await?, place),
        Some(_) => Err(Refusal::invalid("ids", "ids is 0 or 1")),
    }
}

/// Messages of others that name one or everybody, and those of direct rooms, the newest first.
#[utoipa::path(get, path = "/for-you", operation_id = "list_for_you", tag = "messages", params(Cursor), responses(
    (status = 200, description = "A page of messages as they stand now.", body = ForYou)))]
pub(super) async fn for_you(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Query(Cursor { cursor }): Query<Cursor>,
) -> Result<Response, Refusal> {
    let who = identity.who();
    let wrong = || Refusal::invalid("cursor", "a cursor is the `next` of the page before");
    let before = cursor.map(|text| personal::moment(&text).ok_or_else(wrong));
    let before = before.transpose()?;
    let place = state.answers.place(who.id).await?;
    answer(&personal::for_you(&state, who, before).await?, place)
}

/// Which threads.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ThreadsQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// 1 for those alone in which something is unread.
    #[param(minimum = 0, maximum = 1)]
    unread: Option<u8>,
}

/// The threads that one follows: those with something unread first, then the one with the newest reply.
#[utoipa::path(get, path = "/threads", operation_id = "list_threads", tag = "messages", params(ThreadsQuery), responses(
    (status = 200, description = "A page of threads, with their first messages as they stand now.", body = ThreadList)))]
pub(super) async fn threads(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Query(ThreadsQuery { cursor, unread }): Query<ThreadsQuery>,
) -> Result<Response, Refusal> {
    let who = identity.who();
    let only_unread = match unread {
        Some(1) => true,
        None | Some(0) => false,
        Some(_) => return Err(Refusal::invalid("unread", "unread is 0 or 1")),
    };
    let place = state.answers.place(who.id).await?;
    let list = threads::list(&state, who, only_unread, cursor.as_deref()).await?;
    answer(&list, place)
}
