//! What happened in a simulation: its trace, and what contradicts itself.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Debug,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, Mutex, MutexGuard},
};

use protocol::{Ack, Event, MessageId, RoomId, Seq, UserId};

/// Trace lines that are kept for a report of what went wrong.
const TAIL: usize = 40;

/// A handle on what happened in a simulation.
#[derive(Clone, Default)]
pub struct Ledger(Arc<Mutex<Book>>);

/// What happened in a simulation.
#[derive(Default)]
pub struct Book {
    /// The simulation's time, in milliseconds since its start.
    pub now_ms: u64,
    /// Whether each line of the trace is printed.
    pub print: bool,
    // Its keys are fixed, so that every process makes the same hash of the same trace.
    hash: DefaultHasher,
    /// How many lines the trace has.
    pub lines: u64,
    tail: VecDeque<String>,
    /// The ack of every command.
    pub acks: BTreeMap<(UserId, MessageId), Ack>,
    /// Every entry that was pushed to a client.
    pub pushed: BTreeMap<(RoomId, Seq), Event>,
    /// Every entry that the store reported as stored.
    pub stored: BTreeMap<(RoomId, Seq), Event>,
    /// Messages that users sent, and that were not refused for good.
    pub said: BTreeSet<(UserId, MessageId)>,
    /// What must not have happened, and did.
    pub wrong: Vec<String>,
    /// HTTP requests that are not answered yet.
    pub asking: usize,
}

/// Whether two events are the same entry; its text may have been deleted in between.
pub fn same_entry(one: &Event, other: &Event) -> bool {
    let kind = |event: &Event| std::mem::discriminant(&event.kind);
    (one.by, one.at, kind(one)) == (other.by, other.at, kind(other))
}

impl Ledger {
    /// What happened so far, locked.
    pub fn open(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap()
    }

    /// The rooms in which anything was stored.
    pub fn rooms_stored(&self) -> BTreeSet<RoomId> {
        self.open().stored.keys().map(|(room, _)| *room).collect()
    }

    /// Adds a line to the trace.
    pub fn note(&self, who: &str, what: &impl Debug) {
        self.open().note(who, what);
    }

    /// Notes something that must not have happened.
    pub fn wrong(&self, what: String) {
        let mut book = self.open();
        book.note("WRONG", &what);
        book.wrong.push(what);
    }

    /// Notes an ack that a client received.
    pub fn acked(&self, user: UserId, ack: Ack) {
        let before = self.open().acks.insert((user, ack.id), ack);
        if before.is_some_and(|before| before != ack) {
            self.wrong(format!("one command, two acks: {before:?} and {ack:?}"));
        }
    }

    /// Notes an entry that was pushed to a client.
    pub fn pushed(&self, event: &Event) {
        let key = (event.room, event.seq);
        let before = self.open().pushed.insert(key, event.clone());
        if let Some(before) = before.filter(|before| !same_entry(before, event)) {
            self.wrong(format!("one place, two entries: {before:?} and {event:?}"));
        }
    }

    /// Notes an entry that was stored.
    pub fn stored(&self, event: &Event) {
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
    pub fn hash(&self) -> u64 {
        self.hash.clone().finish()
    }

    /// The last lines of the trace, cut to a readable length.
    pub fn tail(&self) -> String {
        let cut = |line: &String| line.chars().take(300).collect::<String>();
        self.tail.iter().map(cut).collect::<Vec<_>>().join("\n")
    }
}
