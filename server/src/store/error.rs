//! What can go wrong with a store.

use thiserror::Error;

/// An error of the store itself; a refusal of one command is an [`super::Outcome`].
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
    /// There is no database, and none is to be made.
    #[error(
        "there is no database in {0}, and none is made there (mode=rw); make it with mode=rwc, or put it back"
    )]
    Nothing(String),
    /// It could not be opened.
    #[error("cannot open the database {path}: {why}")]
    Open {
        /// Where it was looked for.
        path: String,
        /// Why not.
        why: String,
    },
}

/// SQLite's primary result codes (sqlite.org/rescode.html) that mean "try again".
const SQLITE_BUSY: &str = "5";
const SQLITE_LOCKED: &str = "6";

impl From<sqlx::Error> for StoreError {
    fn from(why: sqlx::Error) -> Self {
        if let sqlx::Error::Database(ref db) = why {
            // An extended code holds the primary one in its low byte.
            let code = db
                .code()
                .and_then(|code| code.parse::<u32>().ok())
                .map(|code| (code & 0xff).to_string());
            if matches!(code.as_deref(), Some(SQLITE_BUSY | SQLITE_LOCKED)) {
                return Self::Busy;
            }
        }
        match why {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                Self::Corrupt(why.to_string())
            }
            other => Self::Unavailable(other.to_string()),
        }
    }
}
