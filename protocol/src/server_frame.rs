//! Frames of the server.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    ErrorCode, Event, Message, MessageId, PresenceState, RoomCounts, RoomId, RoomSummary, Seq,
    SessionId, ThreadChange, ThreadSummary, UserId, UserSummary, id::ByRoom, summary::is_default,
};

/// A frame from the server. Read it with [`ServerFrame::parse`]; a client ignores a type that it does not know
/// ([`ServerFrame::Unknown`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `hello`.
    Welcome(Box<Welcome>),
    /// The answer to `ping`.
    Pong(Pong),
    /// Stored, durably.
    Ack(Ack),
    /// Refused; nothing was stored.
    Nack(Nack),
    /// A command with `req`, or a silent one, was refused.
    Error(CommandError),
    /// An entry of a room's log.
    Event(Event),
    /// Too much to replay: load pages.
    Behind(Behind),
    /// The room does not exist for this user.
    Gone(Gone),
    /// A room appeared or changed for this user.
    Room(RoomChange),
    /// Somebody came, left, or stepped away.
    Presence(PresenceChange),
    /// The user's own read position, from another device.
    Read(ReadEcho),
    /// Somebody is writing.
    Typing(TypingNotice),
    /// The answer to `history`.
    Page(Page),
    /// The answer to `log`.
    Entries(Entries),
    /// From an owner to everybody.
    Notice(Notice),
    /// Somebody is called otherwise, or may do otherwise.
    User(UserChange),
    /// The user saved a message, or let go of it.
    Saved(SavedChange),
    /// A thread of the user's own changed.
    Thread(ThreadChange),
    /// A type that this build does not know.
    Unknown,
}

/// `welcome`: the live session and everything that a client starts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Welcome {
    /// The contract's version.
    pub v: u32,
    /// The live session.
    pub session: SessionId,
    /// Whether it is the one that `hello` named.
    pub resumed: bool,
    /// Who one is.
    pub user: UserSummary,
    /// Between two pings, in milliseconds.
    pub heartbeat_ms: u64,
    /// The server's time.
    pub now: u64,
    /// The node's name.
    pub node: String,
    /// The numbers that this server enforces.
    pub limits: Limits,
    /// The rooms that one is in, at most [`WELCOME_ROOMS`](crate::limits::WELCOME_ROOMS) of them.
    pub rooms: Vec<RoomSummary>,
    /// How many more there are: each follows at once, in a `room` frame of its own.
    #[serde(skip_serializing_if = "is_default")]
    pub more_rooms: u64,
    /// People who share a room and are online, and who wrote last.
    pub users: Vec<UserSummary>,
    /// The threads that one follows and in which something is unread, the one with the newest reply first; at most
    /// [`WELCOME_THREADS`](crate::limits::WELCOME_THREADS). Each as it was at the `last_seq` of its room, or later.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<ThreadSummary>,
    /// What the server understands beyond the first page of the contract ([`crate::features`]).
    pub features: Vec<String>,
}

reads!(Welcome
    { v, session, resumed, user, heartbeat_ms, now, node, limits, rooms, users, features }
    { more_rooms, threads }
);

/// The numbers that a server enforces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Unicode scalar values of a text.
    pub text: u32,
    /// Bytes of a frame.
    pub frame: u32,
    /// Sends a second of one user; 0 is no limit.
    pub send_per_s: u32,
}

reads!(Limits {
    text,
    frame,
    send_per_s
});

/// The last `seq` of the rooms that changed since the pong before.
pub type Heads = BTreeMap<RoomId, Seq>;

/// `pong`: the heartbeat's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pong {
    /// The ping's.
    pub n: u64,
    /// The server's time.
    pub now: u64,
    /// So that a lost last event is found within a heartbeat.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub heads: Heads,
}

reads!(Pong { n, now } { heads via ByRoom });

/// `ack`: stored, and synced by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Ack {
    /// The command's.
    pub id: MessageId,
    /// The entry's room.
    pub room: RoomId,
    /// The entry's place.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// When it was stored.
    pub at: u64,
}

reads!(Ack { id, room, seq, at });

