//! The tables of a memory store. Everything is kept in order, so that the same life gives the same answers in any process.

use std::collections::BTreeMap;

use protocol::{ActKind, Event, Message, MessageId, RoomId, RoomKind, Seq, UserId};
use server::{
    auth::rights::Place,
    store::{
        Account, InviteRecord, Named, SignInRecord, StoreError, StoredAck,
        rules::{Answer, Given},
    },
};

/// All tables, as they would be found after a restart.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    pub(super) users: BTreeMap<UserId, Account>,
    /// Their hashes.
    pub(super) passwords: BTreeMap<UserId, String>,
    /// Users by the key of their names.
    pub(super) keys: BTreeMap<String, UserId>,
    /// Users by what calls them ([`text::handle_key`]).
    pub(super) handles: BTreeMap<String, UserId>,
    pub(super) rooms: BTreeMap<RoomId, Room>,
    /// Rooms ever made: no id is given twice.
    pub(super) rooms_made: u64,
    /// Direct rooms by their people, in order.
    pub(super) direct: BTreeMap<Vec<UserId>, RoomId>,
    /// What every id of every author was acked with, for ever, and for what kind of command.
    pub(super) commands: BTreeMap<(UserId, MessageId), (StoredAck, ActKind)>,
    pub(super) sign_ins: BTreeMap<u64, SignInRecord>,
    pub(super) invites: BTreeMap<String, InviteRecord>,
}

/// A room and its log.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub(super) kind: RoomKind,
    pub(super) name: String,
    pub(super) topic: String,
    pub(super) created_by: UserId,
    /// The entry with `seq` stands at `seq - 1`.
    pub(super) log: Vec<Event>,
    /// Who is in it, and how far they have read.
    pub(super) members: BTreeMap<UserId, Seq>,
    pub(super) messages: BTreeMap<Seq, Standing>,
}

/// A message as it stands.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// Without its reactions.
    pub(super) message: Message,
    pub(super) names: Named,
    /// Who gave or took back which emoji.
    pub(super) reactions: BTreeMap<(String, UserId), Given>,
}

impl Room {
    pub(super) fn last_seq(&self) -> Seq {
        self.log.len() as u64
    }

    pub(super) fn place(&self, user: UserId) -> Place {
        Place {
            kind: self.kind,
            created_by: Some(self.created_by),
            member: self.members.contains_key(&user),
        }
    }

    pub(super) fn entry(&self, seq: Seq) -> Option<&Event> {
        let at = usize::try_from(seq.checked_sub(1)?).ok()?;
        self.log.get(at)
    }
}

/// A rule asked for something that it was not told of.
pub(super) fn missing(what: &str) -> StoreError {
    StoreError::Corrupt(format!("there is no such {what}"))
}

impl Tables {
    pub(super) fn room_mut(&mut self, room: RoomId) -> Answer<&mut Room> {
        self.rooms.get_mut(&room).ok_or_else(|| missing("room"))
    }

    pub(super) fn message_mut(&mut self, (room, seq): (RoomId, Seq)) -> Answer<&mut Standing> {
        let messages = &mut self.room_mut(room)?.messages;
        messages.get_mut(&seq).ok_or_else(|| missing("message"))
    }
}
