//! A file of SQLite that a store is moved from or to. Nobody else has it open meanwhile; a new one has another name until it is finished.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags, functions::FunctionFlags, params_from_iter};
use tokio::{
    sync::mpsc::{Receiver, Sender},
    task::spawn_blocking,
};

use super::{
    recount,
    rows::{run, value},
    schema,
};
use crate::{
    files,
    store::{
        StoreError,
        migrate::{Cell, MoveEnd, MovedTable, RowBatch, Rows},
        rules::{StoreResult, now},
        verify::{VerifyReport, check_all},
    },
};

/// The end of the name of a file that is not finished.
const UNFINISHED: &str = ".unfinished";
/// Memory for pages of a file, in KiB.
const CACHE_KIB: i64 = 64 * 1024;

/// One end of a move.
pub(in crate::store) struct SqliteEnd {
    db: Arc<Mutex<Connection>>,
    /// The file that is made, where this is where a store is moved to.
    made: Option<NewFile>,
}

/// A file that has its name only once it is finished, and is removed if it never is.
struct NewFile {
    path: PathBuf,
    unfinished: PathBuf,
    is_finished: bool,
}

impl NewFile {
    /// Gives it its name, once the disk has it.
    fn finish(mut self) -> StoreResult<()> {
        let folder = self.path.parent();
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let name = || {
            File::open(&self.unfinished)?.sync_all()?;
            std::fs::rename(&self.unfinished, &self.path)?;
            File::open(folder)?.sync_all()
        };
        name().map_err(|why| open(&self.path, why.to_string()))?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.is_finished
            && let Err(why) = std::fs::remove_file(&self.unfinished)
        {
            tracing::warn!(file = %self.unfinished.display(), %why, "an unfinished database was left behind");
        }
    }
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// What is left of an interrupted move to a file that is not there, if there is something.
pub(super) fn left_behind(path: &Path) -> Option<PathBuf> {
    let unfinished = with_end(path, UNFINISHED);
    let is_there = path.metadata().is_ok_and(|file| file.len() > 0);
    (!is_there && unfinished.exists()).then_some(unfinished)
}

impl SqliteEnd {
    /// The file that is read.
    pub(in crate::store) fn from(path: &Path) -> StoreResult<Self> {
        let fail = |why: &dyn std::fmt::Display| open(path, why.to_string());
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).map_err(|why| fail(&why))?;
        // Before anything is read of it, as other settings do: then nobody else can have a file open that is in WAL mode.
        db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        db.execute_batch("BEGIN")?;
        match schema::is_begun(&db) {
            Ok(true) => {}
            Ok(false) => return Err(fail(&"it holds no database of Hubbub")),
            Err(StoreError::Busy) => {
                return Err(fail(&"another program has it open; stop the server first"));
            }
            Err(why) => return Err(fail(&why)),
        }
        db.pragma_update(None, "cache_size", -CACHE_KIB)?;
        if !schema::is_newest(&db)? || !recount::is_done(&db)? {
            let why = "its schema is of an older release; start a server of this one on it once";
            return Err(fail(&why));
        }
        let deterministic = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        db.create_scalar_function("handle_key", 1, deterministic, |call| {
            Ok(text::handle_key(call.get_raw(0).as_str()?))
        })?;
        Ok(Self {
            db: Arc::new(Mutex::new(db)),
            made: None,
        })
    }

    /// The file that is made: none must be there.
    pub(in crate::store) fn to(path: &Path) -> StoreResult<Self> {
        // A log that was left there would be read as the new file's.
        for end in ["", "-wal", "-journal"] {
            let there = with_end(path, end);
            if there.metadata().is_ok_and(|file| file.len() > 0) {
                return Err(StoreError::NotEmpty(there.display().to_string()));
            }
        }
        if let Some(left) = left_behind(path) {
            return Err(open(path, told_left(&left)));
        }
        let unfinished = with_end(path, UNFINISHED);
        let made = files::new_private_file(&unfinished);
        made.map_err(|why| open(&unfinished, why.to_string()))?;
        let made = NewFile {
            path: path.to_owned(),
            unfinished,
            is_finished: false,
        };
        let mut db = Connection::open(&made.unfinished)?;
        // What fails is removed, so nothing needs to be undone; the disk is waited for once, at the end.
        for (name, value) in [("journal_mode", "OFF"), ("synchronous", "OFF")] {
            db.pragma_update(None, name, value)?;
        }
        db.pragma_update(None, "cache_size", -CACHE_KIB)?;
        db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        schema::bring_up(&mut db)?;
        recount::finish(&mut db)?;
        db.execute_batch("BEGIN")?;
        Ok(Self {
            db: Arc::new(Mutex::new(db)),
            made: Some(made),
        })
    }

    /// Asks on a thread that may wait for the disk.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        let db = Arc::clone(&self.db);
        let asked = spawn_blocking(move || {
            let mut db = db.lock().unwrap_or_else(PoisonError::into_inner);
            ask(&mut db)
        });
        asked
            .await
            .unwrap_or_else(|why| Err(StoreError::Unavailable(why.to_string())))
    }
}

/// What is to be done about what is left.
pub(super) fn told_left(left: &Path) -> String {
    let left = left.display();
    format!(
        "a move to it was interrupted, or is under way; if none is, remove {left} and move again"
    )
}

