//! `verify` of a file of SQLite, which is opened for reading only, beside a running server too.

mod place;

use std::path::Path;

use rusqlite::Connection;

use place::OpenedAs;

use super::{
    recount,
    rows::{all, value},
};
use crate::store::{
    StoreError,
    named::NameHistory,
    rules::{StoreResult, now},
    verify::{
        CheckPart, Dialect, Examined, MAX_LINES, NotedText, SummedText, VerifyReport, check_all,
    },
};

/// Memory for pages of the file, in KiB: most checks jump about in it.
const CACHE_KIB: i64 = 64 * 1024;

/// Reads the store at `path` and checks everything but the texts' own checksums; an error means that it could not be read at all.
pub async fn verify(path: &Path) -> Result<VerifyReport, StoreError> {
    look(path, false).await
}

/// The same, and every text against its checksum.
pub async fn verify_deep(path: &Path) -> Result<VerifyReport, StoreError> {
    look(path, true).await
}

async fn look(path: &Path, deep: bool) -> Result<VerifyReport, StoreError> {
    let path = path.to_owned();
    let looked = tokio::task::spawn_blocking(move || {
        let place = OpenedAs::of(&path)?;
        let mut db = place.open().map_err(|why| fail(&path, &why))?;
        let set = || -> rusqlite::Result<()> {
            db.pragma_update(None, "query_only", "ON")?;
            db.pragma_update(None, "cache_size", -CACHE_KIB)?;
            // Sorting what is large spills to memory, not into a folder that may not be there.
            db.pragma_update(None, "temp_store", "MEMORY")
        };
        set().map_err(|why| fail(&path, &why))?;
        db.execute_batch("BEGIN")?;
        now(check_all(&mut db, deep))
    });
    looked
        .await
        .unwrap_or_else(|why| Err(StoreError::Unavailable(why.to_string())))
}

fn fail(path: &Path, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Open {
        path: path.display().to_string(),
        why: why.to_string(),
    }
}

/// Whether a version that keeps it has opened the store.
fn keeps(db: &Connection, part: CheckPart) -> StoreResult<bool> {
    let table = "SELECT COUNT(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    let column = "SELECT COUNT(*) > 0 FROM pragma_table_info(?1) WHERE name = ?2";
    match part {
        CheckPart::Pins => value(db, table, ["pins"]),
        CheckPart::Settings => value(db, column, ["rooms", "archived"]),
        CheckPart::Own => value(db, table, ["saved"]),
        CheckPart::Threads => value(db, table, ["follows"]),
        CheckPart::Sums => value(db, column, ["entries", "sum"]),
        CheckPart::Mentions => recount::is_done(db),
    }
}

impl Examined for Connection {
    const DIALECT: Dialect = Dialect {
        id: "lower(hex(c.id))",
        heads: "(SELECT id AS room_id, last_seq FROM rooms)",
        find: "instr",
        is_sqlite: true,
    };
    const OWN_CHECKS: &'static [&'static str] = &[];

    /// Pages, columns, and every index against its table.
    async fn damage(&mut self) -> StoreResult<Vec<String>> {
        let damage = format!("PRAGMA integrity_check({MAX_LINES})");
        let lines = all(self, &damage, [], |row| Ok(row.get::<_, String>(0)?))?;
        let found = lines.into_iter().filter(|line| line != "ok");
        Ok(found
            .map(|line| format!("the file is damaged: {line}"))
            .collect())
    }

    async fn has(&mut self, part: CheckPart) -> StoreResult<bool> {
        keeps(self, part)
    }

    async fn lines(&mut self, sql: &str) -> StoreResult<Vec<String>> {
        all(self, sql, [], |row| Ok(row.get(0)?))
    }

    async fn count(&mut self, sql: &str) -> StoreResult<u64> {
        value(self, sql, [])
    }

    async fn is(&mut self, sql: &str) -> StoreResult<bool> {
        value(self, sql, [])
    }

    async fn people(&mut self) -> StoreResult<NameHistory> {
        recount::people(self)
    }

    async fn texts(
        &mut self,
        sql: &str,
        see: &mut (dyn FnMut(SummedText<'_>) + Send),
    ) -> StoreResult<()> {
        let mut statement = self.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            see(SummedText {
                room: row.get(0)?,
                seq: row.get(1)?,
                text: row.get_ref(2)?.as_bytes_or_null()?,
                sum: row.get(3)?,
            });
        }
        Ok(())
    }

    async fn noted(
        &mut self,
        sql: &str,
        see: &mut (dyn FnMut(NotedText<'_>) + Send),
    ) -> StoreResult<()> {
        let mut statement = self.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            see(NotedText {
                room: row.get(0)?,
                seq: row.get(1)?,
                said: row.get_ref(2)?.as_str()?,
                written_at: row.get(3)?,
                noted: row.get_ref(4)?.as_str()?,
            });
        }
        Ok(())
    }
}
