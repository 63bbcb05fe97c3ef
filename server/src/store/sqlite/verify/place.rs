//! Opening a store to verify it, also where nothing may be written: on a snapshot, a backup, a disk that was mounted read-only.
//!
//! A database in WAL mode is opened for writing even to be read: its readers meet in a file beside it. Where that cannot be made, the
//! database is read as one that nobody changes; and if its log still holds something, a copy of both is read.

use std::{
    fs::DirBuilder,
    os::unix::{ffi::OsStrExt as _, fs::DirBuilderExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};
use rustix::fs::{Access, access};

use super::fail;
use crate::store::StoreError;

/// How the database may be opened: beside a server, only read, unchanging, or as a copy.
pub(super) enum OpenedAs {
    /// As it is, beside a running server too.
    Beside(PathBuf),
    /// A server runs, but not here: its readers' file is there, and may be read.
    ReadOnly(PathBuf),
    /// Nobody changes it.
    Still(PathBuf),
    /// A copy, gone after use.
    Copy(Copied),
}

/// A copy of a database and its log.
pub(super) struct Copied {
    folder: PathBuf,
    database: PathBuf,
}

impl Drop for Copied {
    fn drop(&mut self) {
        if let Err(why) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(folder = %self.folder.display(), %why, "a copy of the database was left behind");
        }
    }
}

impl OpenedAs {
    /// How to read the database at `path`.
    pub(super) fn of(path: &Path) -> Result<Self, StoreError> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        // Where there is none, opening it tells so.
        if !path.exists()
            || (access(folder, Access::WRITE_OK).is_ok() && access(path, Access::WRITE_OK).is_ok())
        {
            return Ok(Self::Beside(path.to_owned()));
        }
        let log = with_end(path, "-wal");
        if log.metadata().map_or(0, |log| log.len()) == 0 {
            return Ok(Self::Still(path.to_owned()));
        }
        let read_only = Self::ReadOnly(path.to_owned());
        if with_end(path, "-shm").exists() && can_be_read(&read_only) {
            return Ok(read_only);
        }
        copy(path, &log)
            .map(Self::Copy)
            .map_err(|why| fail(path, &why))
    }

    /// Opens it.
    pub(super) fn open(&self) -> rusqlite::Result<Connection> {
        let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let both = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = match self {
            Self::Beside(path) => Connection::open_with_flags(path, both),
            Self::ReadOnly(path) => Connection::open_with_flags(path, read_only),
            Self::Still(path) => {
                let uri = OpenFlags::SQLITE_OPEN_URI;
                Connection::open_with_flags(immutable(path), read_only | uri)
            }
            Self::Copy(copied) => Connection::open_with_flags(&copied.database, both),
        }?;
        db.busy_timeout(BUSY)?;
        Ok(db)
    }
}

/// How long it waits for a server that just begins or stops.
const BUSY: Duration = Duration::from_secs(5);

/// The name by which SQLite reads a file that nobody changes (sqlite.org/uri.html, section 3.2).
fn immutable(path: &Path) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'.')
        .remove(b'-')
        .remove(b'_');
    let path = percent_encode(path.as_os_str().as_bytes(), KEPT);
    format!("file:{path}?immutable=1")
}

fn can_be_read(place: &OpenedAs) -> bool {
    let look = || -> rusqlite::Result<i64> {
        place
            .open()?
            .query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))
    };
    look().is_ok()
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn copy(path: &Path, log: &Path) -> std::io::Result<Copied> {
    let folder = std::env::temp_dir().join(format!("hubbub-verify-{}", std::process::id()));
    DirBuilder::new().mode(0o700).create(&folder)?;
    let copied = Copied {
        database: folder.join("hubbub.db"),
        folder,
    };
    tracing::info!(folder = %copied.folder.display(), "the log cannot be read where it is; a copy is");
    std::fs::copy(path, &copied.database)?;
    std::fs::copy(log, with_end(&copied.database, "-wal"))?;
    Ok(copied)
}
