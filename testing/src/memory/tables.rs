//! The tables of a memory store. Everything is kept in order, so that the same calls give the same answers in any process.

use std::collections::BTreeMap;

use protocol::{
    ActKind, Event, Message, MessageId, ReadPosition, RoomId, RoomKind, RoomPreferences, Seq,
    UserId, rights::Place,
};
use server::store::{
    Account, InviteRecord, Named, ResetRecord, SignInRecord, StoreError, StoredAck,
    rules::{FollowRow, ReactionRow, StoreResult},
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
    pub(super) rooms: BTreeMap<RoomId, RoomTable>,
    /// Rooms ever made: no id is given twice.
    pub(super) rooms_made: u64,
    /// Direct rooms by their people, in order.
    pub(super) direct: BTreeMap<Vec<UserId>, RoomId>,
    /// What every id of every author was acked with, for ever, and for what kind of command.
    pub(super) commands: BTreeMap<(UserId, MessageId), (StoredAck, ActKind)>,
    pub(super) sign_ins: BTreeMap<u64, SignInRecord>,
    pub(super) invites: BTreeMap<String, InviteRecord>,
    /// One a person.
    pub(super) resets: BTreeMap<UserId, ResetRecord>,
    /// Who saved which message.
    pub(super) saved: BTreeMap<(UserId, RoomId, Seq), SavedTable>,
    /// Who follows which thread, by its room and its first message, or did once.
    pub(super) follows: BTreeMap<(UserId, RoomId, Seq), FollowRow>,
}

/// A room and its log.
#[derive(Clone, Debug)]
pub(super) struct RoomTable {
    pub(super) kind: RoomKind,
    pub(super) name: String,
    pub(super) topic: String,
    pub(super) created_by: UserId,
    pub(super) read_only: bool,
    pub(super) archived: bool,
    /// Since when it is deleted, and by whom, while it can be brought back.
    pub(super) hidden: Option<(u64, UserId)>,
    /// The entry with `seq` stands at `seq - 1`.
    pub(super) log: Vec<Event>,
    /// Who is in it.
    pub(super) members: BTreeMap<UserId, MemberTable>,
    pub(super) messages: BTreeMap<Seq, MessageTable>,
}

/// How somebody saved a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct SavedTable {
    pub(super) at: u64,
    /// Which of theirs it is.
    pub(super) number: u64,
}

/// What is a member's own of a room.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MemberTable {
    /// How far they have read.
    pub(super) read: ReadPosition,
    pub(super) preferences: RoomPreferences,
}

/// A message as it stands.
#[derive(Clone, Debug)]
pub(super) struct MessageTable {
    /// Without its reactions.
    pub(super) message: Message,
    pub(super) names: Named,
    /// Who gave or took back which emoji.
    pub(super) reactions: BTreeMap<(String, UserId), ReactionRow>,
    /// Whether it is pinned, and by which entry.
    pub(super) pin: Option<(bool, Seq)>,
}

impl RoomTable {
    pub(super) fn last_seq(&self) -> Seq {
        self.log.len() as u64
    }

    /// Those that stand in its timeline.
    pub(super) fn own_messages(&self) -> impl DoubleEndedIterator<Item = &MessageTable> {
        let own = |one: &&MessageTable| one.message.counts_in_room();
        self.messages.values().filter(own)
    }

    pub(super) fn place(&self, user: UserId) -> Place {
        Place {
            kind: self.kind,
            created_by: Some(self.created_by),
            member: self.members.contains_key(&user),
            read_only: self.read_only,
            archived: self.archived,
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
    pub(super) fn room_mut(&mut self, room: RoomId) -> StoreResult<&mut RoomTable> {
        self.rooms.get_mut(&room).ok_or_else(|| missing("room"))
    }

    pub(super) fn message_mut(
        &mut self,
        (room, seq): (RoomId, Seq),
    ) -> StoreResult<&mut MessageTable> {
        let messages = &mut self.room_mut(room)?.messages;
        messages.get_mut(&seq).ok_or_else(|| missing("message"))
    }
}
