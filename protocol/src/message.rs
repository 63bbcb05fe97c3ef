//! Messages as they stand.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    MessageId, Replies, Seq, ThreadPlace, UserId,
    summary::{is_default, is_false},
};

/// A message as it stands now: edits applied, reactions counted, a deleted one as a tombstone (contract, "Commands", `history`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Message {
    /// Its place in the room's log.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// The id its sender minted.
    pub id: MessageId,
    /// Its author.
    pub by: UserId,
    /// When it was stored, in milliseconds since the epoch.
    pub at: u64,
    /// Its text; none once deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The message in the same room that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub reply_to: Option<Seq>,
    /// When it was last edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<u64>,
    /// Whether it was deleted.
    #[serde(skip_serializing_if = "is_false")]
    pub deleted: bool,
    /// Its reactions, in the order in which each was first given.
    pub reactions: Vec<Reaction>,
    /// Whether it is pinned in its room.
    #[serde(skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// The first message of the thread that it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub thread: Option<Seq>,
    /// Which reply of its thread it is, from 1; deleted ones are counted. Left out where it stands in none.
    #[serde(skip_serializing_if = "is_default")]
    pub n: u64,
    /// Whether it stands in the room's timeline beside its thread.
    #[serde(skip_serializing_if = "is_false")]
    pub also: bool,
    /// The thread that it is the first message of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies: Option<Replies>,
}

reads!(Message { seq, id, by, at } { text, reply_to, edited_at, deleted, reactions, pinned, thread, n, also, replies });

impl Message {
    /// A message without text, reactions or edits: where a text is set it is one that stands, where `deleted` is set a tombstone.
    pub const fn new(seq: Seq, id: MessageId, by: UserId, at: u64) -> Self {
        Self {
            seq,
            id,
            by,
            at,
            text: None,
            reply_to: None,
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
            pinned: false,
            thread: None,
            n: 0,
            also: false,
            replies: None,
        }
    }

    /// Where it stands in a thread.
    pub fn place(&self) -> Option<ThreadPlace> {
        self.thread.map(|root| ThreadPlace {
            root,
            n: self.n,
            also: self.also,
        })
    }

    /// The same message at this place in a thread.
    #[must_use]
    pub fn placed(self, place: Option<ThreadPlace>) -> Self {
        let Some(ThreadPlace { root, n, also }) = place else {
            return self;
        };
        Self {
            thread: Some(root),
            n,
            also,
            ..self
        }
    }

    /// Whether it is one of the room's own ([`ThreadPlace::counts_in_room`]).
    pub fn counts_in_room(&self) -> bool {
        ThreadPlace::counts_in_room(self.place())
    }
}

/// One emoji under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// How many people gave it; at least 1.
    pub count: u32,
    /// Whether the asking user is one of them.
    pub mine: bool,
}

reads!(Reaction { emoji, count, mine });
