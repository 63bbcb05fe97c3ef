//! Operator commands: what whoever runs the machine may do to accounts, without a sign-in (`hubbub reset-password`, `hubbub set-role`).
//!
//! Where a server runs it carries the order out itself ([`socket`]): what it remembers of accounts, and its open connections, would not
//! know of a write that another process made. Where none does, the command claims the data folder as a server does, and writes.

mod order;
pub(crate) mod socket;

use std::{path::PathBuf, sync::Arc, time::Duration};

use protocol::Role;
use thiserror::Error;
use tokio::time::sleep;

use self::order::{Answer, Order};
use crate::{
    auth::Passwords,
    clock::Clock,
    config::Config,
    error::Refusal,
    start::{StartError, database_path, lock_folder, open_store},
    store::{SharedStore, StoreError},
    telemetry::Metrics,
};

/// How often a server is asked that holds the folder and does not listen: it begins or ends, which takes a moment.
const TRIES: u32 = 30;
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// Why an operator's command did nothing.
#[derive(Debug, Error)]
pub enum OperatorError {
    /// The folder or the store cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no store where the settings say.
    #[error(
        "there is no database at {0}; name its folder with --data-dir, or the database with --database-url"
    )]
    NoStore(PathBuf),
    /// A server runs, and does not do it.
    #[error(
        "another hubbub holds the data folder {folder} and does not answer ({why}); look at its log, or stop it and try again"
    )]
    Silent {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        why: std::io::Error,
    },
    /// Nobody is called so.
    #[error("nobody is called {0:?}; write the name that follows the @ in the chat")]
    NoPerson(String),
    /// No role is called so.
    #[error("there is no role {0:?}")]
    NoRole(String),
    /// A rule forbids it.
    #[error("{0}")]
    Refused(String),
}

impl From<Refusal> for OperatorError {
    fn from(why: Refusal) -> Self {
        Self::Refused(why.message)
    }
}

/// Gives somebody a new password and ends all their sign-ins. The password.
pub async fn reset_password(config: &Config, name: &str) -> Result<String, OperatorError> {
    let name = name.to_owned();
    match carry_out(config, Order::ResetPassword { name }).await? {
        Answer::Password(password) => Ok(password),
        other => Err(unfit(other)),
    }
}

/// Changes what somebody may do. What they might do before.
pub async fn set_role(config: &Config, name: &str, role: Role) -> Result<Role, OperatorError> {
    let order = Order::SetRole {
        name: name.to_owned(),
        role: role.name().to_owned(),
    };
    match carry_out(config, order).await? {
        Answer::RoleBefore(before) => Ok(before),
        other => Err(unfit(other)),
    }
}

fn unfit(answer: Answer) -> OperatorError {
    OperatorError::Refused(match answer {
        Answer::Refused(why) => why,
        Answer::Password(_) | Answer::RoleBefore(_) => "the server did something else".to_owned(),
    })
}

/// Has an order carried out by whoever may: the server that holds the data folder, or this process.
async fn carry_out(config: &Config, order: Order) -> Result<Answer, OperatorError> {
    if let Some((path, _)) = database_path(config)
        && !path.exists()
    {
        return Err(OperatorError::NoStore(path));
    }
    let folder = &config.serve.data_dir;
    let mut tries = 0;
    loop {
        match lock_folder(folder) {
            Ok(_folder) => return here(config, &order).await,
            Err(StartError::FolderInUse(_)) => {}
            Err(other) => return Err(other.into()),
        }
        let silent = |why| OperatorError::Silent {
            folder: folder.clone(),
            why,
        };
        match socket::reach(folder).await {
            // Once it is said it is not said again: it may be done already.
            Ok(stream) => return socket::ask(stream, &order).await.map_err(silent),
            Err(why) if tries == TRIES => return Err(silent(why)),
            Err(_) => tries += 1,
        }
        sleep(PAUSE).await;
    }
}

/// Carries an order out while no server runs.
async fn here(config: &Config, order: &Order) -> Result<Answer, OperatorError> {
    let store = open_store(config, Clock::system(), &Arc::new(Metrics::default())).await?;
    let done = write(&store, order).await;
    store.close().await;
    done
}

async fn write(store: &SharedStore, order: &Order) -> Result<Answer, OperatorError> {
    let account = order.account(&**store).await?;
    let now = Clock::system().now_ms();
    let (write, answer) = order.write(&account, &Passwords::new(1), now).await?;
    for outcome in store.commit(Arc::new([write])).await? {
        outcome?;
    }
    Ok(answer)
}
