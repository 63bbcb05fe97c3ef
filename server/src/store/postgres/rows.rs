//! Between PostgreSQL's rows and the protocol's words.

use std::{collections::HashMap, pin::pin};

use futures_util::TryStreamExt as _;
use protocol::{Event, MessageId, RoomId, ThreadPlace, UserId};
use tokio_postgres::{
    Client, Row, RowStream, Statement,
    binary_copy::BinaryCopyInWriter,
    error::SqlState,
    types::{FromSql, ToSql, Type},
};
use uuid::Uuid;

pub(super) use crate::store::codes::{corrupt, cut, int};
use crate::store::{
    StoreError,
    codes::{EntryRow, room_id, thread_place, user_id},
    rules::StoreResult,
};

/// What is bound to a statement.
pub(super) type Params<'p> = &'p [&'p (dyn ToSql + Sync)];

/// What is bound to a statement that has no parameters.
const NOTHING: [i64; 0] = [];

/// A connection, with the statements that were prepared on it.
pub(super) struct Db {
    client: Client,
    prepared: HashMap<String, Statement>,
    /// A transaction was begun and neither committed nor undone. Whoever asked may have gone in the middle of it: such a connection is not
    /// given to anybody else.
    pub(super) in_transaction: bool,
}

impl Db {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            prepared: HashMap::new(),
            in_transaction: false,
        }
    }

    /// Whether it may not be used any more.
    pub(super) fn is_broken(&self) -> bool {
        self.in_transaction || self.client.is_closed()
    }

    /// Begins a transaction; `how` are words of SQL after `BEGIN`.
    pub(super) async fn begin(&mut self, how: &str) -> StoreResult<()> {
        self.in_transaction = true;
        self.simple(&format!("BEGIN {how}")).await
    }

    /// Ends a transaction: `COMMIT` or `ROLLBACK`.
    pub(super) async fn end(&mut self, how: &str) -> StoreResult<()> {
        self.simple(how).await?;
        self.in_transaction = false;
        Ok(())
    }

    /// Statements without parameters, one after the other.
    pub(super) async fn simple(&self, statements: &str) -> StoreResult<()> {
        Ok(self.client.batch_execute(statements).await?)
    }

    async fn prepare(&mut self, sql: &str) -> StoreResult<Statement> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(sql).await?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// All rows that a statement finds. It is prepared once a connection.
    pub(super) async fn all<T>(
        &mut self,
        sql: &str,
        params: Params<'_>,
        read: impl Fn(&Row) -> StoreResult<T> + Send,
    ) -> StoreResult<Vec<T>> {
        let statement = self.prepare(sql).await?;
        let rows = self.client.query(&statement, params).await?;
        rows.iter().map(read).collect()
    }

    /// The first row that a statement finds.
    pub(super) async fn first<T: Send>(
        &mut self,
        sql: &str,
        params: Params<'_>,
        read: impl Fn(&Row) -> StoreResult<T> + Send,
    ) -> StoreResult<Option<T>> {
        let found = self.all(sql, params, read).await?;
        Ok(found.into_iter().next())
    }

    /// The one row that a statement always finds.
    pub(super) async fn one<T: Send>(
        &mut self,
        sql: &str,
        params: Params<'_>,
        read: impl Fn(&Row) -> StoreResult<T> + Send,
    ) -> StoreResult<T> {
        let found = self.first(sql, params, read).await?;
        found.ok_or_else(|| corrupt("a question without an answer"))
    }

    /// Sees the rows of a statement one after the other, however many there are. What was seen before an error stays so.
    pub(super) async fn each(
        &mut self,
        sql: &str,
        mut see: impl FnMut(&Row) -> StoreResult<()> + Send,
    ) -> StoreResult<()> {
        let mut rows = pin!(self.rows(sql).await?);
        while let Some(row) = rows.try_next().await? {
            see(&row)?;
        }
        Ok(())
    }

    /// The rows of a statement as they come: the other side waits while nobody takes them.
    pub(super) async fn rows(&mut self, sql: &str) -> StoreResult<RowStream> {
        let statement = self.prepare(sql).await?;
        Ok(self.client.query_raw(&statement, NOTHING).await?)
    }

    /// Begins to write rows into these columns of a table, as fast as it goes.
    pub(super) async fn copy_in(
        &self,
        table: &str,
        columns: &str,
    ) -> StoreResult<BinaryCopyInWriter> {
        let shape = format!("SELECT {columns} FROM {table}");
        let shape = self.client.prepare(&shape).await?;
        let types = shape.columns().iter().map(|column| column.type_().clone());
        let types: Vec<Type> = types.collect();
        let copy = format!("COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)");
        let sink = self.client.copy_in(&copy).await?;
        Ok(BinaryCopyInWriter::new(sink, &types))
    }

    /// Runs a statement that changes rows; how many.
    pub(super) async fn run(&mut self, sql: &str, params: Params<'_>) -> StoreResult<u64> {
        let statement = self.prepare(sql).await?;
        Ok(self.client.execute(&statement, params).await?)
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(why: tokio_postgres::Error) -> Self {
        let Some(told) = why.as_db_error() else {
            return Self::Unavailable(why.to_string());
        };
        match *told.code() {
            SqlState::T_R_SERIALIZATION_FAILURE
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::LOCK_NOT_AVAILABLE => Self::Busy,
            _ => Self::Unavailable(told.to_string()),
        }
    }
}

