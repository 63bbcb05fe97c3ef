//! The two databases that `migrate` is told of.

use std::path::PathBuf;

use super::{
    ConfigError, hide_secret,
    values::{self, Database, PostgresUrl},
};

/// Where a store is moved from or to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MovePlace {
    /// `hubbub.db` in a data folder.
    Folder(PathBuf),
    /// A file of SQLite.
    File(PathBuf),
    /// A database of PostgreSQL.
    Postgres(PostgresUrl),
}

impl MovePlace {
    /// An address as `--database-url` has it, or the path of a data folder.
    fn read(text: &str) -> Result<Self, String> {
        if !text.contains("://") && !text.starts_with("sqlite:") {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        Ok(match values::database(text)? {
            Database::InFolder => Self::Folder(PathBuf::from(text)),
            Database::Sqlite { path, .. } => Self::File(path),
            Database::Postgres(url) => Self::Postgres(url),
        })
    }
}

/// From where and to where a store is moved: one of the two is PostgreSQL.
pub(crate) fn both(from: &str, to: &str) -> Result<(MovePlace, MovePlace), ConfigError> {
    let read = |name: &str, text: &str| {
        MovePlace::read(text).map_err(|why| ConfigError::Setting {
            name: name.to_owned(),
            value: hide_secret(text),
            why,
        })
    };
    let places = (read("FROM", from)?, read("TO", to)?);
    let is_postgres = |place: &MovePlace| matches!(place, MovePlace::Postgres(_));
    if is_postgres(&places.0) == is_postgres(&places.1) {
        let why = "one of FROM and TO is postgres://USER:PASSWORD@HOST/DATABASE, the other a data folder or sqlite://PATH; databases of one kind are copied with their own tools";
        return Err(ConfigError::Unfit(why.to_owned()));
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_folders_files_and_addresses() {
        let (from, to) = both("data", "postgres://ada:secret@db/x").unwrap();
        assert_eq!(from, MovePlace::Folder("data".into()));
        assert!(matches!(to, MovePlace::Postgres(_)));
        let (_, to) = both("postgres://ada@db/x", "sqlite://new.db").unwrap();
        assert_eq!(to, MovePlace::File("new.db".into()));
        for (from, to, told) in [
            ("data", "other", "one of FROM and TO"),
            ("postgres://db/x", "postgres://db/y", "one of FROM and TO"),
            ("data", "mysql://ada:secret@db/x", "not mysql"),
            ("data", "postgres://ada:secret@db", "names no database"),
        ] {
            let why = both(from, to).unwrap_err().to_string();
            assert!(why.contains(told), "{why}");
            assert!(!why.contains("secret"), "{why}");
        }
    }
}
