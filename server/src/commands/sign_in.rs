//! Sign in, stay signed in, sign out.

use std::net::IpAddr;

use protocol::{
    NewSession, Sessions, SignIn, SignedIn, UserId, compose_name,
    limits::{MAX_DEVICE_CHARS, MAX_ID, MIN_DEVICE_CHARS},
    name_key,
};

use crate::{
    auth::{Audience, Guess, Identity, Subject, Typed, cut_address, hash, label},
    error::Refusal,
    state::Shared,
    store::{Account, NewSignIn, Reply, Rotated, Rotation, Write},
    telemetry::Limit,
};

/// What signs in.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    /// Its stable random id.
    pub(crate) id: Option<String>,
    /// What it says of itself.
    pub(crate) user_agent: String,
    /// The address that it comes from.
    pub(crate) address: IpAddr,
    /// Whether it is the server's own machine, see [`crate::http::address::AtTheMachine`].
    pub(crate) at_the_machine: bool,
}

/// Sign-ins that one page lists at most.
const PAGE: u32 = 100;

impl Device {
    /// With the id that a body names, if it does.
    pub(crate) fn named(mut self, id: Option<String>) -> Result<Self, Refusal> {
        if let Some(id) = &id {
            let fits = (MIN_DEVICE_CHARS..=MAX_DEVICE_CHARS).contains(&id.len())
                && id.chars().all(|c| c.is_ascii_graphic());
            if !fits {
                let why = format!(
                    "a device id has {MIN_DEVICE_CHARS} to {MAX_DEVICE_CHARS} visible ASCII characters"
                );
                return Err(Refusal::invalid("device", why));
            }
        }
        self.id = id.or(self.id);
        Ok(self)
    }
}

/// A sign-in, as the API answers and as the cookies hold it.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// The body.
    pub(crate) body: SignedIn,
    /// The session cookie's token.
    pub(crate) cookie: String,
    /// How long both cookies are good, in seconds.
    pub(crate) cookie_ttl_s: u64,
}

/// Signs in by name and password. A wrong name and a wrong password are answered alike, and take as long. Lengths are looked at first,
/// then how often it was tried; a password is hashed last.
pub(crate) async fn create(
    state: &Shared,
    new: NewSession,
    device: Device,
) -> Result<Grant, Refusal> {
    let NewSession {
        name,
        password,
        device: named,
    } = new;
    let device = device.named(named)?;
    let key = name_key(&compose_name(&name)?);
    let password = Typed::new(&password, "password")?;
    let account = state.store.account_by_key(&key).await?;
    // Asked for where there is nobody, too: it takes as long.
    let asked = account
        .as_ref()
        .map(|account| account.id)
        .or(UserId::new(MAX_ID));
    let mut guess = Guess::of_stranger(&key, device.address.into());
    if let (Some(user), Some(id)) = (asked, &device.id)
        && state.store.knows_device(user, id).await?
    {
        guess = Guess::of_device(user, id);
    }
    let fits = check_password(state, asked, password, &device, guess).await?;
    let Some(account) = account.as_ref().filter(|_| fits).cloned() else {
        // A name that nobody has may be a password in the wrong field: it is not logged.
        let user = account.as_ref().map_or("nobody", |account| &account.name);
        tracing::warn!(user, device = ?label(&device.user_agent), address = %device.address, "a wrong password");
        return Err(Refusal::unauthorized(
            "this name and password do not go together; check both and try again",
        ));
    };
    if account.banned {
        return Err(Refusal::forbidden(
            "this account has no access to this server any more",
        ));
    }
    grant(state, account, device).await
}

/// Whether a password is somebody's. It is counted as a guess before it is looked at, and waits in its network's line.
pub(super) async fn check_password(
    state: &Shared,
    user: Option<UserId>,
    password: Typed,
    device: &Device,
    guess: Guess,
) -> Result<bool, Refusal> {
    let counted = |why: Refusal| {
        state.metrics.hit(Limit::Tries);
        why
    };
    state.tries.check(&guess, state.mono()).map_err(counted)?;
    let turn = state.passwords.turn(device.address.into()).await;
    let turn = turn.inspect_err(|_| state.metrics.hit(Limit::Passwords))?;
    let _alone = state.tries.turn(&guess).await?;
    state.tries.count(&guess, state.mono()).map_err(counted)?;
    let looked = async {
        let known = match user {
            Some(user) => state.store.password(user).await?,
            None => None,
        };
        state.passwords.check(&turn, password, known).await
    };
    let looked = looked.await;
    match &looked {
        Ok(true) => state.tries.right(&guess),
        Ok(false) => {}
        Err(_) => state.tries.take_back(&guess),
    }
    looked
}

