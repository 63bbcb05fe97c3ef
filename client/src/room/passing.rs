//! Changes that pass while a page is on its way: the page may bring the messages that they change, as they were before. That a page says of which
//! moment it is (`last_seq`) tells which changes it lacks, but the log tells each of them once: those that have passed by then are needed from here.

use protocol::{Event, Seq};

use super::message::HeldMessage;

/// Changes that are kept at most. Pages that may miss one that was not kept are asked for again.
const MAX_CHANGES: usize = 1_000;

/// Changes of messages that are not held, since the first page that is on its way was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Passing {
    changes: Vec<Event>,
    /// The newest change that was not kept.
    lost: Seq,
}

impl Passing {
    /// After a part of the log that was passed over, up to `seq`: a page that is older, such as one that was asked for before, misses changes that
    /// nobody has seen, and is asked for again.
    pub(crate) fn after(seq: Seq) -> Self {
        Self {
            changes: Vec::new(),
            lost: seq,
        }
    }

    /// A change of a message that a page may bring.
    pub(crate) fn keep(&mut self, event: &Event) {
        if self.changes.len() < MAX_CHANGES {
            self.changes.push(event.clone());
        } else {
            self.lost = event.seq;
        }
    }

    /// Whether every change that a page of this moment may miss was kept.
    pub(crate) fn covers(&self, asof: Seq) -> bool {
        asof >= self.lost
    }

    /// Applies to a page's message what passed since the moment of the page.
    pub(crate) fn apply(
        &self,
        held: &mut HeldMessage,
        mine: impl Fn(&Event) -> bool,
        to_me: impl Fn(&str) -> bool,
    ) {
        let seq = held.view.seq;
        let about = |event: &&Event| {
            let root = event.kind.thread().map(|place| place.root);
            event.kind.of().or(root) == seq
        };
        for event in self.changes.iter().filter(about) {
            held.apply(event, mine(event), &to_me);
        }
    }

    /// No page is on its way any more.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use protocol::{EventKind, RoomId, UserId};

    use super::*;

    #[test]
    fn a_page_older_than_what_was_not_kept_is_not_covered() {
        let mut passing = Passing::default();
        let mut change = |seq| {
            passing.keep(&Event {
                room: RoomId::new(1).unwrap(),
                seq,
                at: seq,
                by: UserId::new(1).unwrap(),
                kind: EventKind::Delete { of: 1 },
            });
        };
        (1..=MAX_CHANGES as Seq).for_each(&mut change);
        assert!(passing.covers(0));
        passing.keep(&Event {
            room: RoomId::new(1).unwrap(),
            seq: 2_000,
            at: 1,
            by: UserId::new(1).unwrap(),
            kind: EventKind::Delete { of: 1 },
        });
        assert!(!passing.covers(1_999) && passing.covers(2_000));
        passing.clear();
        assert!(passing.covers(0));
    }
}
