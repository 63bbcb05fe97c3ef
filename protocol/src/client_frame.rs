//! Frames of a client.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Act, Command, InThread, MessageId, PresenceState, RoomId, Seq, SessionId, summary::is_false,
};

/// A frame from a client. Read it with [`ClientFrame::parse`], which tells what to answer to a broken one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WireFrame", into = "WireFrame")]
pub enum ClientFrame {
    /// The first frame of a connection.
    Hello(Hello),
    /// The heartbeat.
    Ping(Ping),
    /// Do something in a room: `send`, `edit`, `delete`, `react`, `pin`.
    Command(Command),
    /// Move the read position.
    Read(Read),
    /// Set the read position back.
    Unread(Unread),
    /// Follow a thread, or not any more.
    Follow(Follow),
    /// At the page or not.
    Presence(Presence),
    /// Writing just now.
    Typing(Typing),
    /// Ask for messages as they stand.
    History(History),
    /// Ask for raw entries.
    Log(Log),
    /// The user closed: no grace period.
    Bye(Bye),
}

/// A frame as it stands on the wire, where each act is a type of its own.
#[derive(Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
enum WireFrame {
    Hello(Hello),
    Ping(Ping),
    Send(Send),
    Edit(Edit),
    Delete(Delete),
    React(React),
    Pin(Pin),
    Read(Read),
    Unread(Unread),
    Follow(Follow),
    Presence(Presence),
    Typing(Typing),
    History(History),
    Log(Log),
    Bye(Bye),
}

impl From<WireFrame> for ClientFrame {
    fn from(wire: WireFrame) -> Self {
        let command = |id, room, act| Self::Command(Command { id, room, act });
        match wire {
            WireFrame::Hello(hello) => Self::Hello(hello),
            WireFrame::Ping(ping) => Self::Ping(ping),
            WireFrame::Send(Send {
                id,
                room,
                text,
                reply_to,
                thread,
                also,
            }) => {
                let thread = InThread::of(thread, also);
                let act = Act::Send {
                    text,
                    reply_to,
                    thread,
                };
                command(id, room, act)
            }
            WireFrame::Edit(Edit { id, room, of, text }) => {
                command(id, room, Act::Edit { of, text })
            }
            WireFrame::Delete(Delete { id, room, of }) => command(id, room, Act::Delete { of }),
            WireFrame::React(React {
                id,
                room,
                of,
                emoji,
                on,
            }) => command(id, room, Act::React { of, emoji, on }),
            WireFrame::Pin(Pin { id, room, of, on }) => command(id, room, Act::Pin { of, on }),
            WireFrame::Read(read) => Self::Read(read),
            WireFrame::Unread(unread) => Self::Unread(unread),
            WireFrame::Follow(follow) => Self::Follow(follow),
            WireFrame::Presence(presence) => Self::Presence(presence),
            WireFrame::Typing(typing) => Self::Typing(typing),
            WireFrame::History(history) => Self::History(history),
            WireFrame::Log(log) => Self::Log(log),
            WireFrame::Bye(bye) => Self::Bye(bye),
        }
    }
}

impl From<ClientFrame> for WireFrame {
    fn from(frame: ClientFrame) -> Self {
        match frame {
            ClientFrame::Hello(hello) => Self::Hello(hello),
            ClientFrame::Ping(ping) => Self::Ping(ping),
            ClientFrame::Command(Command { id, room, act }) => match act {
                Act::Send {
                    text,
                    reply_to,
                    thread,
                } => {
                    let (thread, also) = InThread::fields(thread);
                    Self::Send(Send {
                        id,
                        room,
                        text,
                        reply_to,
                        thread,
                        also,
                    })
                }
                Act::Edit { of, text } => Self::Edit(Edit { id, room, of, text }),
                Act::Delete { of } => Self::Delete(Delete { id, room, of }),
                Act::React { of, emoji, on } => Self::React(React {
                    id,
                    room,
                    of,
                    emoji,
                    on,
                }),
                Act::Pin { of, on } => Self::Pin(Pin { id, room, of, on }),
            },
            ClientFrame::Read(read) => Self::Read(read),
            ClientFrame::Unread(unread) => Self::Unread(unread),
            ClientFrame::Follow(follow) => Self::Follow(follow),
            ClientFrame::Presence(presence) => Self::Presence(presence),
            ClientFrame::Typing(typing) => Self::Typing(typing),
            ClientFrame::History(history) => Self::History(history),
            ClientFrame::Log(log) => Self::Log(log),
            ClientFrame::Bye(bye) => Self::Bye(bye),
        }
    }
}

