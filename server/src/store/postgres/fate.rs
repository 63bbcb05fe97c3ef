//! The fate of a commit whose connection was lost before its answer came: PostgreSQL knows it by the number of the transaction.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::{
    pool::Pool,
    rows::{Db, PgColumns as _},
};
use crate::store::{StoreError, rules::StoreResult};

/// For how long it is asked for, and the pause between two questions. All writes wait behind it.
const MAX_WAIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(250);

/// The number of the transaction that a connection is in.
pub(super) async fn number(db: &mut Db) -> StoreResult<String> {
    let sql = "SELECT pg_current_xact_id()::text";
    db.one(sql, &[], |row| row.of(0)).await
}

/// Whether a transaction is committed; an error where nobody can tell for now. One that is still under way is waited for: its session ends by
/// itself once it idles ([`super::config::PostgresConfig::session`]).
pub(super) async fn is_committed(writers: &Pool, number: &str) -> StoreResult<bool> {
    let decided = async {
        loop {
            match ask(writers, number).await {
                Ok(Some(status)) if status == "committed" => return true,
                Ok(Some(status)) if status == "aborted" => return false,
                // In progress; or PostgreSQL comes back just now.
                Ok(_) | Err(_) => sleep(PAUSE).await,
            }
        }
    };
    let late = |_| {
        StoreError::Unavailable(format!(
            "the connection was lost during the commit of transaction {number}, and PostgreSQL does not tell what became of it"
        ))
    };
    timeout(MAX_WAIT, decided).await.map_err(late)
}

async fn ask(writers: &Pool, number: &str) -> StoreResult<Option<String>> {
    let mut db = writers.get().await?;
    // A text that is cast: a number of 64 bits without a sign is nothing that this client can bind.
    let sql = "SELECT pg_xact_status($1::text::xid8)";
    db.one(sql, &[&number], |row| row.of(0)).await
}
