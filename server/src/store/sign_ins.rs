//! Sign-ins: one a device of a person, each with one refresh token that is good.

use async_trait::async_trait;
use protocol::UserId;

use super::StoreError;

/// A sign-in to be noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSignIn {
    /// The user.
    pub user: UserId,
    /// The device's id.
    pub device: String,
    /// What the device looks like.
    pub label: String,
    /// The address, cut so that it names a network only.
    pub address: String,
    /// The time, in milliseconds since the epoch.
    pub now: u64,
    /// Until when, unless refreshed.
    pub expires_at: u64,
}

/// A sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInRecord {
    /// Its id.
    pub id: u64,
    /// The user.
    pub user: UserId,
    /// The device's id.
    pub device: String,
    /// What the device looks like.
    pub label: String,
    /// From where it was last seen.
    pub address: String,
    /// SHA-256 of the refresh token that is good now.
    pub refresh_hash: Vec<u8>,
    /// SHA-256 of the refresh token that it replaced; empty before the first refresh.
    pub spent_hash: Vec<u8>,
    /// When it did.
    pub spent_at: u64,
    /// When it began.
    pub created_at: u64,
    /// When it was last seen.
    pub seen_at: u64,
    /// Until when, unless refreshed.
    pub expires_at: u64,
    /// Whether it was ended.
    pub revoked: bool,
}

/// A sign-in that began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its id.
    pub id: u64,
    /// The sign-ins of the same user on the same device, which it replaced.
    pub replaced: Vec<u64>,
}

/// A refresh token that is spent for the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The sign-in.
    pub id: u64,
    /// SHA-256 of the token that is spent; empty for a sign-in that has none yet.
    pub spent: Vec<u8>,
    /// SHA-256 of the next one.
    pub fresh: Vec<u8>,
    /// What the device looks like.
    pub label: String,
    /// From where it asks.
    pub address: String,
    /// The time, in milliseconds since the epoch.
    pub now: u64,
    /// Until when the sign-in is good from now on, unless used.
    pub expires_at: u64,
}

/// What became of a [`Rotation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// The token was good, and is spent now.
    Done {
        /// Whose sign-in it is.
        user: UserId,
    },
    /// The token is the one that was spent last: then, and by a device that looked like this.
    Before {
        /// The time, in milliseconds since the epoch.
        at: u64,
        /// What the device looked like.
        label: String,
    },
    /// The token is older, or the sign-in was ended.
    Refused,
}

/// That a sign-in is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The sign-in.
    pub id: u64,
    /// The time, in milliseconds since the epoch.
    pub at: u64,
    /// From where, where that is known.
    pub address: Option<String>,
}

/// What a use does to a sign-in. All in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UseRule {
    /// It is noted if the one before is so long ago.
    pub every_ms: u64,
    /// The sign-in is good for so long after it,
    pub unused_ms: u64,
    /// but for no longer than this after its making.
    pub most_ms: u64,
}

/// A use that was noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// The sign-in.
    pub id: u64,
    /// The user.
    pub user: UserId,
    /// Until when it is good now.
    pub expires_at: u64,
}

/// What a token is worth: the sign-in behind it, as far as that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The user.
    pub user: UserId,
    /// The device's id.
    pub device: Box<str>,
    /// When it began.
    pub created_at: u64,
    /// When it was last noted that it is used.
    pub seen_at: u64,
    /// Until when, unless refreshed.
    pub expires_at: u64,
    /// Whether it was ended.
    pub revoked: bool,
}

impl From<SignInRecord> for Pass {
    fn from(record: SignInRecord) -> Self {
        Self {
            user: record.user,
            device: record.device.into(),
            created_at: record.created_at,
            seen_at: record.seen_at,
            expires_at: record.expires_at,
            revoked: record.revoked,
        }
    }
}

/// What is asked about sign-ins.
#[async_trait]
pub trait SignIns {
    /// One sign-in, revoked or not.
    async fn find_sign_in(&self, id: u64) -> Result<Option<SignInRecord>, StoreError>;
    /// The sign-ins of a user that are neither revoked nor over, with ids below `before`, the newest first.
    async fn sign_ins(
        &self,
        user: UserId,
        now: u64,
        before: u64,
        limit: u32,
    ) -> Result<Vec<SignInRecord>, StoreError>;
    /// Whether a user has ever signed in with this device.
    async fn knows_device(&self, user: UserId, device: &str) -> Result<bool, StoreError>;
}
