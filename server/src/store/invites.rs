//! Links that let people in: invites, by which they make an account, and resets, by which they choose a new password.

use async_trait::async_trait;
use protocol::{RoomId, UserId};

use super::StoreError;

/// An invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRecord {
    /// What its link ends in.
    pub code: String,
    /// Who made it.
    pub created_by: UserId,
    /// The time of its making, in milliseconds since the epoch.
    pub created_at: u64,
    /// Until when.
    pub expires_at: u64,
    /// For how many people still.
    pub uses: u32,
    /// What they join.
    pub rooms: Vec<RoomId>,
}

impl InviteRecord {
    /// Whether it is neither used up nor over.
    pub const fn is_good(&self, now: u64) -> bool {
        self.uses > 0 && self.expires_at > now
    }
}

/// A place in the list of invites, the newest first: the time of the making and the code of the last one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitePlace(pub u64, pub String);

/// A link by which somebody chooses a new password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetRecord {
    /// Whose password.
    pub user: UserId,
    /// The SHA-256 of its code: whoever reads the store does not learn the link.
    pub hash: Vec<u8>,
    /// Who made it.
    pub created_by: UserId,
    /// Until when.
    pub expires_at: u64,
}

/// What is asked about invites and resets.
#[async_trait]
pub trait Invites {
    /// An invite by its code, good or not ([`InviteRecord::is_good`]).
    async fn invite(&self, code: &str) -> Result<Option<InviteRecord>, StoreError>;

    /// Those that are good at `now`, the newest first, after a place in that order.
    async fn invites(
        &self,
        now: u64,
        after: Option<InvitePlace>,
        limit: u32,
    ) -> Result<Vec<InviteRecord>, StoreError>;

    /// A reset by the hash of its code, over or not.
    async fn reset(&self, hash: &[u8]) -> Result<Option<ResetRecord>, StoreError>;
}
