//! Rooms and their members, as one user sees them.

use async_trait::async_trait;
use protocol::{RoomId, RoomSummary, UserId};

use super::{StoreError, UserPage};
use crate::{auth::rights::Place, latin::latin};

/// Rooms by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomPage {
    /// The rooms.
    pub rooms: Vec<RoomSummary>,
    /// The last id, if more follow.
    pub next: Option<u64>,
}

/// What is asked about rooms. Whether the user may see what is answered is the caller's question ([`crate::auth::rights::may`]).
#[async_trait]
pub trait Rooms {
    /// The rooms that `user` is a member of, by id, with its counts.
    async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>, StoreError>;
    /// The user's rooms and all public ones after `after`, by id.
    async fn rooms_page(
        &self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> Result<RoomPage, StoreError>;
    /// One room as `user` sees it; none if it does not exist.
    async fn room(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<(RoomSummary, Place)>, StoreError>;
    /// Members of a room after `after`, by id: those whose name or display name holds `query`.
    async fn members(
        &self,
        room: RoomId,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError>;
    /// Whether a room is hidden since before that time, and is to be erased.
    async fn hidden_before(&self, at: u64) -> Result<bool, StoreError>;
    /// How many members a room has.
    async fn member_count(&self, room: RoomId) -> Result<u64, StoreError>;
}

/// A direct room is called by the others who are in it; its people, by id.
pub(super) fn called_by(room: &mut RoomSummary, user: UserId, people: Vec<(UserId, String)>) {
    room.users = people.iter().map(|(id, _)| *id).collect();
    let others = people.into_iter().filter(|(id, _)| *id != user);
    let others: Vec<String> = others.map(|(_, name)| name).collect();
    room.name = others.join(", ");
    room.latin = latin(&room.name);
}
