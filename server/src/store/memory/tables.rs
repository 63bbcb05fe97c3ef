//! What a memory store holds. Everything is kept in order, so that the same life gives the same answers in any process.

use std::collections::BTreeMap;

use protocol::{ActKind, Event, EventKind, Message, MessageId, RoomId, RoomKind, Seq, UserId};

use crate::{
    auth::rights::{Place, Right, Who, may},
    error::Refusal,
    store::{Account, Authored, InviteRecord, Named, SignInRecord, StoredAck},
};

/// See the module.
#[derive(Debug, Default)]
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
#[derive(Debug)]
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
#[derive(Debug)]
pub(super) struct Standing {
    /// Without its reactions.
    pub(super) message: Message,
    pub(super) names: Named,
    /// Who gave or took back which emoji.
    pub(super) reactions: BTreeMap<(String, UserId), Given>,
}

/// How a person's reaction stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    pub(super) on: bool,
    /// The entry that made it so.
    pub(super) seq: Seq,
    /// The entry that brought this emoji under this message.
    pub(super) since: Seq,
}

impl Room {
    pub(super) const fn new(kind: RoomKind, created_by: UserId) -> Self {
        Self {
            kind,
            name: String::new(),
            topic: String::new(),
            created_by,
            log: Vec::new(),
            members: BTreeMap::new(),
            messages: BTreeMap::new(),
        }
    }

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

impl Tables {
    pub(super) fn room(&self, room: RoomId) -> Result<&Room, Refusal> {
        self.rooms
            .get(&room)
            .ok_or_else(|| Refusal::not_found("room"))
    }

    pub(super) fn room_mut(&mut self, room: RoomId) -> Result<&mut Room, Refusal> {
        self.rooms
            .get_mut(&room)
            .ok_or_else(|| Refusal::not_found("room"))
    }

    /// The place, if `who` may do this there.
    pub(super) fn allowed(&self, who: Who, room: RoomId, right: Right) -> Result<Place, Refusal> {
        let place = self.room(room)?.place(who.id);
        may(who, place, right)?;
        Ok(place)
    }

    /// Appends an entry: the room's next `seq` is allotted here.
    pub(super) fn append(
        &mut self,
        room: RoomId,
        by: UserId,
        at: u64,
        kind: EventKind,
    ) -> Result<Event, Refusal> {
        let log = &mut self.room_mut(room)?.log;
        let event = Event {
            room,
            seq: log.len() as u64 + 1,
            at,
            by,
            kind,
        };
        log.push(event.clone());
        Ok(event)
    }

    /// Whom a command's text names.
    pub(super) fn named(&self, one: &Authored) -> Named {
        one.named(|key| self.handles.get(key).copied())
    }
}
