//! Notes as bytes, for other nodes: a head in JSON, and behind a line break what the note carries as a frame of the contract, where it carries one. A build that does
//! not know a version or a kind cannot act on it, and looks at the store instead.

mod read;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use protocol::{PresenceChange, RoomId, Seq, ServerFrame, SessionId, UserChange, UserId};
use serde::{Deserialize, Serialize};

pub(crate) use read::Decoded;

use super::{NodeId, Note};

/// The version of the bytes. A change that older builds would read wrongly is a new one.
const VERSION: u32 = 1;

/// What every note begins with.
#[derive(Serialize, Deserialize)]
struct Envelope {
    v: u32,
    from: u64,
    note: WireNote,
}

#[derive(Serialize, Deserialize)]
struct WireVersion {
    v: u32,
}

/// The notes that cross nodes, without what is behind the line break.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireNote {
    Probe {
        n: u64,
    },
    Leaving,
    Entry {
        everybody: bool,
        users: Vec<UserId>,
    },
    Read {
        user: UserId,
        room: RoomId,
        seq: Seq,
        generation: u64,
    },
    Replied {
        room: RoomId,
        root: Seq,
        seq: Option<Seq>,
        by: UserId,
        followers: Vec<UserId>,
    },
    Thread {
        user: UserId,
        room: RoomId,
        root: Seq,
        on: bool,
        seq: Seq,
        generation: u64,
    },
    PreferencesChanged {
        user: UserId,
        room: RoomId,
    },
    Saved {
        user: UserId,
        room: RoomId,
        seq: Seq,
        on: bool,
    },
    RoomChanged {
        room: RoomId,
        members: Vec<UserId>,
    },
    RoomGone {
        room: RoomId,
        members: Vec<UserId>,
    },
    RoomBack {
        room: RoomId,
        members: Vec<UserId>,
    },
    Head {
        room: RoomId,
        seq: Seq,
    },
    Rooms {
        user: UserId,
    },
    AccountChanged {
        user: UserId,
    },
    AccountIs {
        user: UserId,
    },
    UserChanged {
        rooms: Vec<RoomId>,
    },
    Banned {
        user: UserId,
    },
    SignedOut {
        user: UserId,
        sign_in: u64,
    },
    SessionMoved {
        user: UserId,
        sign_in: u64,
        session: SessionId,
    },
    Prolonged {
        user: UserId,
        sign_in: u64,
        ends: u64,
    },
    Presence {
        rooms: Vec<RoomId>,
    },
    Typing {
        user: UserId,
        room: RoomId,
        thread: Option<Seq>,
    },
    Notice,
}

/// What nodes tell each other of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// The node is there, and its notes are heard. Each has the next number.
    Probe(u64),
    /// The node stops.
    Leaving,
}

/// The bytes of a sign.
pub(crate) fn sign(from: NodeId, sign: Sign) -> Option<Bytes> {
    let kind = match sign {
        Sign::Probe(n) => WireNote::Probe { n },
        Sign::Leaving => WireNote::Leaving,
    };
    put(from, kind, None)
}

/// The bytes of a note; none for one that does not cross nodes.
pub(crate) fn encode(from: NodeId, note: &Note<'_>) -> Option<Bytes> {
    let (kind, frame) = kind_of(note)
        .or_else(|| kind_of_own(note))
        .or_else(|| kind_of_account(note))?;
    put(from, kind, frame.as_ref())
}

fn put(from: NodeId, note: WireNote, frame: Option<&ServerFrame>) -> Option<Bytes> {
    let envelope = Envelope {
        v: VERSION,
        from: from.0,
        note,
    };
    let mut bytes = serde_json::to_vec(&envelope).ok()?;
    if let Some(frame) = frame {
        bytes.push(b'\n');
        bytes.extend_from_slice(frame.to_json().as_bytes());
    }
    Some(bytes.into())
}

/// The kind of a note about rooms and what is in them.
fn kind_of(note: &Note<'_>) -> Option<(WireNote, Option<ServerFrame>)> {
    let kind = match *note {
        Note::Entry { event, named } => {
            let kind = WireNote::Entry {
                everybody: named.everybody,
                users: named.users.iter().copied().collect(),
            };
            return Some((kind, Some(ServerFrame::Event(event.clone()))));
        }
        Note::RoomChanged { room, members } => WireNote::RoomChanged {
            room,
            members: members.to_vec(),
        },
        Note::RoomGone { room, members } => WireNote::RoomGone {
            room,
            members: members.to_vec(),
        },
        Note::RoomBack { room, members } => WireNote::RoomBack {
            room,
            members: members.to_vec(),
        },
        Note::Head { room, seq } => WireNote::Head { room, seq },
        Note::Rooms { user, .. } => WireNote::Rooms { user },
        Note::Typing { user, room, thread } => WireNote::Typing { user, room, thread },
        _ => return None,
    };
    Some((kind, None))
}

/// The kind of a note about what is people's own in rooms.
fn kind_of_own(note: &Note<'_>) -> Option<(WireNote, Option<ServerFrame>)> {
    let kind = match *note {
        // Connections are numbered by each node: who said it there is nobody here.
        Note::Read {
            user,
            room,
            position,
            ..
        } => WireNote::Read {
            user,
            room,
            seq: position.seq,
            generation: position.generation,
        },
        Note::Replied {
            room,
            root,
            seq,
            by,
            followers,
        } => WireNote::Replied {
            room,
            root,
            seq,
            by,
            followers: followers.to_vec(),
        },
        Note::Thread {
            user,
            room,
            root,
            follow,
            ..
        } => WireNote::Thread {
            user,
            room,
            root,
            on: follow.on,
            seq: follow.read.seq,
            generation: follow.read.generation,
        },
        Note::PreferencesChanged { user, room } => WireNote::PreferencesChanged { user, room },
        Note::Saved {
            user,
            room,
            seq,
            on,
        } => WireNote::Saved {
            user,
            room,
            seq,
            on,
        },
        _ => return None,
    };
    Some((kind, None))
}

/// The kind of a note about people and their sign-ins.
fn kind_of_account(note: &Note<'_>) -> Option<(WireNote, Option<ServerFrame>)> {
    let kind = match *note {
        Note::AccountChanged { user } => WireNote::AccountChanged { user },
        Note::AccountIs { user, .. } => WireNote::AccountIs { user },
        Note::Banned { user } => WireNote::Banned { user },
        Note::SignedOut { user, sign_in } => WireNote::SignedOut { user, sign_in },
        Note::SessionMoved {
            user,
            sign_in,
            session,
        } => WireNote::SessionMoved {
            user,
            sign_in,
            session,
        },
        Note::Prolonged {
            user,
            sign_in,
            ends,
        } => WireNote::Prolonged {
            user,
            sign_in,
            ends,
        },
        Note::UserChanged { user, rooms } => {
            let frame = ServerFrame::User(UserChange { user: user.clone() });
            let rooms = rooms.to_vec();
            return Some((WireNote::UserChanged { rooms }, Some(frame)));
        }
        Note::Presence { user, state, rooms } => {
            let frame = ServerFrame::Presence(PresenceChange { user, state });
            let rooms = rooms.to_vec();
            return Some((WireNote::Presence { rooms }, Some(frame)));
        }
        Note::Notice(notice) => {
            return Some((WireNote::Notice, Some(ServerFrame::Notice(notice.clone()))));
        }
        _ => return None,
    };
    Some((kind, None))
}
