//! Change what is shown of oneself, and one's password.

use protocol::{PasswordChange, RoomId, RoomKind, UserId, UserPatch};

use super::quota::{ChangeKind, spend};
use super::{
    account::check_display_name,
    sign_in::{Device, check_password},
};
use crate::{
    auth::{Fresh, Guess, Identity, Typed, label},
    bus::{Note, Tell as _},
    error::Refusal,
    state::Shared,
    store::{Account, ProfilePatch, Write},
    zones::zone_name,
};

/// Changes the account of whoever asks. A new password ends the other sign-ins.
pub(crate) async fn change(
    state: &Shared,
    identity: &Identity,
    patch: UserPatch,
    device: &Device,
) -> Result<Account, Refusal> {
    let user = identity.account.id;
    let UserPatch {
        display_name,
        tz,
        password,
    } = patch;
    if display_name.is_none() && tz.is_none() && password.is_none() {
        return Err(Refusal::invalid(
            "display_name",
            "name what to change: display_name, tz or password",
        ));
    }
    let display_name = display_name
        .as_deref()
        .map(check_display_name)
        .transpose()?;
    let tz = tz.as_deref().map(check_zone).transpose()?;
    let fresh = match password {
        Some(change) => {
            let shown = display_name
                .as_ref()
                .unwrap_or(&identity.account.display_name);
            Some(prove(state, identity, change, shown, device).await?)
        }
        None => None,
    };
    spend(state, user, ChangeKind::Profile)?;
    let patch = ProfilePatch { display_name, tz };
    if !patch.is_empty() {
        let write = Write::SetProfile { user, patch };
        state.queue.write_patiently(write).await?;
        tell(state, user).await?;
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

/// A time zone by its name in the IANA database, as the database writes it; none for an empty one.
fn check_zone(typed: &str) -> Result<Option<String>, Refusal> {
    if typed.is_empty() {
        return Ok(None);
    }
    match zone_name(typed) {
        Some(name) => Ok(Some(name)),
        None => Err(Refusal::invalid(
            "tz",
            "this is no name of a time zone, such as Europe/Berlin",
        )),
    }
}

/// Tells everybody who shares a room with somebody what they are called now. Direct rooms bear the names of the others in them.
pub(crate) async fn tell(state: &Shared, user: UserId) -> Result<(), Refusal> {
    let Some(account) = state.cache.account(user).await? else {
        return Ok(());
    };
    let rooms = state.store.rooms_of(user).await?;
    let ids: Vec<RoomId> = rooms.iter().map(|room| room.id).collect();
    state.hub.tell(&Note::UserChanged {
        user: &account.summary(None),
        rooms: &ids,
    });
    for room in rooms.iter().filter(|room| room.kind == RoomKind::Direct) {
        state.hub.tell(&Note::RoomChanged {
            room: room.id,
            members: &room.users,
        });
    }
    Ok(())
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
