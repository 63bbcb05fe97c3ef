//! Make an account.

use protocol::{NewAccount, validate_display_name, validate_user_name};

use super::sign_in::{self, Device, Grant};
use crate::{
    auth::validate_password,
    config::Signup,
    error::Refusal,
    state::Shared,
    store::{Reply, Write},
};

/// Makes an account and signs it in. The first one is the owner's.
pub async fn create(state: &Shared, new: NewAccount, device: Device) -> Result<Grant, Refusal> {
    let NewAccount {
        name,
        password,
        invite,
        device: named,
        display_name,
    } = new;
    validate_user_name(&name)?;
    let display_name = display_name
        .filter(|shown| !shown.trim().is_empty())
        .unwrap_or_else(|| name.clone());
    validate_display_name(&display_name)
        .map_err(|why| Refusal::invalid("display_name", why.to_string()))?;
    validate_password(&password, "password")?;
    let device = device.named(named)?;
    let invite = invite.filter(|code| !code.is_empty());
    let open = state.config.serve.signup == Signup::Open;
    // Whoever has no way in must not make the server hash passwords.
    if invite.is_none() && !open && !state.store.is_empty().await? {
        return Err(
            Refusal::forbidden("an account here needs an invite; ask somebody who is in")
                .on("invite"),
        );
    }
    let password = state.passwords.hash(password).await?;
    let write = Write::CreateAccount {
        name,
        display_name,
        password,
        invite,
        open,
        now: state.now(),
    };
    let Reply::Account { user, .. } = state.queue.write(write).await?.reply else {
        return Err(Refusal::unavailable());
    };
    let account = state
        .store
        .account(user)
        .await?
        .ok_or_else(Refusal::unavailable)?;
    sign_in::grant(state, account, device).await
}