/// A number as PostgreSQL holds it, which has signed ones only.
pub(super) trait Number {
    fn n(self) -> i64;
}

impl Number for u64 {
    fn n(self) -> i64 {
        int(self)
    }
}

impl Number for RoomId {
    fn n(self) -> i64 {
        int(self.get())
    }
}

impl Number for UserId {
    fn n(self) -> i64 {
        int(self.get())
    }
}

/// The numbers of ids.
pub(super) fn numbers<T: Number + Copy>(all: &[T]) -> Vec<i64> {
    all.iter().map(|one| one.n()).collect()
}

/// A small number, such as a kind or a flag, for a SMALLINT.
pub(super) fn small(number: i64) -> i16 {
    i16::try_from(number).unwrap_or(-1)
}

/// An id for a UUID.
pub(super) fn uuid(id: MessageId) -> Uuid {
    Uuid::from_bytes(*id.as_bytes())
}

/// Columns that hold the protocol's words.
pub(super) trait PgColumns {
    /// Whatever is there.
    fn of<'r, T: FromSql<'r>>(&'r self, column: usize) -> StoreResult<T>;
    /// A number that is never negative.
    fn number(&self, column: usize) -> StoreResult<u64>;
    /// The same, where there may be none.
    fn some(&self, column: usize) -> StoreResult<Option<u64>>;
    /// A kind.
    fn small(&self, column: usize) -> StoreResult<i64>;
    /// A flag.
    fn flag(&self, column: usize) -> StoreResult<bool>;
    /// A room's id.
    fn room(&self, column: usize) -> StoreResult<RoomId>;
    /// A user's id.
    fn user(&self, column: usize) -> StoreResult<UserId>;
    /// The id of a command.
    fn id(&self, column: usize) -> StoreResult<MessageId>;
    /// Where a message stands in a thread: `thread`, `nth` and `in_room` from this column on.
    fn thread(&self, from: usize) -> StoreResult<Option<ThreadPlace>>;
}

impl PgColumns for Row {
    fn of<'r, T: FromSql<'r>>(&'r self, column: usize) -> StoreResult<T> {
        let read = self.try_get(column);
        read.map_err(|why| StoreError::Corrupt(why.to_string()))
    }

    fn number(&self, column: usize) -> StoreResult<u64> {
        let number: i64 = self.of(column)?;
        u64::try_from(number).map_err(|_| corrupt("a number below 0"))
    }

    fn some(&self, column: usize) -> StoreResult<Option<u64>> {
        let number: Option<i64> = self.of(column)?;
        let number = number.map(u64::try_from).transpose();
        number.map_err(|_| corrupt("a number below 0"))
    }

    fn small(&self, column: usize) -> StoreResult<i64> {
        Ok(self.of::<i16>(column)?.into())
    }

    fn flag(&self, column: usize) -> StoreResult<bool> {
        Ok(self.of::<i16>(column)? == 1)
    }

    fn room(&self, column: usize) -> StoreResult<RoomId> {
        room_id(self.number(column)?)
    }

    fn user(&self, column: usize) -> StoreResult<UserId> {
        user_id(self.number(column)?)
    }

    fn id(&self, column: usize) -> StoreResult<MessageId> {
        let id: Uuid = self.of(column)?;
        MessageId::from_slice(id.as_bytes()).ok_or_else(|| corrupt("an id that is no UUID"))
    }

    fn thread(&self, from: usize) -> StoreResult<Option<ThreadPlace>> {
        thread_place(self.some(from)?, self.some(from + 1)?, self.flag(from + 2)?)
    }
}

/// An entry of a room by a row of [`crate::store::codes::ENTRY`], and about what it weighs on the wire, in bytes.
pub(super) fn event(room: RoomId, row: &Row) -> StoreResult<(Event, usize)> {
    let id: Option<Uuid> = row.of(4)?;
    let flag: Option<i16> = row.of(8)?;
    let entry = EntryRow {
        seq: row.number(0)?,
        kind: row.small(1)?,
        author: row.user(2)?,
        at: row.number(3)?,
        id: id.and_then(|id| MessageId::from_slice(id.as_bytes())),
        target: row.some(5)?,
        text: row.of(6)?,
        emoji: row.of(7)?,
        flag: flag.map(|flag| flag == 1),
        deleted: row.flag(9)?,
        thread: row.thread(10)?,
    };
    entry.event(room)
}
