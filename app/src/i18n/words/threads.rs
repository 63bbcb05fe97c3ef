//! Words of threads.

use super::{Count, With};

/// Threads: replies that stand beside the room.
pub struct ThreadWords {
    pub title: &'static str,
    pub reply: &'static str,
    pub replies: Count,
    pub last: With,
    pub in_thread: &'static str,
    pub close: &'static str,
    pub follow: &'static str,
    pub following: &'static str,
    pub field: &'static str,
    pub also: With,
    pub root_gone: &'static str,
    pub all: &'static str,
    pub unread: Count,
    pub none: &'static str,
    pub none_more: &'static str,
    pub more: &'static str,
}
