//! Errors of a store.

use thiserror::Error;

/// An error of the store itself; a refusal of one command is an [`super::WriteOutcome`].
#[derive(Debug, Error)]
pub enum StoreError {
    /// Somebody else holds the database; worth a retry at once.
    #[error("the database is busy")]
    Busy,
    /// No connection came free in time, or the disk is full, or it does not answer; worth a retry later.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// A row breaks a rule that the store itself keeps.
    #[error("the database holds something that cannot be: {0}")]
    Corrupt(String),
    /// It was made by a newer version of Hubbub.
    #[error(
        "the database belongs to a newer version of Hubbub (it has migration {0}, which this one does not know); run that version, or restore a backup made with this one"
    )]
    Newer(i64),
    /// Another server has claimed it.
    #[error(
        "another hubbub serves from this database; stop it first: several servers on one database do not hear of each other yet"
    )]
    Claimed,
    /// There is no database, and none is to be made.
    #[error(
        "there is no database in {0}, and none is made there (mode=rw); make it with mode=rwc, or put it back"
    )]
    Nothing(String),
    /// Something is where a new database is to be made.
    #[error("{0} is not empty; name a database that holds nothing, or a file that is not there")]
    NotEmpty(String),
    /// It could not be opened.
    #[error("cannot open the database {path}: {why}")]
    Open {
        /// Where it was looked for.
        path: String,
        /// The reason, in words.
        why: String,
    },
}

impl From<rusqlite::Error> for StoreError {
    fn from(why: rusqlite::Error) -> Self {
        use rusqlite::{Error, ErrorCode};
        match &why {
            Error::SqliteFailure(code, _)
                if matches!(
                    code.code,
                    ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked
                ) =>
            {
                Self::Busy
            }
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..) => Self::Corrupt(why.to_string()),
            _ => Self::Unavailable(why.to_string()),
        }
    }
}

impl From<rusqlite::types::FromSqlError> for StoreError {
    fn from(why: rusqlite::types::FromSqlError) -> Self {
        Self::Corrupt(why.to_string())
    }
}