/// `nack`: refused, nothing stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Nack {
    /// The command's.
    pub id: MessageId,
    /// The reason that programs read.
    pub code: ErrorCode,
    /// The reason for people, in English.
    pub message: String,
    /// When it is worth a retry, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

reads!(Nack { id, code, message } { retry_after_ms });

/// `error`: a command without an id was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommandError {
    /// The command's; none for `read`, `typing`, `presence`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub req: Option<u64>,
    /// The reason that programs read.
    pub code: ErrorCode,
    /// The reason for people, in English.
    pub message: String,
    /// When it is worth a retry, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

reads!(CommandError { code, message } { req, retry_after_ms });

/// `behind`: more than 1,000 entries are missing, or the cursor is beyond the room's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Behind {
    /// The room.
    pub room: RoomId,
    /// The cursor.
    pub from: Seq,
    /// The room's last.
    pub last_seq: Seq,
}

reads!(Behind {
    room,
    from,
    last_seq
});

/// `gone`: the room does not exist for this user; no event of it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Gone {
    /// The room.
    pub room: RoomId,
}

reads!(Gone { room });

/// `room`: a room appeared or changed for this user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoomChange {
    /// As in `welcome`.
    pub room: RoomSummary,
}

reads!(RoomChange { room });

/// `presence`: somebody came, left, or stepped away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PresenceChange {
    /// The user.
    pub user: UserId,
    /// Their state now.
    pub state: PresenceState,
}

reads!(PresenceChange { user, state });

/// `read`: the user's own read position, from another device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReadEcho {
    /// The room.
    pub room: RoomId,
    /// Up to and with this entry.
    pub seq: Seq,
    /// The position's generation; left out for the first, 0.
    #[serde(rename = "gen", skip_serializing_if = "crate::summary::is_default")]
    pub generation: u64,
}

reads!(ReadEcho { room, seq } { generation as "gen" });

/// `typing`: somebody is writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TypingNotice {
    /// The room.
    pub room: RoomId,
    /// The thread that they write in, by its first message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<Seq>,
    /// The user.
    pub user: UserId,
}

reads!(TypingNotice { room, user } { thread });

/// `page`: messages as they stand now, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Page {
    /// The command's; left out over HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub req: Option<u64>,
    /// The room.
    pub room: RoomId,
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether older ones exist (for `after`: newer ones).
    pub more: bool,
    /// Whether newer ones exist too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_after: Option<bool>,
    /// The end of the room's log when the messages were read: edits, deletions and reactions up to it are in them, later ones are not.
    /// Left out where messages were asked for by their places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seq: Option<Seq>,
    /// Joins, leaves and changes of the topic among the entries that the page tells the messages of; at most
    /// [`crate::limits::PAGE_NOTES`], the newest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub notes: Vec<Event>,
    /// The room's counts, where they were asked for ([`crate::History::counts`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<RoomCounts>,
    /// The first message of the thread whose replies the messages are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Box<Message>>,
    /// How the user stands to this thread, where counts were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<ThreadSummary>,
}

reads!(Page { room, messages, more } { req, more_after, last_seq, notes, counts, root, thread });

/// `entries`: raw entries of a room's log, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entries {
    /// The command's.
    pub req: u64,
    /// The room.
    pub room: RoomId,
    /// The entries.
    pub events: Vec<Event>,
    /// The room's last.
    pub last_seq: Seq,
}

reads!(Entries {
    req,
    room,
    events,
    last_seq
});

/// `notice`: from an owner or an admin to everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Notice {
    /// The text.
    pub text: String,
}

reads!(Notice { text });

/// `user`: somebody as they are from now on, for the people who share a room with them, and for their own connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserChange {
    /// The person; their `state` is left out.
    pub user: UserSummary,
}

reads!(UserChange { user });

/// `saved`: the user saved a message, or let go of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SavedChange {
    /// The room.
    pub room: RoomId,
    /// The message.
    pub seq: Seq,
    /// Whether it is saved.
    pub on: bool,
}

reads!(SavedChange { room, seq, on });
