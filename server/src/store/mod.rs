//! What is kept. A narrow port with one implementation a database, and one in memory for tests; it neither broadcasts nor
//! asks what time it is.

mod authored;
pub mod cached;
mod error;
pub mod memory;
mod named;
mod queue;
mod records;
mod rules;
pub mod sqlite;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use protocol::{Event, Message, MessageId, RoomId, RoomSummary, Seq, UserId};

pub use authored::Authored;
pub use error::StoreError;
pub use named::Named;
pub use queue::{QueueConfig, WriteQueue};
pub(crate) use records::json_bytes;
pub use records::{
    Account, Author, Begun, Given, InviteRecord, LOOK_BACK, MessagePage, NewSignIn, Newest, PageAt,
    Pass, PoolUse, RoomPage, Rotated, Rotation, SignInRecord, Standing, StoredAck, Use, UseRule,
    Used, UserPage,
};
pub use write::{Done, Outcome, Reply, Write};

use crate::auth::rights::Place;

/// A store that any part of the server may hold.
pub type SharedStore = Arc<dyn Store>;

/// Everything the server asks of its database. Every list is bounded by an argument; ids of the asking user decide what
/// is `mine`, never what is allowed: that is [`crate::auth::rights::may`].
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Applies `writes` in order in one transaction, durably by the store's setting, and tells what became of each. A refused
    /// write stores nothing and does not disturb its neighbours; an error means that none of them is stored.
    async fn commit(&self, writes: &[Write]) -> Result<Vec<Outcome>, StoreError>;

    /// What an id of an author was acked with.
    async fn find_ack(
        &self,
        author: UserId,
        id: MessageId,
    ) -> Result<Option<StoredAck>, StoreError>;

    /// The rooms that `user` is a member of, by id, with its counts.
    async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>, StoreError>;
    /// The user's rooms and all public ones after `after`, by id.
    async fn rooms_page(
        &self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> Result<RoomPage, StoreError>;
    /// One room as `user` sees it; none if it does not exist. Whether the user may see it is the caller's question.
    async fn room(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<(RoomSummary, Place)>, StoreError>;
    /// The `seq` of the room's newest entry; 0 for none.
    async fn last_seq(&self, room: RoomId) -> Result<Seq, StoreError>;
    /// Members of a room after `after`, by id: those whose name or display name holds `query`.
    async fn members(
        &self,
        room: RoomId,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError>;
    /// How many members a room has.
    async fn member_count(&self, room: RoomId) -> Result<u64, StoreError>;
    /// Who wrote something among the last [`LOOK_BACK`] entries of each of these rooms, once for each room.
    async fn recent_authors(&self, rooms: &[RoomId]) -> Result<Vec<Author>, StoreError>;

    /// Messages as they stand now, oldest first.
    async fn history(
        &self,
        room: RoomId,
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<MessagePage, StoreError>;
    /// The newest messages as they stand now, at most `limit`: what [`Store::history`] tells, with who gave the reactions.
    async fn newest(&self, room: RoomId, limit: u32) -> Result<Newest, StoreError>;
    /// Raw entries after `after`, in order; at most `limit`, and about `bytes`, but always one if there is one.
    async fn log(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
        bytes: usize,
    ) -> Result<Vec<Event>, StoreError>;
    /// These messages as they stand now, by their places; a place without one is left out.
    async fn messages(
        &self,
        room: RoomId,
        user: UserId,
        seqs: &[Seq],
    ) -> Result<Vec<Message>, StoreError>;
    /// Joins, leaves and changes of the topic from one entry to another, both included, in order; of more than `limit` the newest.
    async fn notes(
        &self,
        room: RoomId,
        from: Seq,
        to: Seq,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError>;
    /// Places after `after` of messages of others that name a user or everybody, in order, at most `limit`.
    async fn mentions(
        &self,
        room: RoomId,
        user: UserId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Seq>, StoreError>;

    /// Whether nobody has an account yet.
    async fn is_empty(&self) -> Result<bool, StoreError>;
    /// People who have an account.
    async fn people(&self) -> Result<u64, StoreError>;
    /// An account by id.
    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError>;
    /// The hash of somebody's password, a PHC string.
    async fn password(&self, user: UserId) -> Result<Option<String>, StoreError>;
    /// Accounts by id; the unknown ones are left out.
    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Account>, StoreError>;
    /// An account by the key of its name, see [`protocol::name_key`].
    async fn account_by_key(&self, name_key: &str) -> Result<Option<Account>, StoreError>;
    /// Accounts whose name or display name holds `query` (all for an empty one), after `after`, by id.
    async fn users_page(&self, query: &str, after: u64, limit: u32)
    -> Result<UserPage, StoreError>;
    /// Whether the name or display name of anybody has one of these looks, see [`protocol::name_looks`].
    async fn is_taken(&self, looks: &[String]) -> Result<bool, StoreError>;
    /// Changes what is shown, unless it looks like a name or display name of somebody else; tells whether it did.
    async fn set_display_name(&self, user: UserId, display_name: &str) -> Result<bool, StoreError>;
    /// Changes the password's hash and ends all sign-ins but `keep`; tells which ended.
    async fn set_password(
        &self,
        user: UserId,
        hash: &str,
        keep: u64,
        now: u64,
    ) -> Result<Vec<u64>, StoreError>;

    /// Notes a sign-in, and ends those that the user has on the same device. The hash of its refresh token follows with [`Store::rotate`].
    async fn sign_in(&self, new: NewSignIn) -> Result<Begun, StoreError>;
    /// One sign-in, revoked or not.
    async fn find_sign_in(&self, id: u64) -> Result<Option<SignInRecord>, StoreError>;
    /// What of one sign-in decides whether its tokens are good: asked for with every request.
    async fn pass(&self, id: u64) -> Result<Option<Pass>, StoreError> {
        let record = self.find_sign_in(id).await?;
        Ok(record.map(Pass::from))
    }
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
    /// Spends a refresh token for the next one, if it still is the good one. Of several at once one is `Done`, and the others are told
    /// when that one was. A sign-in is never seen earlier than it was before, whatever the clock says.
    async fn rotate(&self, id: u64, rotation: Rotation<'_>) -> Result<Rotated, StoreError>;
    /// Ends a sign-in of a user; tells whether there was one to end.
    async fn revoke(&self, user: UserId, id: u64, now: u64) -> Result<bool, StoreError>;
    /// Notes that sign-ins are used, those that the rule wants to be noted, and tells which: it puts off their end, and never brings it
    /// nearer. One that is over stays over.
    async fn used(&self, uses: &[Use], rule: UseRule) -> Result<Vec<Used>, StoreError>;

    /// Keeps an invite.
    async fn add_invite(&self, invite: InviteRecord) -> Result<(), StoreError>;
    /// An invite that is neither used up nor over.
    async fn invite(&self, code: &str, now: u64) -> Result<Option<InviteRecord>, StoreError>;

    /// Whether it answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// How its connections are used just now; nothing for a store without any.
    fn pool_use(&self) -> PoolUse {
        PoolUse::default()
    }

    /// Finishes what is under way and lets go of its files.
    async fn close(&self);
}