fn open(path: &Path, why: String) -> StoreError {
    StoreError::Open {
        path: path.display().to_string(),
        why,
    }
}

/// Where a table's rows are read.
fn rows_of(table: &MovedTable) -> &'static str {
    let elsewhere = table.elsewhere.as_ref();
    elsewhere.map_or(table.name, |elsewhere| elsewhere.rows)
}

/// `derived`: with what PostgreSQL keeps beside.
fn hand_out(
    db: &Connection,
    table: &MovedTable,
    derived: bool,
    out: &Sender<Rows>,
) -> StoreResult<()> {
    let more = table.derived.iter().map(|(_, words)| *words);
    let more = more.filter(|_| derived);
    let all: Vec<&str> = table.columns.iter().copied().chain(more).collect();
    let (columns, rows, key) = (all.join(", "), rows_of(table), table.key);
    let sql = format!("SELECT {columns} FROM {rows} ORDER BY {key}");
    let mut statement = db.prepare(&sql)?;
    let mut found = statement.query([])?;
    let mut gathered = RowBatch::default();
    while let Some(row) = found.next()? {
        let cells = (0..all.len()).map(|at| Cell::of(row.get_ref(at)?));
        let cells: StoreResult<Vec<Cell>> = cells.collect();
        if let Some(batch) = gathered.add(cells?)
            && out.blocking_send(batch).is_err()
        {
            return Ok(());
        }
    }
    // Whoever does not take the rest says why.
    drop(out.blocking_send(gathered.rest()));
    Ok(())
}

fn take_in(db: &Connection, table: &MovedTable, mut rows: Receiver<Rows>) -> StoreResult<()> {
    let columns = table.columns;
    let insert = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table.name,
        columns.join(", "),
        vec!["?"; columns.len()].join(", ")
    );
    let elsewhere = table.elsewhere.as_ref();
    let mut statement = db.prepare(elsewhere.map_or(&insert, |elsewhere| elsewhere.keep))?;
    while let Some(batch) = rows.blocking_recv() {
        for row in batch {
            statement.execute(params_from_iter(row.into_iter().take(columns.len())))?;
        }
    }
    Ok(())
}

impl MoveEnd for SqliteEnd {
    async fn count(&mut self, table: &'static MovedTable) -> StoreResult<u64> {
        let sql = format!("SELECT COUNT(*) FROM {}", rows_of(table));
        self.ask(move |db| value(db, &sql, [])).await
    }

    async fn rows(&mut self, table: &'static MovedTable, out: Sender<Rows>) -> StoreResult<()> {
        let derived = self.made.is_none();
        self.ask(move |db| hand_out(db, table, derived, &out)).await
    }

    async fn keep(&mut self, table: &'static MovedTable, rows: Receiver<Rows>) -> StoreResult<()> {
        self.ask(move |db| take_in(db, table, rows)).await
    }

    async fn last_id(&mut self, table: &'static MovedTable) -> StoreResult<u64> {
        let name = table.name;
        let sql = format!(
            "SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '{name}'), 0), COALESCE((SELECT MAX(id) FROM {name}), 0))"
        );
        self.ask(move |db| value(db, &sql, [])).await
    }

    async fn set_last_id(&mut self, table: &'static MovedTable, id: u64) -> StoreResult<()> {
        let name = table.name;
        self.ask(move |db| {
            run(db, "DELETE FROM sqlite_sequence WHERE name = ?", [name])?;
            let sql = "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, ?2 WHERE ?2 > 0";
            run(db, sql, rusqlite::params![name, id])?;
            Ok(())
        })
        .await
    }

    async fn settle(&mut self) -> StoreResult<()> {
        Ok(())
    }

    async fn verify(&mut self) -> StoreResult<VerifyReport> {
        self.ask(|db| now(check_all(db, true))).await
    }

    async fn finish(self) -> StoreResult<()> {
        self.ask(|db| Ok(db.execute_batch("COMMIT")?)).await?;
        let Self { db, made } = self;
        drop(db);
        let Some(made) = made else {
            return Ok(());
        };
        let named = spawn_blocking(|| made.finish());
        named
            .await
            .unwrap_or_else(|why| Err(StoreError::Unavailable(why.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::store::{migrate::TABLES, sqlite::rows::all};

    #[test]
    fn every_column_is_moved() {
        let mut db = Connection::open_in_memory().unwrap();
        schema::bring_up(&mut db).unwrap();
        let sql = "SELECT m.name, c.name FROM sqlite_schema m CROSS JOIN pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT IN ('_sqlx_migrations', 'unfinished', 'sqlite_sequence')";
        let kept = all(&db, sql, [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        });
        let kept: BTreeSet<(String, String)> = kept.unwrap().into_iter().collect();
        let of = |table: &'static MovedTable| {
            let columns = table.columns.iter();
            columns.map(|column| (table.name.to_owned(), (*column).to_owned()))
        };
        let mut moved: BTreeSet<(String, String)> = TABLES.iter().flat_map(of).collect();
        for column in ["room_id", "last_seq"] {
            assert!(moved.remove(&("heads".to_owned(), column.to_owned())));
        }
        moved.insert(("rooms".to_owned(), "last_seq".to_owned()));
        assert_eq!(moved, kept);
    }
}
