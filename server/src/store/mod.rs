//! The store. It is asked through a trait a noun, and written to in one way: [`Store::commit`]. What a write means is decided
//! once, for every store, in [`rules`]; a store keeps rows. It neither broadcasts nor asks what time it is.

mod accounts;
mod authored;
pub(crate) mod cache;
mod codes;
mod error;
mod invites;
mod logs;
mod meter;
pub mod migrate;
mod named;
mod outcome;
mod personal;
pub mod postgres;
mod queue;
mod rooms;
pub mod rules;
mod sign_ins;
pub mod sqlite;
mod sums;
mod touches;
mod unsure;
pub mod verify;
mod write;

use std::sync::Arc;

use async_trait::async_trait;

pub use accounts::{Account, Accounts, ProfilePatch, UserPage, UsersAsked};
pub use authored::Authored;
pub use error::StoreError;
pub use invites::{InvitePlace, InviteRecord, Invites, ResetRecord};
pub use logs::{
    Author, GivenEmoji, LOOK_BACK, Logs, MessagePage, Newest, PageAt, StandingMessage, StoredAck,
    ThreadPage,
};
pub(crate) use logs::{fitting, json_bytes};
pub use named::Named;
pub use outcome::{Done, Reply, ThreadNews, WriteOutcome};
pub use personal::{FollowedThread, ForYouPage, Moment, Personal, SavedRow};
pub(crate) use queue::{QueueConfig, WriteQueue};
pub use rooms::{RoomPage, Rooms};
pub use sign_ins::{
    Begun, NewSignIn, Pass, Rotated, Rotation, SignInRecord, SignIns, Use, UseRule, Used,
};
pub use write::{ReadTo, Saving, SignUp, UsedReset, Write};

/// A store that any part of the server may hold.
pub type SharedStore = Arc<dyn Store>;

/// Everything the server asks of its database.
#[async_trait]
pub trait Store:
    Accounts + Invites + Logs + Personal + Rooms + SignIns + Send + Sync + 'static
{
    /// Applies `writes` in order in one transaction, durably by the store's setting, and tells what became of each ([`rules::apply`]).
    /// A refused write stores nothing and does not disturb its neighbours; an error means that none of them is stored, or that
    /// nobody knows.
    async fn commit(&self, writes: Arc<[Write]>) -> Result<Vec<WriteOutcome>, StoreError>;

    /// Whether it answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// How its connections are used just now; nothing for a store without any.
    fn pool_use(&self) -> PoolUse {
        PoolUse::default()
    }

    /// Finishes what is under way and lets go of its files.
    async fn close(&self);
}

/// How a store's reading connections are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolUse {
    /// Connections that read.
    pub(crate) in_use: u64,
    /// Connections that wait for work.
    pub(crate) idle: u64,
    /// Readers that wait for a connection.
    pub(crate) waiting: u64,
}
