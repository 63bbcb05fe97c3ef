//! Between the protocol's words and the numbers that databases keep for them: the same in SQLite and in PostgreSQL.

use protocol::{
    ActKind, Event, EventKind, MessageId, NotifyLevel, Role, RoomId, RoomKind, RoomSetting, Seq,
    ThreadPlace, UserId,
};

use super::{Named, StoreError, json_bytes, rules::StoreResult};

/// `entries.kind`.
pub(super) mod kind {
    pub(in crate::store) const MESSAGE: i64 = 0;
    pub(in crate::store) const EDIT: i64 = 1;
    pub(in crate::store) const DELETE: i64 = 2;
    pub(in crate::store) const REACTION: i64 = 3;
    pub(in crate::store) const JOIN: i64 = 4;
    pub(in crate::store) const LEAVE: i64 = 5;
    pub(in crate::store) const TOPIC: i64 = 6;
    pub(in crate::store) const PIN: i64 = 7;
    pub(in crate::store) const SET: i64 = 8;
}

/// `entries.target` of a [`kind::SET`]: which setting it is of.
pub(super) mod setting {
    pub(in crate::store) const NAME: u64 = 0;
    pub(in crate::store) const READ_ONLY: u64 = 1;
    pub(in crate::store) const ARCHIVED: u64 = 2;
}

/// User 0 of a mention stands for everybody.
pub(super) const EVERYBODY: u64 = 0;

/// The users that are noted as named, 0 for everybody.
pub(super) fn named_users(named: &Named) -> impl Iterator<Item = u64> {
    let everybody = named.everybody.then_some(EVERYBODY);
    let users = named.users.iter().map(|user| user.get());
    everybody.into_iter().chain(users)
}

/// Where a mention counts: as its message does.
#[derive(Clone, Copy, Debug)]
pub(super) struct MentionPlace {
    /// `mentions.thread`.
    pub(super) thread: Option<Seq>,
    /// `mentions.in_room`.
    pub(super) in_room: bool,
}

impl MentionPlace {
    pub(super) fn of(place: Option<ThreadPlace>) -> Self {
        Self {
            thread: place.map(|place| place.root),
            in_room: ThreadPlace::counts_in_room(place),
        }
    }
}

/// `rooms.direct_key`: the people of a direct room, a list of JSON.
pub(super) fn direct_key(people: &[UserId]) -> String {
    serde_json::json!(people).to_string()
}

pub(super) fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(what.to_owned())
}

/// So many of those that were found, and whether there are more: one more than asked tells.
pub(super) fn cut<T>(mut found: Vec<T>, limit: u32) -> (Vec<T>, bool) {
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    (found, more)
}

/// A number that somebody asked with, as the signed integers of a database hold it: beyond them is nothing.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn room_id(number: u64) -> StoreResult<RoomId> {
    RoomId::new(number).ok_or_else(|| corrupt("a room's id out of range"))
}

pub(super) fn user_id(number: u64) -> StoreResult<UserId> {
    UserId::new(number).ok_or_else(|| corrupt("a user's id out of range"))
}

pub(super) const fn room_kind_int(kind: RoomKind) -> i64 {
    match kind {
        RoomKind::Public => 0,
        RoomKind::Private => 1,
        RoomKind::Direct => 2,
    }
}

pub(super) fn room_kind_of(number: i64) -> StoreResult<RoomKind> {
    match number {
        0 => Ok(RoomKind::Public),
        1 => Ok(RoomKind::Private),
        2 => Ok(RoomKind::Direct),
        _ => Err(corrupt("an unknown kind of room")),
    }
}

pub(super) const fn notify_int(level: NotifyLevel) -> i64 {
    match level {
        NotifyLevel::All => 0,
        NotifyLevel::Mentions => 1,
        NotifyLevel::Nothing => 2,
    }
}

pub(super) fn notify_of(number: i64) -> StoreResult<NotifyLevel> {
    match number {
        0 => Ok(NotifyLevel::All),
        1 => Ok(NotifyLevel::Mentions),
        2 => Ok(NotifyLevel::Nothing),
        _ => Err(corrupt("an unknown level")),
    }
}

pub(super) const fn role_int(role: Role) -> i64 {
    match role {
        Role::Member => 0,
        Role::Moderator => 1,
        Role::Admin => 2,
        Role::Owner => 3,
    }
}

pub(super) fn role_of(number: i64) -> StoreResult<Role> {
    match number {
        0 => Ok(Role::Member),
        1 => Ok(Role::Moderator),
        2 => Ok(Role::Admin),
        3 => Ok(Role::Owner),
        _ => Err(corrupt("an unknown role")),
    }
}

pub(super) fn act_kind_of(number: i64) -> StoreResult<ActKind> {
    let known = ActKind::ALL.into_iter().find(|kind| *kind as i64 == number);
    known.ok_or_else(|| StoreError::Corrupt(format!("{number} is no kind of act")))
}

