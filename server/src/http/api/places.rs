//! Rooms and their members.

use axum::{extract::State as Extract, http::StatusCode};
use protocol::{
    ErrorBody, NewDirect, NewMember, NewRoom, RoomBody, RoomId, RoomPatch, Rooms, UserBody, UserId,
    Users,
};

use super::{Cursor, accounts};
use crate::{
    commands::{direct as directs, member, room as rooms, room_for},
    error::Refusal,
    http::extract::{Caller, Json, MaybeJson, Path, Query},
    state::State,
};

/// Rooms that one page lists at most.
const PAGE: u32 = 100;

/// The caller's rooms and all public ones.
#[utoipa::path(get, path = "/rooms", params(Cursor), tag = "rooms", responses((status = 200, body = Rooms), (status = 401, body = ErrorBody)))]
pub(super) async fn list(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Query(cursor): Query<Cursor>,
) -> Result<axum::Json<Rooms>, Refusal> {
    let page = state
        .store
        .rooms_page(identity.account.id, cursor.after()?, PAGE)
        .await?;
    Ok(axum::Json(Rooms {
        rooms: page.rooms,
        next: page.next.map(|next| next.to_string()),
    }))
}

/// Make a public or private room.
#[utoipa::path(post, path = "/rooms", request_body = NewRoom, tag = "rooms", responses(
    (status = 201, body = RoomBody), (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn create(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Json(body): Json<NewRoom>,
) -> Result<(StatusCode, axum::Json<RoomBody>), Refusal> {
    let room = rooms::create(&state, identity.who(), body).await?;
    Ok((StatusCode::CREATED, axum::Json(RoomBody { room })))
}

/// One room.
#[utoipa::path(get, path = "/rooms/{id}", params(("id" = u64, Path,)), tag = "rooms", responses(
    (status = 200, body = RoomBody), (status = 404, body = ErrorBody)))]
pub(super) async fn one(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
) -> Result<axum::Json<RoomBody>, Refusal> {
    let room = room_for(&state, identity.who(), room).await?;
    Ok(axum::Json(RoomBody { room }))
}

/// Change a room's name or topic: its creator and admins.
#[utoipa::path(patch, path = "/rooms/{id}", params(("id" = u64, Path,)), request_body = RoomPatch, tag = "rooms", responses(
    (status = 200, body = RoomBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(super) async fn change(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    Json(body): Json<RoomPatch>,
) -> Result<axum::Json<RoomBody>, Refusal> {
    let room = rooms::change(&state, identity.who(), room, body).await?;
    Ok(axum::Json(RoomBody { room }))
}

/// Delete a room: its creator and admins.
#[utoipa::path(delete, path = "/rooms/{id}", params(("id" = u64, Path,)), tag = "rooms", responses(
    (status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn delete(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
) -> Result<StatusCode, Refusal> {
    rooms::delete(&state, identity.who(), room).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is in a room.
#[utoipa::path(get, path = "/rooms/{id}/members", params(("id" = u64, Path,), Cursor), tag = "rooms", responses(
    (status = 200, body = Users), (status = 404, body = ErrorBody)))]
pub(super) async fn members(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    Query(cursor): Query<Cursor>,
) -> Result<axum::Json<Users>, Refusal> {
    let page = member::list(&state, identity.who(), room, cursor.after()?).await?;
    Ok(axum::Json(accounts::list(&state, &page)))
}

/// Make somebody a member; without `user` join a public room oneself. 201 for a new member, 200 for one who was.
#[utoipa::path(post, path = "/rooms/{id}/members", params(("id" = u64, Path,)), request_body = NewMember, tag = "rooms", responses(
    (status = 201, body = UserBody), (status = 200, body = UserBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn add_member(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    MaybeJson(body): MaybeJson<NewMember>,
) -> Result<(StatusCode, axum::Json<UserBody>), Refusal> {
    let (account, new) = member::add(&state, identity.who(), room, body.user).await?;
    let status = if new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((
        status,
        axum::Json(UserBody {
            user: account.summary(None),
        }),
    ))
}

/// End a membership: one's own, or by the room's creator and moderators.
#[utoipa::path(delete, path = "/rooms/{id}/members/{user}", params(("id" = u64, Path,), ("user" = u64, Path,)), tag = "rooms", responses(
    (status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn remove_member(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path((room, user)): Path<(RoomId, UserId)>,
) -> Result<StatusCode, Refusal> {
    member::remove(&state, identity.who(), room, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The direct room of exactly these people, made once.
#[utoipa::path(post, path = "/direct", request_body = NewDirect, tag = "rooms", responses(
    (status = 201, body = RoomBody), (status = 200, body = RoomBody), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn direct(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Json(body): Json<NewDirect>,
) -> Result<(StatusCode, axum::Json<RoomBody>), Refusal> {
    let (room, created) = directs::open(&state, identity.who(), body).await?;
    let status = if created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, axum::Json(RoomBody { room })))
}
