//! Notes of other nodes, read from their bytes.

use protocol::{Event, Notice, PresenceChange, ReadPosition, RoomId, ServerFrame, UserChange};

use super::{Envelope, NodeId, Note, NoteKind, Sign, VERSION, Version};
use crate::store::{Named, rules::FollowRow};

/// A note of a node, as it was read.
pub(crate) struct Decoded {
    /// The node that told it.
    pub(crate) from: NodeId,
    what: What,
}

enum What {
    Sign(Sign),
    Plain(NoteKind),
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
        if serde_json::from_slice::<Version>(head).ok()?.v != VERSION {
            return None;
        }
        let Envelope { from, note, .. } = serde_json::from_slice(head).ok()?;
        let frame = || {
            let text = std::str::from_utf8(rest.get(1..)?).ok()?;
            ServerFrame::parse(text).ok()
        };
        let what = match note {
            NoteKind::Probe { n } => What::Sign(Sign::Probe(n)),
            NoteKind::Leaving => What::Sign(Sign::Leaving),
            NoteKind::Entry { everybody, users } => {
                let users = users.into_iter().collect();
                match frame()? {
                    ServerFrame::Event(event) => What::Entry(event, Named { everybody, users }),
                    _ => return None,
                }
            }
            NoteKind::UserChanged { rooms } => match frame()? {
                ServerFrame::User(change) => What::User(change, rooms),
                _ => return None,
            },
            NoteKind::Presence { rooms } => match frame()? {
                ServerFrame::Presence(change) => What::Presence(change, rooms),
                _ => return None,
            },
            NoteKind::Notice => match frame()? {
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

fn plain(kind: &NoteKind) -> Option<Note<'_>> {
    Some(match *kind {
        NoteKind::Read {
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
        NoteKind::Replied {
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
        NoteKind::Thread {
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
        NoteKind::PreferencesChanged { user, room } => Note::PreferencesChanged { user, room },
        NoteKind::Saved {
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
        NoteKind::RoomChanged { room, ref members } => Note::RoomChanged { room, members },
        NoteKind::RoomGone { room, ref members } => Note::RoomGone { room, members },
        NoteKind::RoomBack { room, ref members } => Note::RoomBack { room, members },
        NoteKind::Head { room, seq } => Note::Head { room, seq },
        // Which rooms they are is the store's to say.
        NoteKind::Rooms { user } => Note::Rooms {
            user,
            rooms: &[],
            left: &[],
        },
        NoteKind::Typing { user, room, thread } => Note::Typing { user, room, thread },
        _ => return None,
    })
}

fn plain_of_account(kind: &NoteKind) -> Option<Note<'_>> {
    Some(match *kind {
        NoteKind::AccountChanged { user } => Note::AccountChanged { user },
        // What it is now is the store's to say.
        NoteKind::AccountIs { user } => Note::AccountIs {
            user,
            role: None,
            sign_ins: &[],
        },
        NoteKind::Banned { user } => Note::Banned { user },
        NoteKind::SignedOut { user, sign_in } => Note::SignedOut { user, sign_in },
        NoteKind::SessionMoved {
            user,
            sign_in,
            session,
        } => Note::SessionMoved {
            user,
            sign_in,
            session,
        },
        NoteKind::Prolonged {
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
