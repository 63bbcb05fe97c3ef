//! Files that are their owner's alone: the data folder (0700), the database and the secret in it (0600).
//!
//! They hold every private message and the key of every sign-in, and an administrator's umask would let everybody on the machine read
//! them. Those that are there already are closed too, since versions before this one left them as the umask said.

use std::{
    fs::{DirBuilder, File, Metadata, OpenOptions, Permissions},
    io,
    os::unix::fs::{
        DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
    },
    path::{Path, PathBuf},
};

/// Read and written by its owner.
const FILE: u32 = 0o600;
/// Entered by its owner.
const FOLDER: u32 = 0o700;
/// What others may do.
const OTHERS: u32 = 0o077;
/// Everybody may write there, as in `/tmp`.
const STICKY: u32 = 0o1000;

/// Names that a data folder has; where there are others too, the folder is somebody's for something else.
const OURS: [&str; 6] = [
    "secret.key",
    "uploads",
    "backup",
    "backups",
    "lost+found",
    ".gitkeep",
];

/// Makes a folder if it is not there; nobody else may look into it.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        close_folder(path);
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)
}

/// Opens a file to write to it, and makes it if it is not there; nobody else may read it.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .mode(FILE)
        .open(path)?;
    close_file(path);
    Ok(file)
}

/// Makes a file that must not be there yet; nobody else may read it.
pub(crate) fn new_private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE)
        .open(path)
}

/// Makes a database's file if it is not there. What SQLite puts beside it has the same mode, unless it was there before.
pub(crate) fn private_database(path: &Path, create: bool) -> io::Result<()> {
    if create {
        drop(private_file(path)?);
    }
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        close_file(&PathBuf::from(name));
    }
    Ok(())
}

/// Takes a file from others; tells whether they had it until now.
pub(crate) fn close_file(path: &Path) -> bool {
    let Some(open) = open_to_others(path) else {
        return false;
    };
    close(path, FILE, &open);
    true
}

fn close_folder(path: &Path) {
    let Some(open) = open_to_others(path) else {
        return;
    };
    if open.mode() & STICKY != 0 || !is_ours(path) {
        tracing::warn!(
            path = %path.display(),
            "others may look into the data folder, and it holds more than Hubbub's files, so it stays so; give Hubbub a folder of its own (chmod 700)"
        );
        return;
    }
    close(path, FOLDER, &open);
}

/// What is there, if others may do something with it.
fn open_to_others(path: &Path) -> Option<Metadata> {
    let found = path.metadata().ok()?;
    (found.mode() & OTHERS != 0).then_some(found)
}

fn is_ours(folder: &Path) -> bool {
    let Ok(entries) = folder.read_dir() else {
        return false;
    };
    entries.flatten().all(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("hubbub") || OURS.contains(&&*name)
    })
}

fn close(path: &Path, mode: u32, was: &Metadata) {
    let was = format!("{:03o}", was.mode() & 0o777);
    let path_shown = path.display();
    match std::fs::set_permissions(path, Permissions::from_mode(mode)) {
        Ok(()) => {
            tracing::info!(path = %path_shown, was, now = format!("{mode:03o}"), "closed to others");
        }
        Err(why) => {
            tracing::warn!(path = %path_shown, mode = was, %why, "others may read this, and it cannot be changed; run chmod as its owner");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().mode() & 0o777
    }

    fn set(path: &Path, mode: u32) {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_is_made_and_what_was_there_is_its_owners() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("a/data");
        private_folder(&data).unwrap();
        assert_eq!(mode(&data), 0o700);
        private_database(&data.join("hubbub.db"), true).unwrap();
        assert_eq!(mode(&data.join("hubbub.db")), 0o600);
        for name in ["hubbub.db", "hubbub.db-wal", "hubbub.db-shm"] {
            std::fs::write(data.join(name), name).unwrap();
            set(&data.join(name), 0o644);
        }
        set(&data, 0o755);
        private_folder(&data).unwrap();
        private_database(&data.join("hubbub.db"), true).unwrap();
        assert_eq!(mode(&data), 0o700);
        for name in ["hubbub.db", "hubbub.db-wal", "hubbub.db-shm"] {
            assert_eq!(mode(&data.join(name)), 0o600, "{name}");
            assert_eq!(std::fs::read_to_string(data.join(name)).unwrap(), name);
        }
    }

    #[test]
    fn a_folder_that_is_for_more_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("letters.txt"), "x").unwrap();
        set(folder.path(), 0o755);
        private_folder(folder.path()).unwrap();
        assert_eq!(mode(folder.path()), 0o755);
        let shared = folder.path().join("shared");
        std::fs::create_dir(&shared).unwrap();
        set(&shared, 0o1777);
        private_folder(&shared).unwrap();
        assert_eq!(mode(&shared), 0o777);
    }

    #[test]
    fn a_database_that_must_be_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        private_database(&path, false).unwrap();
        assert!(!path.exists());
    }
}
