//! Invites: links that let people make an account.

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

/// What is asked about invites.
#[async_trait]
pub trait Invites {
    /// An invite by its code, good or not ([`InviteRecord::is_good`]).
    async fn invite(&self, code: &str) -> Result<Option<InviteRecord>, StoreError>;
}
