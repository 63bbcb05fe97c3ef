//! A store is moved from one database to another: all rows table by table, in batches, and then the proof that they arrived: of each table the
//! number of its rows and a sum over all of them are the same on both sides, and `verify` finds nothing wrong. Only then it counts; until then the new
//! database is none that a server opens.

mod cell;
mod tables;

use std::path::Path;

use sha2::{Digest as _, Sha256};
use thiserror::Error;
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub(super) use self::{
    cell::Cell,
    tables::{MovedTable, TABLES},
};
use super::{
    StoreError,
    postgres::{PostgresConfig, moving::PostgresEnd},
    rules::StoreResult,
    sqlite::moving::SqliteEnd,
    verify::VerifyReport,
};

/// Rows, one after the other.
pub(super) type Rows = Vec<Vec<Cell>>;

/// Batches that wait between the one who reads and the one who writes.
const AHEAD: usize = 4;
/// Rows of a batch, and about how many bytes of texts: what is first.
const BATCH_ROWS: usize = 1_000;
const BATCH_BYTES: usize = 1 << 20;

/// One of the two databases, claimed for this process, in a transaction.
pub(super) trait MoveEnd: Send {
    /// How many rows a table has.
    fn count(
        &mut self,
        table: &'static MovedTable,
    ) -> impl Future<Output = StoreResult<u64>> + Send;
    /// Hands out all rows of a table by its key, each with [`MovedTable::columns`] first; ends early when nobody takes them.
    fn rows(
        &mut self,
        table: &'static MovedTable,
        out: Sender<Rows>,
    ) -> impl Future<Output = StoreResult<()>> + Send;
    /// Keeps rows until there are no more.
    fn keep(
        &mut self,
        table: &'static MovedTable,
        rows: Receiver<Rows>,
    ) -> impl Future<Output = StoreResult<()>> + Send;
    /// The last id that a table gave, also to a row that is gone.
    fn last_id(
        &mut self,
        table: &'static MovedTable,
    ) -> impl Future<Output = StoreResult<u64>> + Send;
    /// The next ids come after this one.
    fn set_last_id(
        &mut self,
        table: &'static MovedTable,
        id: u64,
    ) -> impl Future<Output = StoreResult<()>> + Send;
    /// All rows are kept: it may look at them before it is asked about them.
    fn settle(&mut self) -> impl Future<Output = StoreResult<()>> + Send;
    /// Proves its promises, each text against its checksum too.
    fn verify(&mut self) -> impl Future<Output = StoreResult<VerifyReport>> + Send;
    /// Makes it a store that a server opens.
    fn finish(self) -> impl Future<Output = StoreResult<()>> + Send;
}

/// Gathers rows into batches.
#[derive(Default)]
pub(super) struct RowBatch {
    rows: Rows,
    bytes: usize,
}

impl RowBatch {
    /// Takes a row; a batch, once there is one.
    pub(super) fn add(&mut self, row: Vec<Cell>) -> Option<Rows> {
        self.bytes += row.iter().map(Cell::weight).sum::<usize>();
        self.rows.push(row);
        let is_full = self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES;
        is_full.then(|| self.rest())
    }

    /// What is left.
    pub(super) fn rest(&mut self) -> Rows {
        self.bytes = 0;
        std::mem::take(&mut self.rows)
    }
}

/// How far a move is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveProgress {
    /// So many rows of a table are written, of so many.
    Copied(&'static str, u64, u64),
    /// So many rows of a table are read back, of so many.
    Compared(&'static str, u64, u64),
    /// The new store is verified.
    Verifying,
}

/// What was moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveReport {
    /// Rows of all tables.
    pub rows: u64,
    /// What `verify` said of the new store.
    pub verified: VerifyReport,
}

/// Why nothing was moved.
#[derive(Debug, Error)]
pub enum MoveError {
    /// The database that is read.
    #[error("FROM: {0}")]
    From(#[source] StoreError),
    /// The one that is written.
    #[error("TO: {0}")]
    To(#[source] StoreError),
    /// What arrived is not what was sent.
    #[error(
        "the table {table} is another in TO than in FROM ({sent} rows were sent, {found} are there); nothing was moved"
    )]
    Differs {
        /// Of which table.
        table: &'static str,
        /// Rows that were read.
        sent: u64,
        /// Rows that are there.
        found: u64,
    },
    /// Everything arrived, and is wrong.
    #[error(
        "everything was copied as it is, but it is not whole, so nothing was moved; `hubbub verify --deep` finds the same in FROM:\n{}", .0.join("\n")
    )]
    Wrong(Vec<String>),
}

/// The rows of a table, and a sum over them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct TableSum {
    rows: u64,
    sum: [u8; 32],
}

