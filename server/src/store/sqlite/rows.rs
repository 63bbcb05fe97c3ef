//! Between SQLite's integers and the protocol's words.

use protocol::{ActKind, Event, EventKind, MessageId, Role, RoomId, RoomKind, UserId};

use crate::store::{Account, StoreError, json_bytes};

/// A struct that is read from a row by its columns' names: what `sqlx`'s derive does, without compiling SQLite a second
/// time for its macros.
macro_rules! row {
    ($vis:vis struct $name:ident { $($field_vis:vis $field:ident: $type:ty),+ $(,)? }) => {
        $vis struct $name {
            $($field_vis $field: $type),+
        }

        impl<'r> ::sqlx::FromRow<'r, ::sqlx::sqlite::SqliteRow> for $name {
            fn from_row(row: &'r ::sqlx::sqlite::SqliteRow) -> ::sqlx::Result<Self> {
                use ::sqlx::Row as _;
                Ok(Self { $($field: row.try_get(stringify!($field))?),+ })
            }
        }
    };
}
pub(super) use row;

/// `entries.kind`.
pub(super) mod kind {
    pub(in crate::store::sqlite) const MESSAGE: i64 = 0;
    pub(in crate::store::sqlite) const EDIT: i64 = 1;
    pub(in crate::store::sqlite) const DELETE: i64 = 2;
    pub(in crate::store::sqlite) const REACTION: i64 = 3;
    pub(in crate::store::sqlite) const JOIN: i64 = 4;
    pub(in crate::store::sqlite) const LEAVE: i64 = 5;
    pub(in crate::store::sqlite) const TOPIC: i64 = 6;
}

pub(super) fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(what.to_owned())
}

/// Ids, times and seqs stay below 2^53, so that SQLite's signed integers hold them.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn uint(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| corrupt("a negative number"))
}

pub(super) fn room_id(number: i64) -> Result<RoomId, StoreError> {
    RoomId::new(uint(number)?).ok_or_else(|| corrupt("a room's id out of range"))
}

pub(super) fn user_id(number: i64) -> Result<UserId, StoreError> {
    UserId::new(uint(number)?).ok_or_else(|| corrupt("a user's id out of range"))
}

pub(super) fn message_id(bytes: &[u8]) -> Result<MessageId, StoreError> {
    MessageId::from_slice(bytes).ok_or_else(|| corrupt("an id that is no UUID"))
}

pub(super) fn room_kind(number: i64) -> Result<RoomKind, StoreError> {
    match number {
        0 => Ok(RoomKind::Public),
        1 => Ok(RoomKind::Private),
        2 => Ok(RoomKind::Direct),
        _ => Err(corrupt("an unknown kind of room")),
    }
}

pub(super) const fn room_kind_int(kind: RoomKind) -> i64 {
    match kind {
        RoomKind::Public => 0,
        RoomKind::Private => 1,
        RoomKind::Direct => 2,
    }
}

fn role(number: i64) -> Result<Role, StoreError> {
    match number {
        0 => Ok(Role::Member),
        1 => Ok(Role::Moderator),
        2 => Ok(Role::Admin),
        3 => Ok(Role::Owner),
        _ => Err(corrupt("an unknown role")),
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

row! {
    pub(super) struct AccountRow {
        id: i64,
        name: String,
        display_name: String,
        role: i64,
        banned: bool,
    }
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;
    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        let AccountRow {
            id,
            name,
            display_name,
            role: number,
            banned,
        } = row;
        Ok(Self {
            id: user_id(id)?,
            name,
            display_name,
            role: role(number)?,
            banned,
        })
    }
}

row! {
    pub(super) struct EntryRow {
        pub(super) seq: i64,
        pub(super) kind: i64,
        pub(super) author: i64,
        pub(super) at: i64,
        pub(super) id: Option<Vec<u8>>,
        pub(super) target: Option<i64>,
        pub(super) text: Option<String>,
        pub(super) emoji: Option<String>,
        pub(super) flag: Option<i64>,
        pub(super) deleted: bool,
    }
}

impl EntryRow {
    /// About what it weighs on the wire, in bytes.
    pub(super) fn weight(&self) -> usize {
        160 + self.text.as_deref().map_or(0, json_bytes)
    }

    pub(super) fn into_event(self, room: RoomId) -> Result<Event, StoreError> {
        let target = || {
            self.target
                .ok_or_else(|| corrupt("an entry without its target"))
                .and_then(uint)
        };
        let person = || {
            self.target
                .ok_or_else(|| corrupt("an entry without its person"))
                .and_then(user_id)
        };
        let kind = match self.kind {
            kind::MESSAGE => EventKind::Message {
                id: message_id(self.id.as_deref().unwrap_or_default())?,
                reply_to: self.target.map(uint).transpose()?,
                deleted: self.deleted,
                text: self.text,
            },
            kind::EDIT => EventKind::Edit {
                of: target()?,
                deleted: self.deleted,
                text: self.text,
            },
            kind::DELETE => EventKind::Delete { of: target()? },
            kind::REACTION => EventKind::Reaction {
                of: target()?,
                on: self.flag == Some(1),
                emoji: self
                    .emoji
                    .ok_or_else(|| corrupt("a reaction without its emoji"))?,
            },
            kind::JOIN => EventKind::Join { user: person()? },
            kind::LEAVE => EventKind::Leave { user: person()? },
            kind::TOPIC => EventKind::Topic {
                text: self.text.unwrap_or_default(),
            },
            _ => return Err(corrupt("an entry of an unknown kind")),
        };
        Ok(Event {
            room,
            seq: uint(self.seq)?,
            at: uint(self.at)?,
            by: user_id(self.author)?,
            kind,
        })
    }
}

/// What an id was used for.
pub(super) fn act_kind(number: i64) -> Result<ActKind, StoreError> {
    let known = ActKind::ALL.into_iter().find(|kind| *kind as i64 == number);
    known.ok_or_else(|| StoreError::Corrupt(format!("{number} is no kind of act")))
}
