//! Rooms that a text can name.

use std::sync::Arc;

use protocol::{RoomId, RoomKind, RoomSummary};

/// Rooms by the keys of their names ([`text::handle_key`]).
pub(crate) type RoomNames = Arc<Vec<(String, RoomId)>>;

/// What a text can name with `#`: direct rooms are called by their people.
pub(super) fn room_names(rooms: &[RoomSummary]) -> RoomNames {
    let named = rooms.iter().filter(|room| room.kind != RoomKind::Direct);
    let keys = named.map(|room| (text::handle_key(&room.name), room.id));
    Arc::new(keys.collect())
}