/// The columns of an [`EntryRow`], in its order.
pub(super) const ENTRY: &str =
    "seq, kind, author, at, id, target, text, emoji, flag, deleted, thread, nth, in_room";

/// An entry as a row of [`ENTRY`] has it.
pub(super) struct EntryRow {
    pub(super) seq: Seq,
    pub(super) kind: i64,
    pub(super) author: UserId,
    pub(super) at: u64,
    pub(super) id: Option<MessageId>,
    pub(super) target: Option<u64>,
    pub(super) text: Option<String>,
    pub(super) emoji: Option<String>,
    pub(super) flag: Option<bool>,
    pub(super) deleted: bool,
    pub(super) thread: Option<ThreadPlace>,
}

/// Where a message stands in a thread, by its columns `thread`, `nth` and `in_room`.
pub(super) fn thread_place(
    thread: Option<Seq>,
    nth: Option<u64>,
    in_room: bool,
) -> StoreResult<Option<ThreadPlace>> {
    let Some(root) = thread else {
        return Ok(None);
    };
    Ok(Some(ThreadPlace {
        root,
        n: nth.ok_or_else(|| corrupt("a reply without its number"))?,
        also: in_room,
    }))
}

impl EntryRow {
    /// The entry, and about what it weighs on the wire, in bytes.
    pub(super) fn event(self, room: RoomId) -> StoreResult<(Event, usize)> {
        let (flag, deleted) = (self.flag == Some(true), self.deleted);
        let target = || {
            self.target
                .ok_or_else(|| corrupt("an entry without its target"))
        };
        let person = || target().and_then(user_id);
        let weight = 160 + self.text.as_deref().map_or(0, json_bytes);
        let kind = match self.kind {
            kind::MESSAGE => EventKind::Message {
                id: self.id.ok_or_else(|| corrupt("an id that is no UUID"))?,
                reply_to: self.target,
                deleted,
                text: self.text,
                thread: self.thread,
            },
            kind::EDIT => EventKind::Edit {
                of: target()?,
                deleted,
                text: self.text,
            },
            kind::DELETE => EventKind::Delete { of: target()? },
            kind::REACTION => EventKind::Reaction {
                of: target()?,
                on: flag,
                emoji: self
                    .emoji
                    .ok_or_else(|| corrupt("a reaction without its emoji"))?,
            },
            kind::PIN => EventKind::Pin {
                of: target()?,
                on: flag,
            },
            kind::JOIN => EventKind::Join { user: person()? },
            kind::LEAVE => EventKind::Leave { user: person()? },
            kind::TOPIC => EventKind::Topic {
                text: self.text.unwrap_or_default(),
            },
            kind::SET => EventKind::Set(match target()? {
                setting::NAME => RoomSetting::Name(self.text.unwrap_or_default()),
                setting::READ_ONLY => RoomSetting::ReadOnly(flag),
                setting::ARCHIVED => RoomSetting::Archived(flag),
                _ => return Err(corrupt("an unknown setting of a room")),
            }),
            _ => return Err(corrupt("an entry of an unknown kind")),
        };
        let event = Event {
            room,
            seq: self.seq,
            at: self.at,
            by: self.author,
            kind,
        };
        Ok((event, weight))
    }
}

/// What an entry that is no message has in the columns `kind`, `target`, `text`, `emoji` and `flag`.
pub(super) type EntryColumns<'a> = (
    i64,
    Option<u64>,
    Option<&'a str>,
    Option<&'a str>,
    Option<bool>,
);

pub(super) fn entry_columns(kind: &EventKind) -> EntryColumns<'_> {
    match kind {
        EventKind::Edit { of, text, .. } => (kind::EDIT, Some(*of), text.as_deref(), None, None),
        EventKind::Delete { of } => (kind::DELETE, Some(*of), None, None, None),
        EventKind::Reaction { of, emoji, on } => {
            (kind::REACTION, Some(*of), None, Some(emoji), Some(*on))
        }
        EventKind::Pin { of, on } => (kind::PIN, Some(*of), None, None, Some(*on)),
        EventKind::Join { user } => (kind::JOIN, Some(user.get()), None, None, None),
        EventKind::Leave { user } => (kind::LEAVE, Some(user.get()), None, None, None),
        EventKind::Topic { text } => (kind::TOPIC, None, Some(text), None, None),
        EventKind::Set(RoomSetting::Name(name)) => {
            (kind::SET, Some(setting::NAME), Some(name), None, None)
        }
        EventKind::Set(RoomSetting::ReadOnly(on)) => {
            (kind::SET, Some(setting::READ_ONLY), None, None, Some(*on))
        }
        EventKind::Set(RoomSetting::Archived(on)) => {
            (kind::SET, Some(setting::ARCHIVED), None, None, Some(*on))
        }
        // Messages are said in runs; a kind that no reader knows would be refused as corrupt.
        EventKind::Message { .. } | EventKind::Unknown => (-1, None, None, None, None),
    }
}
