//! What everybody says happened: the trace, and the first things that contradict each other.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Debug,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, Mutex, MutexGuard},
};

use protocol::{Ack, Event, MessageId, RoomId, Seq, UserId};

/// Trace lines that are kept for a report of what went wrong.
const TAIL: usize = 40;

/// A handle; everything of one simulation runs on one thread.
#[derive(Clone, Default)]
pub(super) struct Ledger(Arc<Mutex<Book>>);

#[derive(Default)]
pub(super) struct Book {
    /// The simulation's time, in milliseconds since its start.
    pub(super) now_ms: u64,
    pub(super) print: bool,
    // Its keys are fixed, so that every process makes the same hash of the same trace.
    hash: DefaultHasher,
    pub(super) lines: u64,
    tail: VecDeque<String>,
    /// What every command was acked with, by whomever it was heard.
    pub(super) acks: BTreeMap<(UserId, MessageId), Ack>,
    /// Every entry that anybody was pushed.
    pub(super) pushed: BTreeMap<(RoomId, Seq), Event>,
    /// What the store said that it stored, in its order.
    pub(super) stored: BTreeMap<(RoomId, Seq), Event>,
    /// Messages that people said, and that were not refused for good.
    pub(super) said: BTreeSet<(UserId, MessageId)>,
    pub(super) wrong: Vec<String>,
    /// HTTP requests that are not answered yet.
    pub(super) asking: usize,
}

/// Two people were told of one entry: it must be the same one. (A text may have been deleted in between.)
pub(super) fn same_entry(one: &Event, other: &Event) -> bool {
    let kind = |event: &Event| std::mem::discriminant(&event.kind);
    (one.by, one.at, kind(one)) == (other.by, other.at, kind(other))
}

impl Ledger {
    pub(super) fn open(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap()
    }

    /// A line of the trace.
    pub(super) fn note(&self, who: &str, what: &impl Debug) {
        self.open().note(who, what);
    }

    /// A promise that was broken.
    pub(super) fn wrong(&self, what: String) {
        let mut book = self.open();
        book.note("WRONG", &what);
        book.wrong.push(what);
    }

    /// An ack came.
    pub(super) fn acked(&self, user: UserId, ack: Ack) {
        let before = self.open().acks.insert((user, ack.id), ack);
        if before.is_some_and(|before| before != ack) {
            self.wrong(format!("one command, two acks: {before:?} and {ack:?}"));
        }
    }

    /// An entry was pushed.
    pub(super) fn pushed(&self, event: &Event) {
        let key = (event.room, event.seq);
        let before = self.open().pushed.insert(key, event.clone());
        if let Some(before) = before.filter(|before| !same_entry(before, event)) {
            self.wrong(format!("one place, two entries: {before:?} and {event:?}"));
        }
    }

    /// An entry was stored.
    pub(super) fn stored(&self, event: &Event) {
        let mut book = self.open();
        let key = (event.room, event.seq);
        let twice = book.stored.insert(key, event.clone()).is_some();
        let hole = event.seq > 1 && !book.stored.contains_key(&(event.room, event.seq - 1));
        drop(book);
        if twice || hole {
            self.wrong(format!("stored twice or after a hole: {event:?}"));
        }
    }
}

impl Book {
    fn note(&mut self, who: &str, what: &impl Debug) {
        let line = format!("{} {who} {what:?}", self.now_ms);
        line.hash(&mut self.hash);
        self.lines += 1;
        if self.print {
            println!("{line}");
        }
        if self.tail.len() == TAIL {
            self.tail.pop_front();
        }
        self.tail.push_back(line);
    }

    /// The hash of the whole trace so far.
    pub(super) fn hash(&self) -> u64 {
        self.hash.clone().finish()
    }

    /// The last lines of the trace, cut to a readable length.
    pub(super) fn tail(&self) -> String {
        let cut = |line: &String| line.chars().take(300).collect::<String>();
        self.tail.iter().map(cut).collect::<Vec<_>>().join("\n")
    }
}
