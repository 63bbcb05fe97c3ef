//! `hubbub migrate`: claims both places, so that no server uses one of them, and moves the store.

use std::{fs::File, path::PathBuf};

use thiserror::Error;

use crate::{
    config::{Config, ConfigError, MovePlace},
    start::{StartError, lock_folder},
    store::{
        StoreError,
        migrate::{self, MoveError, MoveReport, TellProgress},
    },
};

/// Why nothing was moved.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// The two places are not read.
    #[error(transparent)]
    Places(#[from] ConfigError),
    /// A data folder cannot be claimed.
    #[error(transparent)]
    Folder(#[from] StartError),
    /// Moving failed, or may not begin.
    #[error(transparent)]
    Move(#[from] MoveError),
}

/// Moves the store that the command line names; `tell` hears how far it is.
pub async fn migrate(config: &Config, tell: TellProgress<'_>) -> Result<MoveReport, MigrateError> {
    let postgres = |url: &str, create| config.store.postgres(url, create);
    match config.places()? {
        (MovePlace::Postgres(url), to) => {
            let (path, _claim) = claimed(&to)?;
            let from = postgres(&url.0, false);
            Ok(migrate::to_sqlite(&from, &path, tell).await?)
        }
        (from, MovePlace::Postgres(url)) => {
            // Before its folder is claimed, which would make it.
            let path = file(&from);
            if !path.exists() {
                let why = StoreError::Open {
                    path: path.display().to_string(),
                    why: "there is no such file".to_owned(),
                };
                return Err(MoveError::From(why).into());
            }
            let (path, _claim) = claimed(&from)?;
            let to = postgres(&url.0, true);
            Ok(migrate::to_postgres(&path, &to, tell).await?)
        }
        _ => Err(ConfigError::Unfit("one of the two is PostgreSQL".to_owned()).into()),
    }
}

/// The file of SQLite in a place.
fn file(place: &MovePlace) -> PathBuf {
    match place {
        MovePlace::Folder(folder) => folder.join("hubbub.db"),
        MovePlace::File(path) => path.clone(),
        MovePlace::Postgres(_) => PathBuf::new(),
    }
}

/// The file of SQLite in a place, and the claim on its data folder. A file alone is claimed by being opened.
fn claimed(place: &MovePlace) -> Result<(PathBuf, Option<File>), StartError> {
    let claim = match place {
        MovePlace::Folder(folder) => Some(lock_folder(folder)?),
        MovePlace::File(_) | MovePlace::Postgres(_) => None,
    };
    Ok((file(place), claim))
}
