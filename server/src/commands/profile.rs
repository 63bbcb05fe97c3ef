//! Change what is shown of oneself, and one's password.

use protocol::{UserPatch, validate_display_name};

use crate::{
    auth::{Identity, validate_password},
    error::Refusal,
    state::Shared,
    store::Account,
};

/// Changes the account of whoever asks. A new password ends the other sign-ins.
pub async fn change(
    state: &Shared,
    identity: &Identity,
    patch: UserPatch,
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
    if let Some(name) = &display_name {
        validate_display_name(name)
            .map_err(|why| Refusal::invalid("display_name", why.to_string()))?;
    }
    if let Some(change) = password {
        validate_password(&change.new, "password")?;
        let known = state.store.password(user).await?;
        let fits = state.passwords.check(change.old, known).await?;
        if !fits {
            return Err(Refusal::forbidden("the old password is not right").on("old"));
        }
        let hash = state.passwords.hash(change.new).await?;
        for ended in state
            .store
            .set_password(user, &hash, identity.sign_in, state.now())
            .await?
        {
            state.hub.sign_out(user, ended);
        }
    }
    if let Some(name) = &display_name {
        state.store.set_display_name(user, name).await?;
    }
    state
        .store
        .account(user)
        .await?
        .ok_or_else(|| Refusal::not_found("user"))
}
