//! Links that let people in: invites and resets. Whoever makes a reset could become its person, so only who may govern them does.

use super::{RuleResult, Transaction, sign_ins::set_password};
use crate::{
    auth::rights::{ServerRight, Who, may_on_server},
    error::Refusal,
    store::{Done, InviteRecord, Reply, ResetRecord, UsedReset},
};

pub(super) async fn invite<T: Transaction>(tx: &mut T, new: &InviteRecord) -> RuleResult<Done> {
    tx.add_invite(new).await?;
    Ok(Done::quiet(Reply::Stored))
}

pub(super) async fn revoke_invite<T: Transaction>(tx: &mut T, code: &str) -> RuleResult<Done> {
    if !tx.remove_invite(code).await? {
        return Err(Refusal::not_found("invite").into());
    }
    Ok(Done::quiet(Reply::Stored))
}

/// Both roles are read here: what who asks was told of theirs may be from before.
pub(super) async fn reset<T: Transaction>(tx: &mut T, new: &ResetRecord) -> RuleResult<Done> {
    let has = tx.role(new.user).await?;
    let has = has.ok_or_else(|| Refusal::not_found("user"))?;
    let by = Who {
        id: new.created_by,
        role: tx.role(new.created_by).await?.unwrap_or_default(),
    };
    may_on_server(by, ServerRight::Govern { has, gets: has })?;
    tx.set_reset(new).await?;
    Ok(Done::quiet(Reply::Stored))
}

/// One that is wrong, used, replaced or over is answered like the one of somebody who is shut out.
pub(super) async fn use_reset<T: Transaction>(tx: &mut T, used: &UsedReset) -> RuleResult<Done> {
    let UsedReset {
        user,
        ref code,
        ref hash,
        now,
    } = *used;
    let kept = tx.reset(user).await?;
    let good = kept.is_some_and(|kept| kept.hash == *code && kept.expires_at > now);
    if !good || tx.living(&[user]).await? == 0 {
        return Err(Refusal::bad_reset().into());
    }
    // No sign-in has this number: all of them end.
    set_password(tx, user, hash, (0, now)).await
}
