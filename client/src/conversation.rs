//! What has a timeline and a read position: a room, or a thread of one.

use protocol::{RoomId, Seq};

/// A room, or a thread of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Conversation {
    pub(crate) room: RoomId,
    /// The thread's first message; none for the room itself.
    pub(crate) thread: Option<Seq>,
}

impl Conversation {
    /// A thread of a room.
    pub(crate) const fn thread(room: RoomId, root: Seq) -> Self {
        Self {
            room,
            thread: Some(root),
        }
    }
}

impl From<RoomId> for Conversation {
    fn from(room: RoomId) -> Self {
        Self { room, thread: None }
    }
}
