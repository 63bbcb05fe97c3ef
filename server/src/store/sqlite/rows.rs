//! Between SQLite's rows and the protocol's words.

use protocol::{
    ActKind, Event, MessageId, NotifyLevel, Role, RoomId, RoomKind, ThreadPlace, UserId,
};
use rusqlite::{CachedStatement, Connection, Params, Row};

pub(super) use crate::store::codes::{
    ENTRY, corrupt, cut, int, kind, notify_int, role_int, room_kind_int, user_id,
};
use crate::store::{
    codes::{self, EntryRow, act_kind_of, notify_of, role_of, room_id, room_kind_of},
    rules::StoreResult,
};

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

/// A statement that is run for one row after the other. It is looked up among the prepared ones once, which for a statement of one row costs a
/// tenth of running it.
pub(super) struct ForEach<'db>(CachedStatement<'db>);

impl<'db> ForEach<'db> {
    pub(super) fn new(db: &'db Connection, statement: &str) -> StoreResult<Self> {
        Ok(Self(db.prepare_cached(statement)?))
    }

    /// The first row that it finds.
    pub(super) fn first<T>(
        &mut self,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> StoreResult<T>,
    ) -> StoreResult<Option<T>> {
        let mut rows = self.0.query(params)?;
        rows.next()?.map(read).transpose()
    }

    /// How many rows it changed.
    pub(super) fn run(&mut self, params: impl Params) -> StoreResult<usize> {
        Ok(self.0.execute(params)?)
    }
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
        room_kind_of(self.get(column)?)
    }

    fn notify(&self, column: usize) -> StoreResult<NotifyLevel> {
        notify_of(self.get(column)?)
    }

    fn role(&self, column: usize) -> StoreResult<Role> {
        role_of(self.get(column)?)
    }

    fn act_kind(&self, column: usize) -> StoreResult<ActKind> {
        act_kind_of(self.get(column)?)
    }
}

/// Where a message stands in a thread: `thread`, `nth` and `in_room` from this column on.
pub(super) fn thread_place(row: &Row<'_>, from: usize) -> StoreResult<Option<ThreadPlace>> {
    codes::thread_place(row.get(from)?, row.get(from + 1)?, row.get(from + 2)?)
}

/// An entry of a room by a row of [`ENTRY`], and about what it weighs on the wire, in bytes.
pub(super) fn event(room: RoomId, row: &Row<'_>) -> StoreResult<(Event, usize)> {
    let kind: i64 = row.get(1)?;
    let flag: Option<i64> = row.get(8)?;
    let entry = EntryRow {
        seq: row.get(0)?,
        kind,
        author: row.user(2)?,
        at: row.get(3)?,
        id: if kind == kind::MESSAGE {
            Some(row.id(4)?)
        } else {
            None
        },
        target: row.get(5)?,
        text: row.get(6)?,
        emoji: row.get(7)?,
        flag: flag.map(|flag| flag == 1),
        deleted: row.get(9)?,
        thread: thread_place(row, 10)?,
    };
    entry.event(room)
}
