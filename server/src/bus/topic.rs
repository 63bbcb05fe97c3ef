//! Whom a note reaches: a node listens only to what concerns the people who are connected to it.

use protocol::{EventKind, RoomId, UserId};

use super::Note;

/// One run of a node: drawn when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u64);

/// What a node may listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// What happens in a room.
    Room(RoomId),
    /// What is one person's own, and where they become or cease to be a member.
    User(UserId),
    /// What is for one node.
    Node(NodeId),
    /// What is for every node.
    All,
}

/// The topics of a note, one or two; none for what other nodes do not hear. A membership is told to the person's topic too: a node that has the person need not
/// listen to that room yet.
pub(crate) fn topics_of(note: &Note<'_>) -> [Option<Topic>; 2] {
    match *note {
        Note::Entry { event, .. } => {
            let room = Some(Topic::Room(event.room));
            match event.kind {
                EventKind::Join { user } | EventKind::Leave { user } => {
                    [room, Some(Topic::User(user))]
                }
                _ => [room, None],
            }
        }
        Note::Read { user, .. }
        | Note::Thread { user, .. }
        | Note::PreferencesChanged { user, .. }
        | Note::Saved { user, .. }
        | Note::Rooms { user, .. }
        | Note::SessionMoved { user, .. }
        | Note::Prolonged { user, .. } => [Some(Topic::User(user)), None],
        Note::Replied { room, .. }
        | Note::RoomChanged { room, .. }
        | Note::RoomGone { room, .. }
        | Note::Head { room, .. }
        | Note::Typing { room, .. } => [Some(Topic::Room(room)), None],
        // Nobody listens to a room that is gone, and what is remembered of people and their sign-ins is remembered everywhere.
        Note::RoomBack { .. }
        | Note::AccountChanged { .. }
        | Note::AccountIs { .. }
        | Note::UserChanged { .. }
        | Note::Banned { .. }
        | Note::SignedOut { .. }
        | Note::Presence { .. }
        | Note::Notice(_) => [Some(Topic::All), None],
        // What one node does not know of its own commit it finds out, and tells.
        Note::Unsure => [None, None],
    }
}
