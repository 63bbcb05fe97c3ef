//! Sign in, stay signed in, sign out.

use std::net::IpAddr;

use protocol::{
    NewSession, SignIn, SignedIn, UserId,
    limits::{DEVICE_CHARS_MAX, DEVICE_CHARS_MIN, ID_MAX},
    name_key,
};

use crate::{
    auth::{Audience, Identity, Subject, cut_address, hash, label},
    error::Refusal,
    state::Shared,
    store::{Account, NewSignIn, Rotated, Rotation},
};

/// What signs in.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its stable random id.
    pub id: Option<String>,
    /// What it says of itself.
    pub user_agent: String,
    /// From where.
    pub address: IpAddr,
}

impl Device {
    /// With the id that a body names, if it does.
    pub fn named(mut self, id: Option<String>) -> Result<Self, Refusal> {
        if let Some(id) = &id {
            let fits = (DEVICE_CHARS_MIN..=DEVICE_CHARS_MAX).contains(&id.chars().count())
                && id.chars().all(|c| c.is_ascii_graphic());
            if !fits {
                let why = format!(
                    "a device id has {DEVICE_CHARS_MIN} to {DEVICE_CHARS_MAX} visible ASCII characters"
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
pub struct Grant {
    /// The body.
    pub body: SignedIn,
    /// The session cookie's token.
    pub cookie: String,
    /// How long both cookies are good, in seconds.
    pub cookie_ttl_s: u64,
}

/// Signs in by name and password. A wrong name and a wrong password are answered alike, and take as long.
pub async fn create(state: &Shared, new: NewSession, device: Device) -> Result<Grant, Refusal> {
    let NewSession {
        name,
        password,
        device: named,
    } = new;
    let device = device.named(named)?;
    let key: String = name_key(&name).chars().take(200).collect();
    state.tries.check(&key, device.address, state.mono())?;
    let account = state.store.account_by_key(&key).await?;
    // Asked for where there is nobody, too: it takes as long.
    let asked = account
        .as_ref()
        .map(|account| account.id)
        .or(UserId::new(ID_MAX));
    let known = match asked {
        Some(user) => state.store.password(user).await?,
        None => None,
    };
    let fits = state.passwords.check(password, known).await?;
    let account = account.filter(|_| fits);
    let Some(account) = account else {
        state.tries.wrong(&key, device.address, state.mono());
        return Err(Refusal::unauthorized(
            "this name and password do not go together; check both and try again",
        ));
    };
    if account.banned {
        return Err(Refusal::forbidden(
            "this account has no access to this server any more",
        ));
    }
    state.tries.right(&key);
    grant(state, account, device).await
}

/// Notes a sign-in and makes its tokens. One of the same user on the same device is over with it.
pub async fn grant(state: &Shared, account: Account, device: Device) -> Result<Grant, Refusal> {
    let now = state.now();
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
    let begun = state.store.sign_in(new.clone()).await?;
    for &replaced in &begun.replaced {
        state.hub.sign_out(account.id, replaced);
    }
    let minted = Minted {
        sign_in: begun.id,
        device: &id,
        created_at: now,
        at: now,
        nonces: [state.entropy.u128(), state.entropy.u128()],
    };
    let grant = minted.tokens(state, &account)?;
    let rotation = Rotation {
        spent: &[],
        fresh: &hash(&grant.body.refresh_token),
        label: &new.label,
        address: &new.address,
        now,
        expires_at: new.expires_at,
    };
    match state.store.rotate(begun.id, rotation).await? {
        Rotated::Done => Ok(grant),
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
            cookie: make(Audience::Cookie, last_s, None)?,
            cookie_ttl_s: last_s,
        })
    }
}

/// The devices that are signed in.
pub async fn list(state: &Shared, identity: &Identity) -> Result<Vec<SignIn>, Refusal> {
    let records = state
        .store
        .sign_ins(identity.account.id, state.now())
        .await?;
    let sign_in = |record: crate::store::SignInRecord| SignIn {
        id: record.id,
        label: record.label,
        address: record.address,
        created_at: record.created_at,
        seen_at: record.seen_at,
        current: record.id == identity.sign_in,
    };
    Ok(records.into_iter().map(sign_in).collect())
}

/// Ends a sign-in: its connections are closed with 4500, its tokens are worth nothing from now on.
pub async fn revoke(state: &Shared, user: UserId, sign_in: u64) -> Result<(), Refusal> {
    if !state.store.revoke(user, sign_in, state.now()).await? {
        return Err(Refusal::not_found("sign-in"));
    }
    state.hub.sign_out(user, sign_in);
    Ok(())
}
