//! Notes of other nodes, read from their bytes.

use protocol::{Event, Notice, PresenceChange, ReadPosition, RoomId, ServerFrame, UserChange};

use super::{Envelope, NodeId, Note, Sign, VERSION, WireNote, WireVersion};
use crate::store::{Named, rules::FollowRow};

/// A note of a node, as it was read.
pub(crate) struct Decoded {
    /// The node that told it.
    pub(crate) from: NodeId,
    what: What,
}

enum What {
    Sign(Sign),
    Plain(WireNote),
    Entry(Event, Named),
    User(UserChange, Vec<RoomId>),
    Presence(PresenceChange, Vec<RoomId>),
    Notice(Notice),
}

impl Decoded {
    /// Reads the bytes of a note. None for what this build does not know, and for what is none.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let (head, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
        if serde_json::from_slice::<WireVersion>(head).ok()?.v != VERSION {
            return None;
        }
        let Envelope { from, note, .. } = serde_json::from_slice(head).ok()?;
        let frame = || {
            let text = std::str::from_utf8(rest.get(1..)?).ok()?;
            ServerFrame::parse(text).ok()
        };
        let what = match note {
            WireNote::Probe { n } => What::Sign(Sign::Probe(n)),
            WireNote::Leaving => What::Sign(Sign::Leaving),
            WireNote::Entry { everybody, users } => {
                let users = users.into_iter().collect();
                match frame()? {
                    ServerFrame::Event(event) => What::Entry(event, Named { everybody, users }),
                    _ => return None,
                }
            }
            WireNote::UserChanged { rooms } => match frame()? {
                ServerFrame::User(change) => What::User(change, rooms),
                _ => return None,
            },
            WireNote::Presence { rooms } => match frame()? {
                ServerFrame::Presence(change) => What::Presence(change, rooms),
                _ => return None,
            },
            WireNote::Notice => match frame()? {
                ServerFrame::Notice(notice) => What::Notice(notice),
                _ => return None,
            },
            plain => What::Plain(plain),
        };
        let from = NodeId(from);
        Some(Self { from, what })
    }

    /// What the node tells of itself, if it is that.
    pub(crate) const fn sign(&self) -> Option<Sign> {
        match &self.what {
            What::Sign(sign) => Some(*sign),
            _ => None,
        }
    }

    /// The note; none for a sign.
    pub(crate) fn note(&self) -> Option<Note<'_>> {
        Some(match &self.what {
            What::Sign(_) => return None,
            What::Entry(event, named) => Note::Entry { event, named },
            What::User(change, rooms) => Note::UserChanged {
                user: &change.user,
                rooms,
            },
            What::Presence(change, rooms) => Note::Presence {
                user: change.user,
                state: change.state,
                rooms,
            },
            What::Notice(notice) => Note::Notice(notice),
            What::Plain(kind) => return plain(kind).or_else(|| plain_of_account(kind)),
        })
    }
}

fn plain(kind: &WireNote) -> Option<Note<'_>> {
    Some(match *kind {
        WireNote::Read {
            user,
            room,
            seq,
            generation,
        } => Note::Read {
            user,
            room,
            position: ReadPosition { generation, seq },
            from: None,
        },
        WireNote::Replied {
            room,
            root,
            seq,
            by,
            ref followers,
        } => Note::Replied {
            room,
            root,
            seq,
            by,
            followers,
        },
        WireNote::Thread {
            user,
            room,
            root,
            on,
            seq,
            generation,
        } => Note::Thread {
            user,
            room,
            root,
            follow: FollowRow {
                on,
                read: ReadPosition { generation, seq },
            },
            from: None,
        },
        WireNote::PreferencesChanged { user, room } => Note::PreferencesChanged { user, room },
        WireNote::Saved {
            user,
            room,
            seq,
            on,
        } => Note::Saved {
            user,
            room,
            seq,
            on,
        },
        WireNote::RoomChanged { room, ref members } => Note::RoomChanged { room, members },
        WireNote::RoomGone { room, ref members } => Note::RoomGone { room, members },
        WireNote::RoomBack { room, ref members } => Note::RoomBack { room, members },
        WireNote::Head { room, seq } => Note::Head { room, seq },
        // Which rooms they are is the store's to say.
        WireNote::Rooms { user } => Note::Rooms {
            user,
            rooms: &[],
            left: &[],
        },
        WireNote::Typing { user, room, thread } => Note::Typing { user, room, thread },
        _ => return None,
    })
}

fn plain_of_account(kind: &WireNote) -> Option<Note<'_>> {
    Some(match *kind {
        WireNote::AccountChanged { user } => Note::AccountChanged { user },
        // What it is now is the store's to say.
        WireNote::AccountIs { user } => Note::AccountIs {
            user,
            role: None,
            sign_ins: &[],
        },
        WireNote::Banned { user } => Note::Banned { user },
        WireNote::SignedOut { user, sign_in } => Note::SignedOut { user, sign_in },
        WireNote::SessionMoved {
            user,
            sign_in,
            session,
        } => Note::SessionMoved {
            user,
            sign_in,
            session,
        },
        WireNote::Prolonged {
            user,
            sign_in,
            ends,
        } => Note::Prolonged {
            user,
            sign_in,
            ends,
        },
        _ => return None,
    })
}
