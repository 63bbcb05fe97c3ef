//! Messages that somebody saved.

use protocol::limits::SAVED;

use super::{RuleResult, SavedFacts, Transaction, allowed, no_message};
use crate::{
    auth::rights::Right,
    error::Refusal,
    store::{Done, Reply, Saving},
};

/// Whoever may read a message may save it. What is not saved any more need not be there, or be told of.
pub(super) async fn save<T: Transaction>(tx: &mut T, one: Saving) -> RuleResult<Done> {
    let Saving { who, now, .. } = one;
    let at = (one.room, one.seq);
    if !one.on {
        tx.unsave(who.id, at).await?;
        return Ok(Done::quiet(Reply::Stored));
    }
    allowed(tx, who, at.0, Right::Look).await?;
    if !tx.targets(&[at]).await?.contains_key(&at) {
        return Err(no_message("seq").into());
    }
    let SavedFacts { is, count } = tx.saved(who.id, at).await?;
    if !is {
        if count >= SAVED {
            let why = "you have saved 1,000 messages; let go of one first";
            return Err(Refusal::conflict(why).into());
        }
        tx.save(who.id, at, now).await?;
    }
    Ok(Done::quiet(Reply::Stored))
}
