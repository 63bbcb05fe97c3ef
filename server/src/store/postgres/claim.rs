//! One server at a time: the database is claimed by a lock of a session, which PostgreSQL gives up by itself when the session ends, in whatever way.
//! Several servers on one database would need to tell each other what they store.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    pool::Opener,
    rows::{Db, PgColumns as _},
};
use crate::store::{StoreError, rules::StoreResult};

/// A number of our own, see `pg_try_advisory_lock`.
const LOCK: &str = "SELECT pg_try_advisory_lock(481616072, 3)";
/// The server before may be on its way out, and its session with it.
const TRIES: u32 = 6;
const PAUSE: Duration = Duration::from_millis(500);
/// How often it is looked whether the session still stands.
const EVERY: Duration = Duration::from_secs(1);

/// Claims the database; [`StoreError::Claimed`] where another server has it. The claim is taken again where its session is lost, as long as the task that this
/// starts runs.
pub(super) async fn claim(opener: Opener) -> StoreResult<tokio::task::JoinHandle<()>> {
    let session = claiming(&opener).await?;
    Ok(tokio::spawn(hold(opener, session)))
}

/// A session that has the claim for as long as it stands.
pub(super) async fn claiming(opener: &Opener) -> StoreResult<Db> {
    let mut tries = 0;
    loop {
        if let Some(session) = try_claim(opener).await? {
            return Ok(session);
        }
        tries += 1;
        if tries == TRIES {
            return Err(StoreError::Claimed);
        }
        sleep(PAUSE).await;
    }
}

async fn try_claim(opener: &Opener) -> StoreResult<Option<Db>> {
    let mut session = opener.reach().await?;
    let is_ours = session.one(LOCK, &[], |row| row.of(0)).await?;
    Ok(Some(session).filter(|_| is_ours))
}

async fn hold(opener: Opener, mut session: Db) {
    loop {
        sleep(EVERY).await;
        if session.simple("SELECT 1").await.is_ok() {
            continue;
        }
        match try_claim(&opener).await {
            Ok(Some(again)) => session = again,
            Ok(None) => tracing::error!(
                "another server has claimed the database: two on one do not hear of each other; stop one of them"
            ),
            Err(why) => tracing::warn!(%why, "the database cannot be claimed for now"),
        }
    }
}
