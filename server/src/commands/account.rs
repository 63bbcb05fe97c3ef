//! Make an account.

use protocol::{
    NewAccount, compose_name, limits::INVITE_CHARS, name_looks, shown_looks, validate_display_name,
    validate_user_name,
};

use super::sign_in::{self, Device, Grant};
use crate::{
    auth::Fresh,
    config::Signup,
    error::Refusal,
    state::Shared,
    store::{InviteRecord, Reply, SignUp, Write},
};

/// Makes an account and signs it in. The first one is the owner's. What is cheap to refuse is refused before the password is hashed; the
/// store looks at all of it again.
pub(crate) async fn create(
    state: &Shared,
    new: NewAccount,
    device: Device,
) -> Result<Grant, Refusal> {
    let NewAccount {
        name,
        password,
        invite,
        device: named,
        display_name,
    } = new;
    let name = compose_name(&name)?;
    validate_user_name(&name)?;
    let display_name = check_display_name(
        &display_name
            .filter(|shown| shown.chars().any(|c| !c.is_whitespace()))
            .unwrap_or_else(|| name.clone()),
    )?;
    let names = [&*name, &display_name, &state.config.serve.name];
    let password = Fresh::new(&password, "password", &names)?;
    let device = device.named(named)?;
    let invite = enter(state, invite, &device).await?;
    for (looks, called, field) in [
        (name_looks(&name), &name, "name"),
        (shown_looks(&display_name), &display_name, "display_name"),
    ] {
        if state.store.is_taken(&looks).await? {
            return Err(Refusal::name_taken(called).on(field));
        }
    }
    let turn = state.passwords.turn(device.address.into()).await?;
    let password = state.passwords.hash(&turn, password).await?;
    drop(turn);
    let write = Write::CreateAccount(SignUp {
        name,
        display_name,
        password,
        invite,
        open: state.config.serve.signup == Signup::Open,
        now: state.now(),
    });
    let Reply::Account { user, .. } = state.queue.write_patiently(write).await?.reply else {
        return Err(Refusal::unavailable());
    };
    let account = state
        .cache
        .account(user)
        .await?
        .ok_or_else(Refusal::unavailable)?;
    tracing::info!(user = %account.name, address = %device.address, "an account was made");
    sign_in::grant(state, account, device).await
}

/// A display name as it is kept.
pub(super) fn check_display_name(typed: &str) -> Result<String, Refusal> {
    let checked = compose_name(typed).and_then(|name| validate_display_name(&name).map(|()| name));
    checked.map_err(|why| Refusal::invalid("display_name", why.to_string()))
}

/// Whether there is a way in: for the owner from the server's own machine, or with the setup code; for others by invite, or where
/// everybody may come. Tells the invite.
async fn enter(
    state: &Shared,
    code: Option<String>,
    device: &Device,
) -> Result<Option<String>, Refusal> {
    let code = code.filter(|code| !code.is_empty());
    if state.store.is_empty().await? {
        let told = code.is_some_and(|code| state.setup_code.fits(&code));
        return if device.at_the_machine || told {
            Ok(None)
        } else {
            Err(Refusal::forbidden(
                "the first account is made on the server's own machine, or with the setup code that its log shows",
            )
            .on("invite"))
        };
    }
    let Some(code) = code else {
        return if state.config.serve.signup == Signup::Open {
            Ok(None)
        } else {
            Err(Refusal::needs_invite())
        };
    };
    let is_code = code.chars().nth(INVITE_CHARS).is_none();
    let now = state.now();
    let is_good = |invite: InviteRecord| invite.is_good(now);
    if is_code && state.store.invite(&code).await?.is_some_and(is_good) {
        Ok(Some(code))
    } else {
        Err(Refusal::bad_invite())
    }
}
