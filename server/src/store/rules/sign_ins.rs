//! Sign-ins: one a device, with one refresh token that is good. None is ever seen earlier than it was before, whatever the clock says.

use protocol::UserId;

use super::{RuleResult, Transaction};
use crate::{
    error::Refusal,
    store::{Begun, Done, NewSignIn, Reply, Rotated, Rotation, SignInRecord, Use, UseRule, Used},
};

pub(super) async fn begin<T: Transaction>(tx: &mut T, new: &NewSignIn) -> RuleResult<Done> {
    let replaced = tx.revoke_device(new.user, &new.device, new.now).await?;
    let id = tx.add_sign_in(new).await?;
    Ok(Done::quiet(Reply::SignedIn(Begun { id, replaced })))
}

/// Of several requests with one token at once, one is `Done`; the others get [`Rotated::Before`] with its time.
pub(super) async fn rotate<T: Transaction>(tx: &mut T, rotation: &Rotation) -> RuleResult<Done> {
    let record = tx.sign_in(rotation.id).await?;
    let rotated = match record.filter(|record| !record.revoked) {
        Some(record) if record.refresh_hash == rotation.spent => {
            let user = record.user;
            let record = SignInRecord {
                refresh_hash: rotation.fresh.clone(),
                spent_hash: rotation.spent.clone(),
                spent_at: rotation.now,
                label: rotation.label.clone(),
                address: rotation.address.clone(),
                seen_at: record.seen_at.max(rotation.now),
                expires_at: rotation.expires_at,
                ..record
            };
            tx.save_sign_in(&record).await?;
            Rotated::Done { user }
        }
        Some(record) if !rotation.spent.is_empty() && record.spent_hash == rotation.spent => {
            Rotated::Before {
                at: record.spent_at,
                label: record.label,
            }
        }
        _ => Rotated::Refused,
    };
    Ok(Done::quiet(Reply::Rotated(rotated)))
}

pub(super) async fn revoke<T: Transaction>(
    tx: &mut T,
    user: UserId,
    id: u64,
    now: u64,
) -> RuleResult<Done> {
    let record = tx.sign_in(id).await?;
    if !record.is_some_and(|record| record.user == user && !record.revoked) {
        return Err(Refusal::not_found("sign-in").into());
    }
    tx.revoke(id, now).await?;
    Ok(Done::quiet(Reply::Ended(vec![id])))
}

/// Notes the uses that the rule wants to be noted: it puts off their end, and never brings it nearer. One that is over stays over.
pub(super) async fn used<T: Transaction>(
    tx: &mut T,
    uses: &[Use],
    rule: UseRule,
) -> RuleResult<Done> {
    let mut noted = Vec::new();
    for Use { id, at, address } in uses {
        let wanted = |record: &SignInRecord| {
            let again = record.seen_at.saturating_add(rule.every_ms);
            !record.revoked && record.expires_at > *at && again <= *at
        };
        let Some(mut record) = tx.sign_in(*id).await?.filter(wanted) else {
            continue;
        };
        record.seen_at = *at;
        if let Some(address) = address {
            address.clone_into(&mut record.address);
        }
        let last = record.created_at.saturating_add(rule.most_ms);
        let ends = at.saturating_add(rule.unused_ms).min(last);
        record.expires_at = record.expires_at.max(ends);
        tx.save_sign_in(&record).await?;
        noted.push(Used {
            id: *id,
            user: record.user,
            expires_at: record.expires_at,
        });
    }
    Ok(Done::quiet(Reply::Used(noted)))
}

pub(super) async fn set_password<T: Transaction>(
    tx: &mut T,
    user: UserId,
    hash: &str,
    (keep, now): (u64, u64),
) -> RuleResult<Done> {
    tx.set_password(user, hash).await?;
    // A link that was made for the password of before must not change this one.
    tx.remove_reset(user).await?;
    let ended = tx.revoke_others(user, keep, now).await?;
    Ok(Done::quiet(Reply::Ended(ended)))
}
