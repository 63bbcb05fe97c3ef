//! Between SQLite's rows and the protocol's words.

use protocol::{ActKind, Event, EventKind, MessageId, Role, RoomId, RoomKind, UserId};
use rusqlite::{Connection, Params, Row};

use crate::store::{StoreError, json_bytes, rules::Answer};

/// All rows that a statement finds. It is prepared once a connection.
pub(super) fn all<T>(
    db: &Connection,
    statement: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Answer<T>,
) -> Answer<Vec<T>> {
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
    read: impl FnOnce(&Row<'_>) -> Answer<T>,
) -> Answer<Option<T>> {
    let mut statement = db.prepare_cached(statement)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// The one row that a statement always finds, of one column.
pub(super) fn value<T: rusqlite::types::FromSql>(
    db: &Connection,
    statement: &str,
    params: impl Params,
) -> Answer<T> {
    let found = first(db, statement, params, |row| Ok(row.get(0)?))?;
    found.ok_or_else(|| corrupt("a question without an answer"))
}

/// The one row that a statement changes and returns. It runs to its end, where SQLite checks what the change must keep.
pub(super) fn returned<T>(
    db: &Connection,
    statement: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> Answer<T>,
) -> Answer<T> {
    let mut changed = all(db, statement, params, read)?;
    changed.pop().ok_or_else(|| corrupt("a change of nothing"))
}

/// Runs a statement that changes rows; how many.
pub(super) fn run(db: &Connection, statement: &str, params: impl Params) -> Answer<usize> {
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
}

pub(super) fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(what.to_owned())
}

/// A number that somebody asked with, as SQLite's signed integers hold it: beyond them is nothing.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn room_id(number: u64) -> Answer<RoomId> {
    RoomId::new(number).ok_or_else(|| corrupt("a room's id out of range"))
}

pub(super) fn user_id(number: u64) -> Answer<UserId> {
    UserId::new(number).ok_or_else(|| corrupt("a user's id out of range"))
}

/// Columns that hold the protocol's words.
pub(super) trait Columns {
    /// A room's id.
    fn room(&self, column: usize) -> Answer<RoomId>;
    /// A user's id.
    fn user(&self, column: usize) -> Answer<UserId>;
    /// The id of a command.
    fn id(&self, column: usize) -> Answer<MessageId>;
    /// What a room is.
    fn room_kind(&self, column: usize) -> Answer<RoomKind>;
    /// What somebody is on the server.
    fn role(&self, column: usize) -> Answer<Role>;
    /// What an id was used for.
    fn act_kind(&self, column: usize) -> Answer<ActKind>;
}

impl Columns for Row<'_> {
    fn room(&self, column: usize) -> Answer<RoomId> {
        room_id(self.get(column)?)
    }

    fn user(&self, column: usize) -> Answer<UserId> {
        user_id(self.get(column)?)
    }

    fn id(&self, column: usize) -> Answer<MessageId> {
        let bytes = self.get_ref(column)?.as_blob_or_null();
        let bytes = bytes.map_err(|_| corrupt("an id that is no UUID"))?;
        let id = MessageId::from_slice(bytes.unwrap_or_default());
        id.ok_or_else(|| corrupt("an id that is no UUID"))
    }

    fn room_kind(&self, column: usize) -> Answer<RoomKind> {
        match self.get(column)? {
            0 => Ok(RoomKind::Public),
            1 => Ok(RoomKind::Private),
            2 => Ok(RoomKind::Direct),
            _ => Err(corrupt("an unknown kind of room")),
        }
    }

    fn role(&self, column: usize) -> Answer<Role> {
        match self.get(column)? {
            0 => Ok(Role::Member),
            1 => Ok(Role::Moderator),
            2 => Ok(Role::Admin),
            3 => Ok(Role::Owner),
            _ => Err(corrupt("an unknown role")),
        }
    }

    fn act_kind(&self, column: usize) -> Answer<ActKind> {
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

pub(super) const fn role_int(role: Role) -> i64 {
    match role {
        Role::Member => 0,
        Role::Moderator => 1,
        Role::Admin => 2,
        Role::Owner => 3,
    }
}

/// The columns that [`event`] reads.
pub(super) const ENTRY: &str = "seq, kind, author, at, id, target, text, emoji, flag, deleted";

/// An entry of a room, and about what it weighs on the wire, in bytes.
pub(super) fn event(room: RoomId, row: &Row<'_>) -> Answer<(Event, usize)> {
    let target = || {
        let target: Option<u64> = row.get(5)?;
        target.ok_or_else(|| corrupt("an entry without its target"))
    };
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
        },
        kind::EDIT => EventKind::Edit {
            of: target()?,
            deleted,
            text,
        },
        kind::DELETE => EventKind::Delete { of: target()? },
        kind::REACTION => EventKind::Reaction {
            of: target()?,
            on: row.get::<_, Option<i64>>(8)? == Some(1),
            emoji: row
                .get::<_, Option<String>>(7)?
                .ok_or_else(|| corrupt("a reaction without its emoji"))?,
        },
        kind::JOIN => EventKind::Join { user: person()? },
        kind::LEAVE => EventKind::Leave { user: person()? },
        kind::TOPIC => EventKind::Topic {
            text: text.unwrap_or_default(),
        },
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
