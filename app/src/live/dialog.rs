//! The dialogs over the page, and what the choice of emoji is for.

use client::rows::{Day, RowKey};
use protocol::{RoomId, UserId};

/// The dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialog {
    /// Make a room.
    NewRoom,
    /// The public rooms.
    Browse,
    /// Write to somebody.
    NewDirect,
    /// Bring people into a private room.
    AddPeople(RoomId),
    /// Make an invite.
    Invite,
    /// Call a room something else.
    Rename(RoomId),
    /// Change a room's topic.
    Topic(RoomId),
    /// Somebody's card.
    Profile(UserId),
    /// Leave a room.
    Leave(RoomId),
    /// Delete a room.
    DeleteRoom(RoomId),
    /// Delete a message.
    Delete(RoomId, u64),
    /// What was written for a room that one is no longer in.
    Unsent(RoomId),
    /// Another room for it.
    Elsewhere(RoomId),
    /// The threads that one follows.
    Threads,
    /// What is pinned in a room.
    Pins(RoomId),
    /// Who reacted to a message.
    Reacted(RoomId, u64),
    /// What a message said before it was edited.
    Earlier(RoomId, u64),
    /// Another day of a room, beginning with this one.
    Day(RoomId, Day),
    /// Of which messages of a room one wants to hear.
    Level(RoomId),
    /// The keys, and what they do.
    Keys,
    /// A text to copy by hand.
    ByHand,
    /// Find a room or a person.
    Switcher,
}

/// What a chosen emoji is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picking {
    /// The composer's text.
    Text,
    /// A reaction to this row's message.
    Reaction(RowKey),
}
