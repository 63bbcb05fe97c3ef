//! Rooms and their members.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro writes its paths in full"
)]

use axum::{extract::State as Extract, http::StatusCode};
use protocol::{
    ErrorBody, NewDirect, NewMember, NewRoom, PreferencesPatch, ReadRooms, RoomBody, RoomId,
    RoomList, RoomPatch, UserBody, UserId, Users, WhichRooms, compose_name,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Cursor, MemberPath, RoomPath, accounts};
use crate::{
    commands::{
        direct as directs,
        member::{self, MembersAsked},
        read::read_all,
        room as rooms, room_for,
    },
    error::Refusal,
    http::extract::{Caller, Json, MaybeJson, Path, Query},
    state::State,
};

/// Rooms that one page lists at most.
const PAGE: u32 = 100;

/// The caller's rooms and all public ones.
#[utoipa::path(get, path = "/rooms", operation_id = "list_rooms", tag = "rooms", params(Cursor), responses(
    (status = 200, description = "A page of rooms.", body = RoomList)))]
pub(super) async fn list(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Query(cursor): Query<Cursor>,
) -> Result<axum::Json<RoomList>, Refusal> {
    let page = state
        .store
        .rooms_page(identity.account.id, cursor.after()?, PAGE)
        .await?;
    Ok(axum::Json(RoomList {
        rooms: page.rooms,
        next: page.next.map(|next| next.to_string()),
    }))
}

/// Make a public or private room.
#[utoipa::path(post, path = "/rooms", operation_id = "create_room", tag = "rooms", request_body = NewRoom, responses(
    (status = 201, description = "The room is made, with its creator as its first member.", body = RoomBody),
    (status = 409, description = "A room has that name, or one that looks like it.", body = ErrorBody)))]
pub(super) async fn create(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Json(body): Json<NewRoom>,
) -> Result<(StatusCode, axum::Json<RoomBody>), Refusal> {
    let room = rooms::create(&state, identity.who(), body).await?;
    Ok((StatusCode::CREATED, axum::Json(RoomBody { room })))
}

/// One room.
#[utoipa::path(get, path = "/rooms/{id}", operation_id = "get_room", tag = "rooms", params(RoomPath), responses(
    (status = 200, description = "The room.", body = RoomBody)))]
pub(super) async fn one(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
) -> Result<axum::Json<RoomBody>, Refusal> {
    let room = room_for(&state, identity.who(), room).await?;
    Ok(axum::Json(RoomBody { room }))
}

/// Change a room's name, topic or settings: its creator and admins.
#[utoipa::path(patch, path = "/rooms/{id}", operation_id = "change_room", tag = "rooms", params(RoomPath), request_body = RoomPatch, responses(
    (status = 200, description = "It is changed.", body = RoomBody),
    (status = 409, description = "Another room has that name, or one that looks like it.", body = ErrorBody)))]
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
#[utoipa::path(delete, path = "/rooms/{id}", operation_id = "delete_room", tag = "rooms", params(RoomPath), responses(
    (status = 204, description = "It is gone for everybody; for 30 s it can be brought back.")))]
pub(super) async fn delete(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
) -> Result<StatusCode, Refusal> {
    rooms::delete(&state, identity.who(), room).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What one wants of a room that one is in; only what is named changes, and nobody else hears of it.
#[utoipa::path(put, path = "/rooms/{id}/me", operation_id = "prefer_room", tag = "rooms", params(RoomPath), request_body = PreferencesPatch, responses(
    (status = 200, description = "It is changed.", body = RoomBody)))]
pub(super) async fn prefer(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    Json(body): Json<PreferencesPatch>,
) -> Result<axum::Json<RoomBody>, Refusal> {
    let room = rooms::prefer(&state, identity.who(), room, body).await?;
    Ok(axum::Json(RoomBody { room }))
}

/// All that one has not read is read.
#[utoipa::path(post, path = "/read", operation_id = "read_rooms", tag = "rooms", request_body = ReadRooms, responses(
    (status = 204, description = "All of it is read.")))]
pub(super) async fn read(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Json(ReadRooms {
        rooms: WhichRooms::All,
    }): Json<ReadRooms>,
) -> Result<StatusCode, Refusal> {
    read_all(&state, identity.who()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring a room back that was deleted within the last 30 s: who deleted it, its creator and admins.
#[utoipa::path(post, path = "/rooms/{id}/undelete", operation_id = "undelete_room", tag = "rooms", params(RoomPath), responses(
    (status = 200, description = "It is back, with all that was said in it.", body = RoomBody),
    (status = 409, description = "Another room has its name by now, or one that looks like it.", body = ErrorBody)))]
pub(super) async fn undelete(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
) -> Result<axum::Json<RoomBody>, Refusal> {
    let room = rooms::undelete(&state, identity.who(), room).await?;
    Ok(axum::Json(RoomBody { room }))
}

/// Which members of a room.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MembersQuery {
    /// What their name or display name holds; everybody for nothing.
    #[serde(default)]
    #[param(required = false)]
    q: String,
    /// Only those who are online or away, at most 200; there is no next page of them.
    #[serde(default)]
    #[param(required = false)]
    here: bool,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// Who is in a room.
#[utoipa::path(get, path = "/rooms/{id}/members", operation_id = "list_members", tag = "rooms", params(RoomPath, MembersQuery), responses(
    (status = 200, description = "A page of members, and how many there are in all.", body = Users)))]
pub(super) async fn members(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path(room): Path<RoomId>,
    Query(query): Query<MembersQuery>,
) -> Result<axum::Json<Users>, Refusal> {
    let MembersQuery { q, here, cursor } = query;
    let q = compose_name(&q).map_err(|why| Refusal::invalid("q", why.to_string()))?;
    let after = Cursor { cursor }.after()?;
    let which = if here {
        MembersAsked::Here
    } else {
        MembersAsked::Named(q.trim(), after)
    };
    let (page, total) = member::list(&state, identity.who(), room, which).await?;
    Ok(axum::Json(Users {
        total: Some(total),
        ..accounts::list(&state, &page)
    }))
}

/// Make somebody a member; without `user` join a public room oneself. 201 for a new member, 200 for one who was.
#[utoipa::path(post, path = "/rooms/{id}/members", operation_id = "add_member", tag = "rooms", params(RoomPath), request_body(content = NewMember, description = "`{}`, or nothing at all, for oneself."), responses(
    (status = 201, description = "A new member.", body = UserBody),
    (status = 200, description = "They were a member before.", body = UserBody),
    (status = 409, description = "The room is archived: nobody comes into it.", body = ErrorBody)))]
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
#[utoipa::path(delete, path = "/rooms/{id}/members/{user}", operation_id = "remove_member", tag = "rooms", params(MemberPath), responses(
    (status = 204, description = "They are no member any more.")))]
pub(super) async fn remove_member(
    Extract(state): Extract<State>,
    Caller(identity): Caller,
    Path((room, user)): Path<(RoomId, UserId)>,
) -> Result<StatusCode, Refusal> {
    member::remove(&state, identity.who(), room, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The direct room of exactly these people, made once.
#[utoipa::path(post, path = "/direct", operation_id = "open_direct_room", tag = "rooms", request_body = NewDirect, responses(
    (status = 201, description = "The room is made.", body = RoomBody),
    (status = 200, description = "The room was there.", body = RoomBody),
    (status = 404, description = "There is no such person.", body = ErrorBody)))]
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
