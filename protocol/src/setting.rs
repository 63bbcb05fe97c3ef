//! Settings of a room.

use serde::Serialize;

use crate::{RoomKind, RoomSummary};

/// A setting of a room and the value that it gets (contract, "Events", `set`). The topic has a kind of entry of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", content = "value", rename_all = "snake_case")]
pub enum RoomSetting {
    /// What it is called.
    Name(String),
    /// Whether only its creator and admins write in it.
    ReadOnly(bool),
    /// Whether nothing is said in it any more.
    Archived(bool),
}

impl RoomSetting {
    /// Notes it in what is known of the room. A direct room is called by its people, whatever it is told.
    pub fn apply(&self, room: &mut RoomSummary) {
        match self {
            Self::Name(name) if room.kind != RoomKind::Direct => {
                // The entry does not say how the new name is read; the `room` frame that follows does.
                if room.name != *name {
                    room.latin = None;
                }
                room.name.clone_from(name);
            }
            Self::Name(_) => {}
            Self::ReadOnly(on) => room.read_only = *on,
            Self::Archived(on) => room.archived = *on,
        }
    }
}
