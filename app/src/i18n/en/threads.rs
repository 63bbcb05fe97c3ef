//! English words of threads.

use super::counted;
use crate::i18n::words::ThreadWords;

pub(super) const THREADS: ThreadWords = ThreadWords {
    title: "Thread",
    reply: "Thread",
    replies: |n| counted(n, "reply", "replies"),
    last: |time| format!("last {time}"),
    in_thread: "In a thread",
    close: "Close the thread",
    follow: "Follow",
    following: "Following",
    field: "Reply in the thread",
    also: |room| format!("Also send to {room}"),
    root_gone: "The first message was deleted. Nothing can be added to its thread.",
    all: "Threads",
    unread: |n| counted(n, "unread message in threads", "unread messages in threads"),
    none: "You follow no threads",
    none_more: "A thread that you begin, answer or are named in gathers here.",
    more: "Show more",
};
