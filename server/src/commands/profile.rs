//! Change what is shown of oneself, and one's password.

use protocol::{PasswordChange, UserPatch};

use super::quota::{Change, spend};
use super::{
    account::check_display_name,
    sign_in::{Device, check_password},
};
use crate::{
    auth::{Fresh, Guess, Identity, Typed, label},
    error::Refusal,
    state::Shared,
    store::{Account, Write},
};

/// Changes the account of whoever asks. A new password ends the other sign-ins.
pub async fn change(
    state: &Shared,
    identity: &Identity,
    patch: UserPatch,
    device: &Device,
) -> Result<Account, Refusal> {
    let user = identity.account.id;
    let UserPatch {
        display_name,
        password,
    } = patch;
    if display_name.is_none() && password.is_none() {
        return Err(Refusal::invalid(
            "display_name",
            "name what to change: display_name or password",
        ));
    }
    let display_name = display_name
        .as_deref()
        .map(check_display_name)
        .transpose()?;
    let fresh = match password {
        Some(change) => {
            let shown = display_name
                .as_ref()
                .unwrap_or(&identity.account.display_name);
            Some(prove(state, identity, change, shown, device).await?)
        }
        None => None,
    };
    spend(state, user, Change::Profile)?;
    if let Some(display_name) = display_name {
        let write = Write::SetDisplayName { user, display_name };
        state.queue.write_patiently(write).await?;
    }
    if let Some(hash) = fresh {
        let write = Write::SetPassword {
            user,
            hash,
            keep: identity.sign_in,
            now: state.now(),
        };
        state.queue.write_patiently(write).await?;
        tracing::info!(user = %identity.account.name, address = %device.address, "a new password");
    }
    state
        .cache
        .account(user)
        .await?
        .ok_or_else(|| Refusal::not_found("user"))
}

/// The hash of a new password, for whoever knows the old one. A wrong one counts as a guess of this device: what strangers guess does
/// not count against it.
async fn prove(
    state: &Shared,
    identity: &Identity,
    change: PasswordChange,
    shown: &str,
    device: &Device,
) -> Result<String, Refusal> {
    let account = &identity.account;
    let names = [&*account.name, shown, &state.config.serve.name];
    let new = Fresh::new(&change.new, "password", &names)?;
    let old = Typed::new(&change.old, "old")?;
    let guess = Guess::of_device(account.id, &identity.device);
    if !check_password(state, Some(account.id), old, device, guess).await? {
        tracing::warn!(user = %account.name, device = ?label(&device.user_agent), address = %device.address, "a wrong password");
        return Err(Refusal::forbidden("the old password is not right").on("old"));
    }
    let turn = state.passwords.turn(device.address.into()).await?;
    state.passwords.hash(&turn, new).await
}
