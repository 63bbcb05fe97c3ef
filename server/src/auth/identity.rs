//! Identity: the bearer, else the session cookie, else the token in `hello` (contract, "Connecting").

use axum::http::{HeaderMap, header};

use super::{
    rights::Who,
    tokens::{Audience, Claims, Tokens},
};
use crate::store::{Account, StoreError, cache::Cache};

/// Somebody whose sign-in is good.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// The account.
    pub(crate) account: Account,
    /// The sign-in.
    pub(crate) sign_in: u64,
    /// Its device.
    pub(crate) device: String,
    /// When it was made, in milliseconds since the epoch.
    pub(crate) sign_in_made: u64,
    /// When it was last noted that it is used.
    pub(crate) sign_in_seen: u64,
    /// Until when it is good, unless used.
    pub(crate) sign_in_ends: u64,
}

impl Identity {
    /// As the rights see them.
    pub(crate) const fn who(&self) -> Who {
        Who {
            id: self.account.id,
            role: self.account.role,
        }
    }
}

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1), if that header is there.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    Some(if scheme.eq_ignore_ascii_case("bearer") {
        token.trim()
    } else {
        ""
    })
}

/// Who a token says, that is good for this; none if it is not.
pub(crate) async fn from_token(
    audience: Audience,
    token: &str,
    tokens: &Tokens,
    cache: &Cache,
    now: u64,
) -> Result<Option<Identity>, StoreError> {
    match tokens.read(audience, token, now) {
        Some(claims) => resolve(&claims, cache, now).await,
        None => Ok(None),
    }
}

/// The sign-in behind a token decides: revoked or over, the token is worth nothing.
async fn resolve(claims: &Claims, cache: &Cache, now: u64) -> Result<Option<Identity>, StoreError> {
    let Some(user) = claims.user() else {
        return Ok(None);
    };
    let Some(sign_in) = cache.pass(claims.sid).await? else {
        return Ok(None);
    };
    if sign_in.user != user
        || sign_in.revoked
        || sign_in.expires_at <= now
        || !claims.has_begun(now, sign_in.seen_at)
        || *sign_in.device != *claims.dev
    {
        return Ok(None);
    }
    let account = cache.account(user).await?;
    Ok(account
        .filter(|account| !account.banned)
        .map(|account| Identity {
            account,
            sign_in: claims.sid,
            device: sign_in.device.into(),
            sign_in_made: sign_in.created_at,
            sign_in_seen: sign_in.seen_at,
            sign_in_ends: sign_in.expires_at,
        }))
}
