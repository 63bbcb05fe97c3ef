//! The port that the rules of threads ask a store through.

use std::collections::HashMap;

use protocol::{Replies, RoomId, Seq, UserId};

use super::{FollowRow, StoreResult};

/// Threads in a transaction; one is named by its room and its first message.
pub trait ThreadRows {
    /// The replies to these messages; one without any is left out.
    fn replies(
        &mut self,
        at: &[(RoomId, Seq)],
    ) -> impl Future<Output = StoreResult<HashMap<(RoomId, Seq), Replies>>> + Send;

    /// What a first message says of its replies from now on.
    fn set_replies(
        &mut self,
        thread: (RoomId, Seq),
        replies: &Replies,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Who follows a thread, or did once.
    fn followers(
        &mut self,
        thread: (RoomId, Seq),
    ) -> impl Future<Output = StoreResult<Vec<(UserId, FollowRow)>>> + Send;

    /// How one user follows a thread, or did once.
    fn followed(
        &mut self,
        thread: (RoomId, Seq),
        user: UserId,
    ) -> impl Future<Output = StoreResult<Option<FollowRow>>> + Send;

    /// How a user follows a thread from now on.
    fn follow(
        &mut self,
        thread: (RoomId, Seq),
        user: UserId,
        row: FollowRow,
    ) -> impl Future<Output = StoreResult<()>> + Send;
}
