//! What is one person's own over all rooms: what they saved, and what is for them.

use async_trait::async_trait;
use protocol::{RoomId, Seq, ThreadSummary, UserId};

use super::{StoreError, rules::FollowRow};
use crate::auth::rights::Place;

/// A message that somebody saved, and how they stand to its room now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavedRow {
    /// The room.
    pub room: RoomId,
    /// The message.
    pub seq: Seq,
    /// When it was saved, in milliseconds since the epoch.
    pub at: u64,
    /// Which of theirs it is, in the order in which they saved them.
    pub number: u64,
    /// What decides whether they may still read it.
    pub place: Place,
}

/// Where a message stands among those of all rooms: by its time; of one moment by its room and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// When it was stored, in milliseconds since the epoch.
    pub at: u64,
    /// Its room.
    pub room: RoomId,
    /// Its place there.
    pub seq: Seq,
}

/// Messages for somebody, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForYouPage {
    /// Where they stand.
    pub places: Vec<Moment>,
    /// Before which the next page begins, if there may be one.
    pub next: Option<Moment>,
}

/// A thread that somebody follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowedThread {
    /// The thread, as it is for them.
    pub thread: ThreadSummary,
    /// When its newest reply was stored, in milliseconds since the epoch; 0 without any.
    pub at: u64,
}

impl FollowedThread {
    /// Its place in a list, the newest reply first.
    pub const fn moment(&self) -> Moment {
        Moment {
            at: self.at,
            room: self.thread.room,
            seq: self.thread.root,
        }
    }
}

/// What is asked about one person's own.
#[async_trait]
pub trait Personal {
    /// What a user saved in rooms that there are, what was saved last first; at most [`protocol::limits::SAVED`].
    async fn saved(&self, user: UserId) -> Result<Vec<SavedRow>, StoreError>;
    /// Messages of others that stand, in rooms that a user is in: those that name them or everybody, all of direct rooms, and the replies of threads that they follow; `@here` in a thread alone names who follows it. The newest before a
    /// moment, each once, at most `limit`. A page may have fewer though more follow: what is looked through for it is bounded.
    async fn for_you(
        &self,
        user: UserId,
        before: Option<Moment>,
        limit: u32,
    ) -> Result<ForYouPage, StoreError>;
    /// The threads that a user follows in rooms that there are, and in which something is unread, or nothing is: the one with the newest reply
    /// first, before a moment ([`FollowedThread::moment`]), at most `limit`.
    async fn threads(
        &self,
        user: UserId,
        unread: bool,
        before: Option<Moment>,
        limit: u32,
    ) -> Result<Vec<FollowedThread>, StoreError>;
    /// Who follows a thread, by its room and its first message, or did once.
    async fn followers(
        &self,
        thread: (RoomId, Seq),
    ) -> Result<Vec<(UserId, FollowRow)>, StoreError>;
}
