//! A database of PostgreSQL that a store is moved from or to. All of it is one transaction: what was begun and not finished is not there.

use std::pin::pin;

use futures_util::TryStreamExt as _;
use tokio::sync::mpsc::{Receiver, Sender};

use super::{
    claim::claiming,
    config::PostgresConfig,
    pool::Opener,
    rows::{Db, PgColumns as _},
    schema,
    verify::AT_LEISURE,
};
use crate::store::{
    StoreError,
    codes::int,
    migrate::{Cell, MoveEnd, MovedTable, RowBatch, Rows, TABLES},
    rules::StoreResult,
    verify::{VerifyReport, check_all},
};

/// One end of a move, over the session that claims the database.
pub(in crate::store) struct PostgresEnd(Db);

impl PostgresEnd {
    /// The database that is read.
    pub(in crate::store) async fn from(config: &PostgresConfig) -> StoreResult<Self> {
        let mut db = claiming(&Opener::new(config)?).await?;
        db.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await?;
        db.simple(AT_LEISURE).await?;
        schema::expect_newest(&mut db).await?;
        Ok(Self(db))
    }

    /// The database that is written, which must be empty: without tables of Hubbub's, or with tables without rows.
    pub(in crate::store) async fn to(config: &PostgresConfig) -> StoreResult<Self> {
        let opener = Opener::new(config)?;
        let mut db = claiming(&opener).await?;
        let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        if db.one(STRANGERS, &[&names], |row| row.of(0)).await? {
            return Err(StoreError::NotEmpty(opener.place()));
        }
        schema::begin(&mut db, true).await?;
        db.simple(AT_LEISURE).await?;
        schema::expect_newest(&mut db).await?;
        for table in &TABLES {
            let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", table.name);
            if db.one(&sql, &[], |row| row.of(0)).await? {
                return Err(StoreError::NotEmpty(opener.place()));
            }
        }
        Ok(Self(db))
    }
}

/// Whether tables stand there that are called as Hubbub's are, and are somebody else's.
const STRANGERS: &str = "SELECT to_regclass('hubbub_schema') IS NULL
    AND EXISTS (SELECT 1 FROM UNNEST ($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL)";

/// Columns of a table as a list of SQL.
fn listed(table: &MovedTable, derived: bool) -> String {
    let more = table.derived.iter().map(|(name, _)| *name);
    let more = more.filter(|_| derived);
    let all: Vec<&str> = table.columns.iter().copied().chain(more).collect();
    all.join(", ")
}

impl MoveEnd for PostgresEnd {
    async fn count(&mut self, table: &'static MovedTable) -> StoreResult<u64> {
        let sql = format!("SELECT COUNT(*) FROM {}", table.name);
        self.0.one(&sql, &[], |row| row.number(0)).await
    }

    async fn rows(&mut self, table: &'static MovedTable, out: Sender<Rows>) -> StoreResult<()> {
        let (columns, name, key) = (listed(table, false), table.name, table.key);
        let sql = format!("SELECT {columns} FROM {name} ORDER BY {key}");
        let mut found = pin!(self.0.rows(&sql).await?);
        let mut gathered = RowBatch::default();
        while let Some(row) = found.try_next().await? {
            let cells: StoreResult<Vec<Cell>> = (0..row.len()).map(|at| row.of(at)).collect();
            if let Some(batch) = gathered.add(cells?)
                && out.send(batch).await.is_err()
            {
                return Ok(());
            }
        }
        // Whoever does not take the rest says why.
        drop(out.send(gathered.rest()).await);
        Ok(())
    }

    async fn keep(
        &mut self,
        table: &'static MovedTable,
        mut rows: Receiver<Rows>,
    ) -> StoreResult<()> {
        let (columns, name) = (listed(table, true), table.name);
        let mut copy = pin!(self.0.copy_in(name, &columns).await?);
        while let Some(batch) = rows.recv().await {
            for row in &batch {
                copy.as_mut().write_raw(row).await?;
            }
        }
        copy.finish().await?;
        Ok(())
    }

    async fn last_id(&mut self, table: &'static MovedTable) -> StoreResult<u64> {
        let sql = format!(
            "SELECT GREATEST(pg_sequence_last_value(pg_get_serial_sequence('{0}', 'id')::regclass), MAX(id), 0) FROM {0}",
            table.name
        );
        self.0.one(&sql, &[], |row| row.number(0)).await
    }

    async fn set_last_id(&mut self, table: &'static MovedTable, id: u64) -> StoreResult<()> {
        if id > 0 {
            let sql = "SELECT setval(pg_get_serial_sequence($1, 'id'), $2)";
            self.0.run(sql, &[&table.name, &int(id)]).await?;
        }
        Ok(())
    }

    /// What it is asked next is planned by what it has now.
    async fn settle(&mut self) -> StoreResult<()> {
        let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        self.0
            .simple(&format!("ANALYZE {}", names.join(", ")))
            .await
    }

    async fn verify(&mut self) -> StoreResult<VerifyReport> {
        check_all(&mut self.0, true).await
    }

    async fn finish(mut self) -> StoreResult<()> {
        self.0.end("COMMIT").await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_column_is_moved() {
        let mut kept = BTreeSet::new();
        let mut table = None;
        for line in schema::statements().lines() {
            if let Some(name) = line.strip_prefix("CREATE TABLE ") {
                table = name.split_whitespace().next();
            } else if line.starts_with(')') {
                table = None;
            }
            let word = line.split_whitespace().next().unwrap_or_default();
            let is_column = !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit());
            if let Some(table) = table.filter(|_| is_column) {
                kept.insert(format!("{table}.{word}"));
            }
        }
        let of = |table: &'static MovedTable| {
            let derived = table.derived.iter().map(|(name, _)| name);
            let all = table.columns.iter().chain(derived);
            all.map(|column| format!("{}.{column}", table.name))
        };
        let moved: BTreeSet<String> = TABLES.iter().flat_map(of).collect();
        assert_eq!(moved, kept);
    }
}