/// `hello`: who connects, from what, and how far it has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The contract's version; 1.
    pub v: u32,
    /// A stable random id of the device, 16 to 64 characters.
    pub device: String,
    /// Name and version of the program, at most 100 characters.
    #[serde(default)]
    pub client: String,
    /// An access token, where neither header nor cookie can be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What to go on from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
}

/// What a client comes back with. Its cursors count whether or not the session is still known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The live session of the connection before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// The last `seq` seen of each room; 0 for nothing.
    #[serde(default, deserialize_with = "crate::id::by_room::deserialize")]
    pub cursors: BTreeMap<RoomId, Seq>,
}

/// `ping`: the heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ping {
    /// Comes back in the pong.
    pub n: u64,
}

/// [`Act::Send`] as a frame.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Send {
    id: MessageId,
    room: RoomId,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_to: Option<Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thread: Option<Seq>,
    #[serde(default, skip_serializing_if = "is_false")]
    also: bool,
}

/// [`Act::Edit`] as a frame.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    id: MessageId,
    room: RoomId,
    of: Seq,
    text: String,
}

/// [`Act::Delete`] as a frame.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Delete {
    id: MessageId,
    room: RoomId,
    of: Seq,
}

/// [`Act::React`] as a frame.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct React {
    id: MessageId,
    room: RoomId,
    of: Seq,
    emoji: String,
    on: bool,
}

/// [`Act::Pin`] as a frame.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pin {
    id: MessageId,
    room: RoomId,
    of: Seq,
    on: bool,
}

/// `read`: move the read position; within a generation it only grows, and past the end means the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// The room.
    pub room: RoomId,
    /// The thread that is read, by its first message; the room when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Seq>,
    /// Up to and with this entry.
    pub seq: Seq,
    /// The generation of the position that it moves: of an older one it changes nothing. The present one when left out.
    #[serde(rename = "gen", default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<u64>,
}

/// `unread`: this entry, and what follows it, is unread from now on. It begins the next generation of the read position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unread {
    /// The room.
    pub room: RoomId,
    /// The thread whose position it is, by its first message; the room's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Seq>,
    /// An entry of its log, at most [`crate::limits::UNREAD_BACK`] before the end.
    pub seq: Seq,
}

/// `follow`: follow a thread, or not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follow {
    /// The room.
    pub room: RoomId,
    /// The thread's first message.
    pub thread: Seq,
    /// Follow, or not any more.
    pub on: bool,
}

/// `presence`: at the page or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// `online` or `away`.
    pub state: PresenceState,
}

/// `typing`: writing just now; at most one in 3 s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typing {
    /// The room.
    pub room: RoomId,
    /// The thread that one writes in, by its first message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Seq>,
}

/// `history`: messages as they stand now. One of `before`, `after`, `around`; none of them means the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// Comes back in the page.
    pub req: u64,
    /// The room.
    pub room: RoomId,
    /// The thread whose replies are asked for, by its first message; the room's own messages when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Seq>,
    /// Older than this entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Seq>,
    /// Newer than this entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Seq>,
    /// Half up to and with this entry, half after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<Seq>,
    /// How many messages: 1…100, larger is cut to 100; 50 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Whether the page is to come with the room's counts ([`crate::RoomCounts`]), or the thread's ([`crate::ThreadSummary`]).
    #[serde(default, skip_serializing_if = "is_false")]
    pub counts: bool,
}

/// `log`: raw entries after a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Comes back in the entries.
    pub req: u64,
    /// The room.
    pub room: RoomId,
    /// Newer than this entry; 0 for all.
    pub after: Seq,
    /// How many: 1…1,000, larger is cut to 1,000; 1,000 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// `bye`: nothing more to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bye {}
