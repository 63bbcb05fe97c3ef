//! The bus: everything that parts of the server, and nodes, tell each other. All of it is a [`Note`]: the hub and the cache hear notes and nothing else, so that a
//! note of another node finds the same door as one of this node.

mod note;
mod topic;
mod wire;

use async_trait::async_trait;
use bytes::Bytes;

pub use note::Note;
pub(crate) use topic::topics_of;
pub use topic::{NodeId, Topic};
pub(crate) use wire::{Decoded, Sign, encode, sign};

/// Tells notes to whoever must hear them, in the order of the calls. Each call must be quick and must not wait.
pub trait Tell: Send + Sync + 'static {
    /// Tells a note.
    fn tell(&self, note: &Note<'_>);
}

/// A server that is alone: no other node hears its notes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Tell for Alone {
    fn tell(&self, _: &Note<'_>) {}
}

/// What carries notes between nodes. It may lose them, double them, bring them out of order, and fall silent without saying so: who listens to it believes
/// none of that (`nodes/`). What a node tells to a topic that it listens to itself comes back to it.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Begins to listen to topics; [`Heard::Listens`] confirms it. To ask again does no harm.
    fn listen(&self, topics: &[Topic]);

    /// Listens to these topics no longer.
    fn forget(&self, topics: &[Topic]);

    /// Tells a note to whoever listens to the topic. It must not wait: a note that cannot be told is lost.
    fn tell(&self, topic: Topic, note: Bytes);

    /// What comes next. Dropped, it loses nothing.
    async fn heard(&self) -> Heard;
}

/// What comes over a bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A note, and the topic that it was told to.
    Note(Topic, Bytes),
    /// From here on it listens to these topics. In line with the notes: whatever is told to them later comes after this.
    Listens(Vec<Topic>),
    /// Notes may be lost, and it is known: the connection is gone, or its queue was full.
    InDoubt,
    /// No longer in doubt: all topics that were asked for are listened to again.
    Sure,
}
