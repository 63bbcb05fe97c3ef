//! What a client says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{MessageId, PresenceState, RoomId, Seq, SessionId};

/// A frame from a client. Read it with [`ClientFrame::parse`], which tells what to answer to a broken one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame of a connection.
    Hello(Hello),
    /// The heartbeat.
    Ping(Ping),
    /// Say something.
    Send(Send),
    /// Change one's own message.
    Edit(Edit),
    /// Take a message back.
    Delete(Delete),
    /// Give or take back a reaction.
    React(React),
    /// Move the read position.
    Read(Read),
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

/// `send`: say something. Idempotent by author and `id`, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// Minted by the sender.
    pub id: MessageId,
    /// Where.
    pub room: RoomId,
    /// What; see [`crate::validate_text`].
    pub text: String,
    /// The message in the same room that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
}

/// `edit`: change one's own message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Minted by the sender; of this edit, not of the message.
    pub id: MessageId,
    /// Where.
    pub room: RoomId,
    /// The message.
    pub of: Seq,
    /// Its new text.
    pub text: String,
}

/// `delete`: take a message back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delete {
    /// Minted by the sender; of this delete.
    pub id: MessageId,
    /// Where.
    pub room: RoomId,
    /// The message.
    pub of: Seq,
}

/// `react`: give or take back a reaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct React {
    /// Minted by the sender; of this reaction.
    pub id: MessageId,
    /// Where.
    pub room: RoomId,
    /// The message.
    pub of: Seq,
    /// One emoji; see `text::reaction_key`.
    pub emoji: String,
    /// Give, or take back.
    pub on: bool,
}

/// `read`: move the read position; it only ever grows, and past the end means the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Where.
    pub room: RoomId,
    /// Up to and with this entry.
    pub seq: Seq,
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
    /// Where.
    pub room: RoomId,
}

/// `history`: messages as they stand now. One of `before`, `after`, `around`; none of them means the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// Comes back in the page.
    pub req: u64,
    /// Where.
    pub room: RoomId,
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
}

/// `log`: raw entries after a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Comes back in the entries.
    pub req: u64,
    /// Where.
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