/// Hears how far a move is.
pub(crate) type TellProgress<'t> = &'t mut (dyn FnMut(MoveProgress) + Send);

/// Moves a store from a file of SQLite to a database of PostgreSQL.
pub(crate) async fn to_postgres(
    from: &Path,
    to: &PostgresConfig,
    tell: TellProgress<'_>,
) -> Result<MoveReport, MoveError> {
    let from = SqliteEnd::from(from).map_err(MoveError::From)?;
    let to = PostgresEnd::to(to).await.map_err(MoveError::To)?;
    carry(from, to, tell).await
}

/// Moves a store from a database of PostgreSQL to a new file of SQLite.
pub(crate) async fn to_sqlite(
    from: &PostgresConfig,
    to: &Path,
    tell: TellProgress<'_>,
) -> Result<MoveReport, MoveError> {
    let from = PostgresEnd::from(from).await.map_err(MoveError::From)?;
    let to = SqliteEnd::to(to).map_err(MoveError::To)?;
    carry(from, to, tell).await
}

/// Moves everything.
async fn carry<F: MoveEnd, T: MoveEnd>(
    mut from: F,
    mut to: T,
    tell: TellProgress<'_>,
) -> Result<MoveReport, MoveError> {
    let mut sums = Vec::new();
    for table in &TABLES {
        sums.push(copy(&mut from, &mut to, table, tell).await?);
        if table.numbered {
            let last = from.last_id(table).await.map_err(MoveError::From)?;
            let set = to.set_last_id(table, last).await;
            set.map_err(MoveError::To)?;
        }
    }
    to.settle().await.map_err(MoveError::To)?;
    for (table, sent) in TABLES.iter().zip(&sums) {
        let found = sum(&mut to, table, sent.rows, tell).await?;
        if found != *sent {
            return Err(MoveError::Differs {
                table: table.name,
                sent: sent.rows,
                found: found.rows,
            });
        }
    }
    tell(MoveProgress::Verifying);
    let verified = to.verify().await.map_err(MoveError::To)?;
    if !verified.wrong.is_empty() {
        return Err(MoveError::Wrong(verified.wrong));
    }
    to.finish().await.map_err(MoveError::To)?;
    let rows = sums.iter().map(|sum| sum.rows).sum();
    Ok(MoveReport { rows, verified })
}

/// Copies a table, and sums up what was read.
async fn copy<F: MoveEnd, T: MoveEnd>(
    from: &mut F,
    to: &mut T,
    table: &'static MovedTable,
    tell: TellProgress<'_>,
) -> Result<TableSum, MoveError> {
    let all = from.count(table).await.map_err(MoveError::From)?;
    let (out, mut read) = channel(AHEAD);
    let (on, kept) = channel(AHEAD);
    let between = async {
        let mut sum = Summing::new(table);
        while let Some(batch) = read.recv().await {
            sum.add(&batch);
            tell(MoveProgress::Copied(table.name, sum.rows, all));
            // Whoever keeps them says why they do not.
            if on.send(batch).await.is_err() {
                break;
            }
        }
        drop(on);
        read.close();
        sum.end()
    };
    let (sent, sum, kept) = tokio::join!(from.rows(table, out), between, to.keep(table, kept));
    kept.map_err(MoveError::To)?;
    sent.map_err(MoveError::From)?;
    Ok(sum)
}

/// Sums up what the new database has of a table.
async fn sum<T: MoveEnd>(
    to: &mut T,
    table: &'static MovedTable,
    all: u64,
    tell: TellProgress<'_>,
) -> Result<TableSum, MoveError> {
    let (out, mut read) = channel(AHEAD);
    let summing = async {
        let mut sum = Summing::new(table);
        while let Some(batch) = read.recv().await {
            sum.add(&batch);
            tell(MoveProgress::Compared(table.name, sum.rows, all));
        }
        sum.end()
    };
    let (read, sum) = tokio::join!(to.rows(table, out), summing);
    read.map_err(MoveError::To)?;
    Ok(sum)
}

/// Sums up rows as they come. What PostgreSQL keeps beside is no part of it: `verify` holds that against the rest.
struct Summing {
    columns: usize,
    rows: u64,
    sum: Sha256,
}

impl Summing {
    fn new(table: &MovedTable) -> Self {
        Self {
            columns: table.columns.len(),
            rows: 0,
            sum: Sha256::new(),
        }
    }

    fn add(&mut self, batch: &Rows) {
        for row in batch {
            self.rows += 1;
            for cell in row.iter().take(self.columns) {
                cell.add_to(&mut self.sum);
            }
        }
    }

    fn end(self) -> TableSum {
        TableSum {
            rows: self.rows,
            sum: self.sum.finalize().into(),
        }
    }
}