/// Notes a sign-in and makes its tokens. One of the same user on the same device is over with it.
pub(crate) async fn grant(
    state: &Shared,
    account: Account,
    device: Device,
) -> Result<Grant, Refusal> {
    let now = state.now();
    tracing::info!(user = %account.name, device = ?label(&device.user_agent), address = %device.address, "signed in");
    let id = device
        .id
        .unwrap_or_else(|| format!("{:032x}", state.entropy.u128()));
    let new = NewSignIn {
        user: account.id,
        device: id.clone(),
        label: label(&device.user_agent),
        address: cut_address(device.address),
        now,
        expires_at: state.config.auth.signin_ends_ms(now, now),
    };
    let begun = state
        .queue
        .write_patiently(Write::SignIn(new.clone()))
        .await?;
    let Reply::SignedIn(begun) = begun.reply else {
        return Err(Refusal::unavailable());
    };
    let minted = Minted {
        sign_in: begun.id,
        device: &id,
        created_at: now,
        at: now,
        nonces: [state.entropy.u128(), state.entropy.u128()],
    };
    let grant = minted.tokens(state, &account)?;
    let rotation = Rotation {
        id: begun.id,
        spent: Vec::new(),
        fresh: hash(&grant.body.refresh_token),
        label: new.label,
        address: new.address,
        now,
        expires_at: new.expires_at,
    };
    match rotate(state, rotation).await? {
        Rotated::Done { .. } => Ok(grant),
        _ => Err(Refusal::unavailable()),
    }
}

/// Spends a refresh token for the next one.
pub(super) async fn rotate(state: &Shared, rotation: Rotation) -> Result<Rotated, Refusal> {
    match state
        .queue
        .write_patiently(Write::Rotate(rotation))
        .await?
        .reply
    {
        Reply::Rotated(rotated) => Ok(rotated),
        _ => Err(Refusal::unavailable()),
    }
}

/// What a set of tokens is made of: the same makes the same.
pub(super) struct Minted<'a> {
    pub(super) sign_in: u64,
    pub(super) device: &'a str,
    /// When the sign-in was made.
    pub(super) created_at: u64,
    /// When they are.
    pub(super) at: u64,
    /// What makes them unlike any others: the access token, the refresh token.
    pub(super) nonces: [u128; 2],
}

impl Minted<'_> {
    pub(super) fn tokens(&self, state: &Shared, account: &Account) -> Result<Grant, Refusal> {
        let subject = Subject {
            user: account.id,
            sign_in: self.sign_in,
            device: self.device,
        };
        let auth = &state.config.auth;
        let make = |audience, ttl_s, nonce| {
            let made = state.tokens.make(audience, subject, self.at, ttl_s, nonce);
            made.map_err(|_| Refusal::unavailable())
        };
        let [access, refresh] = self.nonces;
        let last_s = (auth.signin_last_ms(self.created_at) / 1_000).saturating_sub(self.at / 1_000);
        let passed_s = (state.now() / 1_000).saturating_sub(self.at / 1_000);
        let body = SignedIn {
            user: account.summary(None),
            access_token: make(Audience::Access, auth.access_ttl_s, Some(access))?,
            refresh_token: make(Audience::Refresh, last_s, Some(refresh))?,
            expires_in: auth.access_ttl_s.saturating_sub(passed_s),
        };
        Ok(Grant {
            body,
            cookie: make(Audience::Session, last_s, None)?,
            cookie_ttl_s: last_s,
        })
    }
}

/// The devices that are signed in, the newest first: those with ids below `before`.
pub(crate) async fn list(
    state: &Shared,
    identity: &Identity,
    before: u64,
) -> Result<Sessions, Refusal> {
    let mut records = state
        .store
        .sign_ins(identity.account.id, state.now(), before, PAGE + 1)
        .await?;
    let more = records.len() > PAGE as usize;
    records.truncate(PAGE as usize);
    let last = records.last().filter(|_| more);
    let next = last.map(|record| record.id.to_string());
    let sign_in = |record: crate::store::SignInRecord| SignIn {
        id: record.id,
        label: record.label,
        address: record.address,
        created_at: record.created_at,
        seen_at: record.seen_at,
        current: record.id == identity.sign_in,
    };
    Ok(Sessions {
        sessions: records.into_iter().map(sign_in).collect(),
        next,
    })
}

/// Ends a sign-in: its connections are closed with 4500, its tokens are worth nothing from now on.
pub(crate) async fn revoke(state: &Shared, user: UserId, sign_in: u64) -> Result<(), Refusal> {
    let write = Write::Revoke {
        user,
        id: sign_in,
        now: state.now(),
    };
    state.queue.write_patiently(write).await?;
    Ok(())
}
