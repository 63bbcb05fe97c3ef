//! Between SQLite's rows and the protocol's words.

use protocol::{
    ActKind, Event, EventKind, MessageId, NotifyLevel, Role, RoomId, RoomKind, RoomSetting, Seq,
    ThreadPlace, UserId,
};
use rusqlite::{Connection, Params, Row};

use crate::store::{StoreError, json_bytes, rules::StoreResult};

/// All rows that a statement finds. It is prepared once a connection.
pub(super) fn all<T>(
    db: &Connection,
    statement: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> StoreResult<T>,
) -> StoreResult<Vec<T>> {
    let mut statement = db.prepare_cached(statement)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// The first row that a statement finds.
pub(super) fn first<T>(
    db: &Connection,
    statement: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> StoreResult<T>,
) -> StoreResult<Option<T>> {
    let mut statement = db.prepare_cached(statement)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// The one row that a statement always finds, of one column.
pub(super) fn value<T: rusqlite::types::FromSql>(
    db: &Connection,
    statement: &str,
    params: impl Params,
) -> StoreResult<T> {
    let found = first(db, statement, params, |row| Ok(row.get(0)?))?;
    found.ok_or_else(|| corrupt("a question without an answer"))
}

/// The one row that a statement changes and returns. It runs to its end, where SQLite checks what the change must keep.
pub(super) fn returned<T>(
    db: &Connection,
    statement: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> StoreResult<T>,
) -> StoreResult<T> {
    let mut changed = all(db, statement, params, read)?;
    changed.pop().ok_or_else(|| corrupt("a change of nothing"))
}

/// Runs a statement that changes rows; how many.
pub(super) fn run(db: &Connection, statement: &str, params: impl Params) -> StoreResult<usize> {
    Ok(db.prepare_cached(statement)?.execute(params)?)
}

/// `entries.kind`.
pub(super) mod kind {
    pub(in crate::store::sqlite) const MESSAGE: i64 = 0;
    pub(in crate::store::sqlite) const EDIT: i64 = 1;
    pub(in crate::store::sqlite) const DELETE: i64 = 2;
    pub(in crate::store::sqlite) const REACTION: i64 = 3;
    pub(in crate::store::sqlite) const JOIN: i64 = 4;
    pub(in crate::store::sqlite) const LEAVE: i64 = 5;
    pub(in crate::store::sqlite) const TOPIC: i64 = 6;
    pub(in crate::store::sqlite) const PIN: i64 = 7;
    pub(in crate::store::sqlite) const SET: i64 = 8;
}

/// `entries.target` of a [`kind::SET`]: which setting it is of.
pub(super) mod setting {
    pub(in crate::store::sqlite) const NAME: u64 = 0;
    pub(in crate::store::sqlite) const READ_ONLY: u64 = 1;
    pub(in crate::store::sqlite) const ARCHIVED: u64 = 2;
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

/// A number that somebody asked with, as SQLite's signed integers hold it: beyond them is nothing.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn room_id(number: u64) -> StoreResult<RoomId> {
    RoomId::new(number).ok_or_else(|| corrupt("a room's id out of range"))
}

pub(super) fn user_id(number: u64) -> StoreResult<UserId> {
    UserId::new(number).ok_or_else(|| corrupt("a user's id out of range"))
}

/// Columns that hold the protocol's words.
pub(super) trait Columns {
    /// A room's id.
    fn room(&self, column: usize) -> StoreResult<RoomId>;
    /// A user's id.
    fn user(&self, column: usize) -> StoreResult<UserId>;
    /// The id of a command.
    fn id(&self, column: usize) -> StoreResult<MessageId>;
    /// What a room is.
    fn room_kind(&self, column: usize) -> StoreResult<RoomKind>;
    /// What somebody is on the server.
    fn role(&self, column: usize) -> StoreResult<Role>;
    /// Of which messages somebody wants to hear.
    fn notify(&self, column: usize) -> StoreResult<NotifyLevel>;
    /// What an id was used for.
    fn act_kind(&self, column: usize) -> StoreResult<ActKind>;
}

impl Columns for Row<'_> {
    fn room(&self, column: usize) -> StoreResult<RoomId> {
        room_id(self.get(column)?)
    }

    fn user(&self, column: usize) -> StoreResult<UserId> {
        user_id(self.get(column)?)
    }

    fn id(&self, column: usize) -> StoreResult<MessageId> {
        let bytes = self.get_ref(column)?.as_blob_or_null();
        let bytes = bytes.map_err(|_| corrupt("an id that is no UUID"))?;
        let id = MessageId::from_slice(bytes.unwrap_or_default());
        id.ok_or_else(|| corrupt("an id that is no UUID"))
    }

    fn room_kind(&self, column: usize) -> StoreResult<RoomKind> {
        match self.get(column)? {
            0 => Ok(RoomKind::Public),
            1 => Ok(RoomKind::Private),
            2 => Ok(RoomKind::Direct),
            _ => Err(corrupt("an unknown kind of room")),
        }
    }

    fn notify(&self, column: usize) -> StoreResult<NotifyLevel> {
        match self.get(column)? {
            0 => Ok(NotifyLevel::All),
            1 => Ok(NotifyLevel::Mentions),
            2 => Ok(NotifyLevel::Nothing),
            _ => Err(corrupt("an unknown level")),
        }
    }

    fn role(&self, column: usize) -> StoreResult<Role> {
        match self.get(column)? {
            0 => Ok(Role::Member),
            1 => Ok(Role::Moderator),
            2 => Ok(Role::Admin),
            3 => Ok(Role::Owner),
            _ => Err(corrupt("an unknown role")),
        }
    }

    fn act_kind(&self, column: usize) -> StoreResult<ActKind> {
        let number: i64 = self.get(column)?;
        let known = ActKind::ALL.into_iter().find(|kind| *kind as i64 == number);
        known.ok_or_else(|| StoreError::Corrupt(format!("{number} is no kind of act")))
    }
}

pub(super) const fn room_kind_int(kind: RoomKind) -> i64 {
    match kind {
        RoomKind::Public => 0,
        RoomKind::Private => 1,
        RoomKind::Direct => 2,
    }
}

pub(super) const fn notify_int(level: NotifyLevel) -> i64 {
    match level {
        NotifyLevel::All => 0,
        NotifyLevel::Mentions => 1,
        NotifyLevel::Nothing => 2,
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

/// The columns that [`event`] reads.
pub(super) const ENTRY: &str =
    "seq, kind, author, at, id, target, text, emoji, flag, deleted, thread, nth, in_room";

/// Where a message stands in a thread: `thread`, `nth` and `in_room` from this column on.
pub(super) fn thread_place(row: &Row<'_>, from: usize) -> StoreResult<Option<ThreadPlace>> {
    let Some(root) = row.get::<_, Option<Seq>>(from)? else {
        return Ok(None);
    };
    let n: Option<u64> = row.get(from + 1)?;
    Ok(Some(ThreadPlace {
        root,
        n: n.ok_or_else(|| corrupt("a reply without its number"))?,
        also: row.get(from + 2)?,
    }))
}

/// An entry of a room, and about what it weighs on the wire, in bytes.
pub(super) fn event(room: RoomId, row: &Row<'_>) -> StoreResult<(Event, usize)> {
    let target = || {
        let target: Option<u64> = row.get(5)?;
        target.ok_or_else(|| corrupt("an entry without its target"))
    };
    let flag = || Ok::<_, StoreError>(row.get::<_, Option<i64>>(8)? == Some(1));
    let person = || target().and_then(user_id);
    let text: Option<String> = row.get(6)?;
    let weight = 160 + text.as_deref().map_or(0, json_bytes);
    let deleted = row.get(9)?;
    let kind = match row.get(1)? {
        kind::MESSAGE => EventKind::Message {
            id: row.id(4)?,
            reply_to: row.get(5)?,
            deleted,
            text,
            thread: thread_place(row, 10)?,
        },
        kind::EDIT => EventKind::Edit {
            of: target()?,
            deleted,
            text,
        },
        kind::DELETE => EventKind::Delete { of: target()? },
        kind::REACTION => EventKind::Reaction {
            of: target()?,
            on: flag()?,
            emoji: row
                .get::<_, Option<String>>(7)?
                .ok_or_else(|| corrupt("a reaction without its emoji"))?,
        },
        kind::PIN => EventKind::Pin {
            of: target()?,
            on: flag()?,
        },
        kind::JOIN => EventKind::Join { user: person()? },
        kind::LEAVE => EventKind::Leave { user: person()? },
        kind::TOPIC => EventKind::Topic {
            text: text.unwrap_or_default(),
        },
        kind::SET => EventKind::Set(match target()? {
            setting::NAME => RoomSetting::Name(text.unwrap_or_default()),
            setting::READ_ONLY => RoomSetting::ReadOnly(flag()?),
            setting::ARCHIVED => RoomSetting::Archived(flag()?),
            _ => return Err(corrupt("an unknown setting of a room")),
        }),
        _ => return Err(corrupt("an entry of an unknown kind")),
    };
    let event = Event {
        room,
        seq: row.get(0)?,
        at: row.get(3)?,
        by: row.user(2)?,
        kind,
    };
    Ok((event, weight))
}
