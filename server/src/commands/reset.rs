//! Links by which somebody who forgot their password chooses a new one. Owners and admins make them; the link alone opens the door, once.

use std::time::Duration;

use protocol::{NewPassword, ResetLink, UserId, limits::INVITE_CHARS};

use super::{
    quota::{ChangeKind, spend},
    sign_in::{self, Device, Grant},
};
use crate::{
    auth::{
        Fresh, Guess, code, hash, label,
        rights::{ServerRight, Who, may_on_server},
    },
    error::Refusal,
    state::Shared,
    store::{Account, ResetRecord, StoreError, UsedReset, Write},
    telemetry::Limit,
};

/// How long a link is good.
const LIFE: Duration = Duration::from_secs(3_600);

/// Makes a link for somebody; the one before is worth nothing any more. `origin` is what it starts with.
pub(crate) async fn create(
    state: &Shared,
    who: Who,
    user: UserId,
    origin: &str,
) -> Result<ResetLink, Refusal> {
    // The one answer is the transaction's; who may not govern anybody is told before anything is written.
    may_on_server(who, ServerRight::LEAST)?;
    if user == who.id {
        let why = "change your own password in your settings";
        return Err(Refusal::invalid("id", why));
    }
    spend(state, who.id, ChangeKind::Invite)?;
    let code = code(state.entropy.u128());
    let life_ms = u64::try_from(LIFE.as_millis()).unwrap_or(u64::MAX);
    let expires_at = state.now().saturating_add(life_ms);
    let record = ResetRecord {
        user,
        hash: hash(&code),
        created_by: who.id,
        expires_at,
    };
    state.queue.write_patiently(Write::Reset(record)).await?;
    tracing::info!(%user, by = %who.id, "a link to a new password was made");
    Ok(ResetLink {
        url: format!("{origin}/reset/{code}"),
        code,
        expires_at,
    })
}

/// Whose password a code changes just now.
pub(crate) async fn person(state: &Shared, code: &str) -> Result<Option<Account>, StoreError> {
    if code.chars().nth(INVITE_CHARS).is_some() {
        return Ok(None);
    }
    let kept = state.store.reset(&hash(code)).await?;
    let good = kept.filter(|kept| kept.expires_at > state.now());
    let Some(good) = good else { return Ok(None) };
    let account = state.cache.account(good.user).await?;
    Ok(account.filter(|account| !account.banned))
}

/// Chooses a new password and signs in with it; all that was signed in before is over. A password that cannot be taken leaves the link good.
pub(crate) async fn redeem(
    state: &Shared,
    new: NewPassword,
    device: Device,
) -> Result<Grant, Refusal> {
    let NewPassword {
        code,
        password,
        device: named,
    } = new;
    let device = device.named(named)?;
    let guess = Guess::of_code(device.address.into());
    let counted = |why: Refusal| {
        state.metrics.hit(Limit::Tries);
        why
    };
    state.tries.count(&guess, state.mono()).map_err(counted)?;
    let found = person(state, &code).await;
    if !matches!(found, Ok(None)) {
        state.tries.take_back(&guess);
    }
    let Some(account) = found? else {
        tracing::warn!(device = ?label(&device.user_agent), address = %device.address, "a wrong code for a new password");
        return Err(Refusal::bad_reset());
    };
    let names = [
        &*account.name,
        &*account.display_name,
        &state.config.serve.name,
    ];
    let fresh = Fresh::new(&password, "password", &names)?;
    let turn = state.passwords.turn(device.address.into()).await;
    let turn = turn.inspect_err(|_| state.metrics.hit(Limit::Passwords))?;
    let fresh = state.passwords.hash(&turn, fresh).await?;
    drop(turn);
    let write = Write::UseReset(UsedReset {
        user: account.id,
        code: hash(&code),
        hash: fresh,
        now: state.now(),
    });
    state.queue.write_patiently(write).await?;
    tracing::info!(user = %account.name, address = %device.address, "a new password, by link");
    sign_in::grant(state, account, device).await
}
