//! Change what somebody may do, or shut them out.

use protocol::{RolePatch, UserId};

use super::{
    profile::tell,
    quota::{ChangeKind, spend},
};
use crate::{
    auth::rights::{ServerRight, Who, may_on_server},
    error::Refusal,
    state::Shared,
    store::{Account, Write},
};

/// Changes what somebody may do, or shuts them out.
pub(crate) async fn govern(
    state: &Shared,
    who: Who,
    user: UserId,
    patch: RolePatch,
) -> Result<Account, Refusal> {
    let RolePatch { role, banned } = patch;
    if role.is_none() && banned.is_none() {
        let why = "name what to change: role or banned";
        return Err(Refusal::invalid("role", why));
    }
    // The one answer is the transaction's; who may not govern anybody is told before anything is written.
    may_on_server(who, ServerRight::LEAST)?;
    spend(state, who.id, ChangeKind::Members)?;
    let write = Write::Govern {
        who: who.id,
        user,
        role,
        banned,
        now: state.now(),
    };
    state.queue.write_patiently(write).await?;
    let account = state.cache.account(user).await?;
    let account = account.ok_or_else(|| Refusal::not_found("user"))?;
    tracing::info!(user = %account.name, role = ?account.role, banned = account.banned, by = %who.id, "what somebody may do is changed");
    tell(state, user).await?;
    Ok(account)
}
