//! New tokens for a refresh token, which is spent by it.

use protocol::ErrorCode;

use super::sign_in::{Device, Grant, Minted, revoke, rotate};
use crate::{
    auth::{Audience, cut_address, hash, label},
    error::Refusal,
    state::Shared,
    store::{Account, Rotated, Rotation, SignInRecord},
};

/// An answer may get lost, and two requests may be sent at once: for so long after its first use a spent token gets the same answer again.
const AGAIN_MS: u64 = 30_000;

/// New tokens for a refresh token. One that was spent before gets the tokens that it got then, if the same device asks within
/// 30 s; later, or from another device, it ends its sign-in: one of its two users is a thief.
///
/// A browser may send several, of which some are of before: the first that is good now counts, else the first of them.
pub(crate) async fn refresh(
    state: &Shared,
    tokens: &[&str],
    device: Device,
) -> Result<Grant, Refusal> {
    let now = state.now();
    let (token, record, account) = best(state, tokens, now).await?;
    let looks = label(&device.user_agent);
    if device.id.is_some_and(|id| id != record.device) {
        return Err(stolen(state, &record).await);
    }
    let spent = hash(token);
    let grant = tokens_of(state, &record, &account, &spent, now)?;
    let fresh = hash(&grant.body.refresh_token);
    let ends = state.config.auth.signin_ends_ms(record.created_at, now);
    let rotation = Rotation {
        id: record.id,
        spent: spent.clone(),
        fresh,
        label: looks.clone(),
        address: cut_address(device.address),
        now,
        expires_at: ends,
    };
    match rotate(state, rotation).await? {
        Rotated::Done { .. } => Ok(grant),
        Rotated::Before { at, label } if now.saturating_sub(at) <= AGAIN_MS && label == looks => {
            tokens_of(state, &record, &account, &spent, at)
        }
        Rotated::Before { .. } | Rotated::Refused => Err(stolen(state, &record).await),
    }
}

fn refused() -> Refusal {
    Refusal::unauthorized("this refresh token is not good any more; sign in again")
}

/// The token that counts, with its sign-in and whose that is.
async fn best<'t>(
    state: &Shared,
    tokens: &[&'t str],
    now: u64,
) -> Result<(&'t str, SignInRecord, Account), Refusal> {
    let mut found = Err(refused());
    for token in tokens {
        match owner(state, token, now).await {
            Ok((record, account)) if record.refresh_hash == hash(token) => {
                return Ok((token, record, account));
            }
            Ok((record, account)) if found.is_err() => found = Ok((*token, record, account)),
            Err(why) if why.code != ErrorCode::Unauthorized => return Err(why),
            Ok(_) | Err(_) => {}
        }
    }
    found
}

/// The sign-in that a token is of, as far as it is good, and whose it is.
async fn owner(state: &Shared, token: &str, now: u64) -> Result<(SignInRecord, Account), Refusal> {
    let claims = state
        .tokens
        .read(Audience::Refresh, token, now)
        .ok_or_else(refused)?;
    let user = claims.user().ok_or_else(refused)?;
    let record = state.store.find_sign_in(claims.sid).await?;
    let good = record.filter(|record| {
        record.user == user
            && !record.revoked
            && record.expires_at > now
            && claims.has_begun(now, record.seen_at)
    });
    let record = good.ok_or_else(refused)?;
    let account = state.cache.account(user).await?;
    let account = account.filter(|account| !account.banned);
    Ok((record, account.ok_or_else(refused)?))
}

/// The tokens that a spent one gets at a moment: the same whenever they are made, so that they need not be kept.
fn tokens_of(
    state: &Shared,
    record: &SignInRecord,
    account: &Account,
    spent: &[u8],
    at: u64,
) -> Result<Grant, Refusal> {
    let nonce = |of: &[u8]| {
        let moment = at.to_be_bytes();
        state.tokens.derive(&[b"refresh", of, spent, &moment])
    };
    let minted = Minted {
        sign_in: record.id,
        device: &record.device,
        created_at: record.created_at,
        at,
        nonces: [nonce(b"access"), nonce(b"refresh")],
    };
    minted.tokens(state, account)
}

/// Ends a sign-in whose refresh token somebody else has; what the one who asks is told.
async fn stolen(state: &Shared, record: &SignInRecord) -> Refusal {
    match revoke(state, record.user, record.id).await {
        Err(why) if why.code != ErrorCode::NotFound => why,
        _ => refused(),
    }
}
